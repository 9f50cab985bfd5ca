package linear

import (
	"cmp"
	"slices"
)

const (
	// maxGroup is the most overlapping ops whose orders are tried one by one:
	// at most 5! = 120, and mostly two or three.
	maxGroup = 5
	// maxStates bounds the states that a group may leave; 5 ops leave at most
	// 6 from each state before them.
	maxStates = 8
)

// A Checker checks one key after another, and keeps its scratch space between
// them. The zero Checker is ready. It is for one goroutine at a time.
type Checker struct {
	sorted       []Op
	states, next []State
}

// Check reports whether the ops, on a key whose state was initial, are
// linearizable. It does not keep or change ops, which are best given in order
// of Inv.
//
// A moment at which no op is in progress cuts the ops in two groups: every
// linearization has all of the first before all of the second. So what needs
// carrying across the cut is only the set of states that the first can leave.
// A group of one op, by far the most common, is a single step.
func (c *Checker) Check(initial State, ops []Op, budget Budget) Outcome {
	ops = c.inOrder(ops)
	c.states = append(c.states[:0], initial)
	for len(ops) > 0 {
		n := group(ops)
		if n > maxGroup || len(c.states) > maxStates {
			return searchAny(c.states, ops, budget)
		}
		c.next = c.next[:0]
		for _, s := range c.states {
			if n > 1 {
				c.extend(ops[:n], 0, s)
			} else if after, ok := ops[0].Step(s); ok && !slices.Contains(c.next, after) {
				c.next = append(c.next, after)
			}
		}
		if len(c.next) == 0 {
			return Illegal
		}
		c.states, c.next = c.next, c.states
		ops = ops[n:]
	}
	return Ok
}

// inOrder returns the ops in order of Inv.
func (c *Checker) inOrder(ops []Op) []Op {
	byInv := func(a, b Op) int { return cmp.Compare(a.Inv, b.Inv) }
	for i := 1; i < len(ops); i++ {
		if ops[i].Inv < ops[i-1].Inv {
			c.sorted = append(c.sorted[:0], ops...)
			slices.SortStableFunc(c.sorted, byInv)
			return c.sorted
		}
	}
	return ops
}

// group returns how many of the ops, which are in order of Inv, come before the
// first moment at which none is in progress.
func group(ops []Op) int {
	ret := ops[0].Ret
	for n := 1; n < len(ops); n++ {
		if ret < ops[n].Inv {
			return n
		}
		ret = max(ret, ops[n].Ret)
	}
	return len(ops)
}

// extend adds to next each state that a linearization of the group can leave.
// The ops whose bits are set in done have been applied, giving s.
func (c *Checker) extend(group []Op, done uint, s State) {
	if done == 1<<len(group)-1 {
		if !slices.Contains(c.next, s) {
			c.next = append(c.next, s)
		}
		return
	}
	for i := range group {
		if done&(1<<i) != 0 || !first(group, done, i) {
			continue
		}
		if after, ok := group[i].Step(s); ok {
			c.extend(group, done|1<<i, after)
		}
	}
}

// first reports whether no op that is still to be done returned before op i began.
func first(group []Op, done uint, i int) bool {
	for j := range group {
		if done&(1<<j) == 0 && group[j].Ret < group[i].Inv {
			return false
		}
	}
	return true
}
