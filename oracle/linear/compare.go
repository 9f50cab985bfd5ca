package linear

import (
	"math"
	"slices"
)

// compare decides the failed compares: each needs one moment of its time at which
// the key does not hold the value x that it names. It reports false if one
// certainly has none.
//
// Give every op of a linearization a time, between its Inv and Ret and in order.
// Then a failed compare is a matter of its own: it only looks, so if there is a
// moment without x it can be put there, whatever others do. What is asked is how
// much that depends on the linearization.
//
//   - In every linearization there is such a moment: it is done with, and becomes
//     nothing.
//   - In none: the history is illegal.
//   - There is in the plain ones, in which a zone holds the key no longer than it
//     must, its ops taking effect as soon as they can, and every other block is
//     done at one moment. Then it stays a failed compare. One plain linearization
//     serves all of these, so they are wrong nowhere unless a search makes others.
//   - Otherwise it is wild, and searched for.
func (c *Checker) compare() bool {
	known := false // value.hi
	for i := range c.calls {
		k := &c.calls[i]
		if k.role == wild {
			c.loose = append(c.loose, int32(i))
			c.wild++
			continue
		}
		if k.role != failed {
			continue
		}
		if !known {
			c.latest()
			known = true
		}
		v := &c.values[k.pre]
		if v.block == nobody {
			if v.writer != nobody { // by an op that may not have happened
				c.loose = append(c.loose, int32(i))
			} else {
				k.role = nothing
			}
			continue
		}
		op := &c.ops[i]
		if op.Inv > v.hi && op.Ret < c.lastSeen(v) {
			c.accuse("the value was there all the time that it took", v.writer, int32(i), v.late, v.consumer)
			return false
		}
		switch {
		case c.anyway(op, v):
			k.role = nothing
			continue
		case !c.plainly(op, v):
			k.role = wild
			c.wild++
		}
		c.loose = append(c.loose, int32(i))
	}
	return true
}

// latest sets each value's hi.
func (c *Checker) latest() {
	for n := range c.blocks {
		hi := int64(math.MaxInt64)
		for at := c.blocks[n].tail; at != nobody; at = c.values[at].prev {
			v := &c.values[at]
			if v.consumer != nobody {
				hi = min(hi, c.ops[v.consumer].Ret)
			}
			hi = min(hi, v.readRet, c.retOf(v.writer))
			v.hi = hi
		}
	}
}

// retOf is when a writer returned.
func (c *Checker) retOf(writer int32) int64 {
	if writer == prefilled {
		return math.MinInt64
	}
	return c.ops[writer].Ret
}

// lastSeen is the latest moment at which the value must have been there still.
func (c *Checker) lastSeen(v *value) int64 {
	seen := max(v.low, v.readInv)
	if v.consumer != nobody {
		seen = max(seen, c.ops[v.consumer].Inv)
	}
	return seen
}

// anyway reports whether every linearization has a moment without the value in
// the op's time.
func (c *Checker) anyway(op *Op, v *value) bool {
	if op.Inv <= v.low { // it is written after that
		return true
	}
	if v.consumer != nobody { // it is consumed before that
		u := c.calls[v.consumer].val
		latest := c.ops[v.consumer].Ret
		if u != nobody {
			latest = c.values[u].hi
		}
		if latest <= op.Ret {
			return true
		}
	}
	b := &c.blocks[v.block]
	before, after := c.around(b)
	if before >= 0 && c.zones[before].s >= op.Inv { // it is written after that zone
		return true
	}
	gone := v.hi
	if after < len(c.zones) {
		if c.zones[after].f <= op.Ret { // it is gone when that zone begins
			return true
		}
		gone = min(gone, c.zones[after].f)
	}
	// Some point must come after it, and be over in time.
	return c.shortest(gone) <= op.Ret
}

// around returns the last zone that certainly is before the block, -1 if none,
// and the first that certainly is after it.
func (c *Checker) around(b *block) (before, after int) {
	after = c.endsAfter(b.f)
	if b.f < b.s { // itself a zone
		return after - 1, after + 1
	}
	lo, hi := 0, after
	for lo < hi {
		if mid := int(uint(lo+hi) / 2); c.zones[mid].f < b.s {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo - 1, after
}

// shortest returns the earliest b of the points whose a is after t. Such a point
// comes after all that certainly took effect by t.
func (c *Checker) shortest(t int64) int64 {
	if len(c.least) == 0 {
		least := int64(math.MaxInt64)
		c.least = slices.Grow(c.least, len(c.points))[:len(c.points)]
		for n := len(c.points) - 1; n >= 0; n-- {
			least = min(least, c.points[n].b)
			c.least[n] = least
		}
	}
	lo, hi := 0, len(c.points)
	for lo < hi {
		if mid := int(uint(lo+hi) / 2); c.points[mid].a <= t {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == len(c.points) {
		return math.MaxInt64
	}
	return c.least[lo]
}

// plainly reports whether each plain linearization has a moment without the value
// in the op's time.
func (c *Checker) plainly(op *Op, v *value) bool {
	b := &c.blocks[v.block]
	if b.f >= b.s { // done at one moment, b.s or later
		return v.consumer != nobody || op.Inv <= b.s
	}
	if op.Inv <= max(b.f, v.low) {
		return true
	}
	if v.consumer == nobody {
		return false
	}
	return max(b.f, c.lastSeen(v)) <= op.Ret
}
