package linear

import (
	"cmp"
	"slices"
)

// A Checker checks one key after another, and keeps its scratch space between
// them: about 100 bytes for each op of the longest history, and what the longest
// search took. The zero Checker is ready. It is for one goroutine at a time.
type Checker struct {
	initial State
	ops     []Op // the ops being checked, in order of Inv
	sorted  []Op // room for them if they came in another order

	calls  []call // of each op
	index  index
	values []value // by number
	spread []int32 // values and calls still to be followed
	maybes []int32 // calls that never returned and may have happened
	adds   bool    // some op adds, so that values tell nothing of who wrote them

	blocks []block
	zones  []zone  // in order of time
	points []point // in order of Inv
	lone   []point // those of a single op
	joint  []point // those of a block
	least  []int64 // see shortest

	loose  []int32 // calls that may go where zones do not look, in order of Inv
	wild   int     // how many of these the zones leave open
	pieces []piece
	part   []int32 // calls of the pieces to be searched

	sweep  sweep
	search search
	blame  blame
}

// Check reports whether the ops, on a key whose state was initial, are
// linearizable. It does not keep or change ops, which are best given in order
// of Inv.
func (c *Checker) Check(initial State, ops []Op, budget Budget) Outcome {
	c.blame.clear()
	c.search.left = budget.steps()
	c.initial, c.ops = initial, c.inOrder(ops)
	if !c.alone() {
		return Illegal
	}
	if len(c.ops) == 0 || c.short() {
		c.ops = nil
		return Ok
	}
	c.reset()
	outcome := c.decide()
	c.ops = nil
	return outcome
}

// inOrder returns the ops in order of Inv.
func (c *Checker) inOrder(ops []Op) []Op {
	for i := 1; i < len(ops); i++ {
		if ops[i].Inv < ops[i-1].Inv {
			c.sorted = append(c.sorted[:0], ops...)
			slices.SortStableFunc(c.sorted, func(a, b Op) int { return cmp.Compare(a.Inv, b.Inv) })
			return c.sorted
		}
	}
	return ops
}

// alone does the first ops one by one, as long as none overlaps the next: there
// is but one order for them. It leaves the others, and the state before them.
func (c *Checker) alone() bool {
	for len(c.ops) > 0 && (len(c.ops) == 1 || c.ops[0].Ret < c.ops[1].Inv) {
		op := &c.ops[0]
		after, ok := op.Step(c.initial)
		if !ok && op.Ret != Pending {
			c.accuse("the ops before it left another state", 0)
			return false
		}
		c.initial, c.ops = after, c.ops[1:]
	}
	return true
}

// decide runs the stages, each of which can end the matter.
func (c *Checker) decide() Outcome {
	if !c.register() {
		return Illegal
	}
	if c.adds {
		return c.searchAll()
	}
	c.taint()
	c.resolve()
	if !c.chain() || !c.place() || !c.compare() {
		return Illegal
	}
	if c.wild == 0 {
		if c.sweepAll() {
			return Ok
		}
		if len(c.maybes) == 0 {
			return Illegal
		}
		c.blame.clear()
	}
	return c.searchPieces()
}

func (c *Checker) reset() {
	c.calls = slices.Grow(c.calls[:0], len(c.ops))[:len(c.ops)]
	c.maybes, c.spread = c.maybes[:0], c.spread[:0]
	c.blocks, c.zones, c.points = c.blocks[:0], c.zones[:0], c.points[:0]
	c.lone, c.joint, c.least = c.lone[:0], c.joint[:0], c.least[:0]
	c.loose, c.pieces, c.part = c.loose[:0], c.pieces[:0], c.part[:0]
	c.adds, c.wild = false, 0
	c.values = c.values[:0]
	c.index.reset(len(c.ops))
}
