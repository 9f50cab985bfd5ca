package linear

import "slices"

// A zone is a block, some op of which returned at f before another was called at
// s > f: a forward zone in Gibbons and Korach's words. Its block holds the key
// from f to s at least.
type zone struct {
	f, s  int64
	block int32
	asks  bool
	cut   bool // each op but the block's own is certainly before it, or after: see markCuts
	held  bool // its block leaves a value
}

// A point is a block whose ops were all called, at a, before any returned, at b:
// it can be thought of as done at one moment from a to b. So can an op that
// belongs to no value: a miss or a blind removal.
type point struct {
	a, b  int64
	call  int32 // the op, or the one of the block that was called last
	block int32 // nobody if it is a single op
	asks  bool  // it needs the key absent
	held  bool  // it leaves a value
}

// place sorts blocks and single ops into zones and points, and reports false if
// two zones want the key at the same time, or a zone leaves a point no time.
// Apart from what the absent state and failed compares demand, nothing else can
// be wrong: zones take their times, and each point any moment of its own that is
// not within a zone.
func (c *Checker) place() bool {
	for n := range c.blocks {
		b := &c.blocks[n]
		switch {
		case b.f < b.s:
			c.zones = append(c.zones, zone{f: b.f, s: b.s, block: int32(n), asks: b.asks, held: !b.leaves})
		case b.first != nobody: // not an initial value that nobody found
			c.joint = append(c.joint, point{a: b.s, b: b.f, call: b.last, block: int32(n), asks: b.asks, held: !b.leaves})
		}
	}
	for i := range c.calls {
		if role := c.calls[i].role; role == miss || role == remove {
			op := &c.ops[i]
			c.lone = append(c.lone, point{a: op.Inv, b: op.Ret, call: int32(i), block: nobody, asks: role == miss})
		}
	}
	sortNearly(c.zones, func(z *zone) int64 { return z.f })
	sortNearly(c.joint, func(p *point) int64 { return p.a })
	c.points = merge(slices.Grow(c.points, len(c.lone)+len(c.joint)), c.lone, c.joint)
	return c.disjoint() && c.clamp()
}

func (c *Checker) disjoint() bool {
	for n := 1; n < len(c.zones); n++ {
		x, y := &c.zones[n-1], &c.zones[n]
		if y.f < x.s {
			p, q := &c.blocks[x.block], &c.blocks[y.block]
			c.accuse("two values both had to be there at the same time", p.first, p.last, q.first, q.last)
			return false
		}
	}
	return true
}

// clamp takes from each point the time at its ends that zones take up. It
// reports false if nothing is left.
func (c *Checker) clamp() bool {
	next := 0 // the first zone that ends after p.a
	for n := range c.points {
		p := &c.points[n]
		for next < len(c.zones) && c.zones[next].s <= p.a {
			next++
		}
		if next < len(c.zones) && c.zones[next].f < p.a {
			z := &c.zones[next]
			if p.b < z.s {
				b := &c.blocks[z.block]
				c.accuse("a value was there all the time that it took", b.first, b.last, p.call, c.second(p))
				return false
			}
			p.a = z.s
		}
		if p.b == Pending {
			continue
		}
		last := next
		for last < len(c.zones) && c.zones[last].s <= p.b {
			last++
			if last > next+4 { // a long one
				last = c.endsAfter(p.b)
				break
			}
		}
		if last < len(c.zones) && c.zones[last].f < p.b {
			p.b = c.zones[last].f
		}
	}
	return true
}

// second returns the op of the point that was first to return.
func (c *Checker) second(p *point) int32 {
	if p.block == nobody {
		return p.call
	}
	return c.blocks[p.block].first
}

// endsAfter returns the number of the first zone that ends after t.
func (c *Checker) endsAfter(t int64) int {
	lo, hi := 0, len(c.zones)
	for lo < hi {
		if mid := int(uint(lo+hi) / 2); c.zones[mid].s <= t {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}
