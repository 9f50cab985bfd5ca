package linear

import (
	"math"
	"slices"
)

// A piece is what happens between two zones that are cuts.
type piece struct {
	wild     bool  // it has an op that only the search can place
	from, to int32 // its calls in part, if it is to be searched
	zone     int32 // the cut that ends it, nobody at the end
}

// searchPieces cuts the history and searches those pieces in which zones do not
// decide. The sweep does the others.
func (c *Checker) searchPieces() Outcome {
	c.admitMaybes()
	c.markCuts()
	c.markPieces()
	if !c.sweepAll() {
		return Illegal
	}
	c.deal()
	outcome := Ok
	state := c.initial
	for n := range c.pieces {
		p := &c.pieces[n]
		asks := p.zone != nobody && c.zones[p.zone].asks
		if p.wild {
			switch c.search.check(state, c.ops, c.part[p.from:p.to], asks) {
			case Illegal:
				c.blame.clear()
				return Illegal
			case Unknown:
				outcome = Unknown
			}
		}
		if p.zone != nobody {
			state = c.after(p.zone)
		}
	}
	return outcome
}

// after returns the state that the zone leaves.
func (c *Checker) after(zone int32) State {
	z := &c.zones[zone]
	if !z.held {
		return State{}
	}
	return State{c.index.keys[c.blocks[z.block].tail], true}
}

// admitMaybes makes wild, and loose, what may have happened.
func (c *Checker) admitMaybes() {
	if len(c.maybes) == 0 {
		return
	}
	loose := c.part[:0]
	maybes := c.maybes
	for _, i := range c.loose {
		for len(maybes) > 0 && maybes[0] < i {
			loose, maybes = append(loose, maybes[0]), maybes[1:]
		}
		loose = append(loose, i)
	}
	loose = append(loose, maybes...)
	for _, i := range c.maybes {
		c.calls[i].role = wild
	}
	c.part, c.loose = c.loose[:0], loose
}

// markCuts marks the zones that cut the history in two: those for which each
// other op is certainly before or certainly after.
//
// A point that ends at b < s cannot come after a zone, and one that starts at
// a > f cannot come before it; only one with neither has the choice. A loose op
// may even come while the block holds the key, which may be for longer than its
// zone says, so it must not overlap any of that time.
//
// Let Z be a cut, L what is before it and R what is after it. An order of L that
// leaves what Z asks for, then Z, then an order of R from what Z leaves, is one
// of the whole: no op of R had returned when one of L or Z was called, as each of
// L has an Inv of f at most, and those of R a Ret of s at least. And the order of
// a whole history is made of such parts. So the history can be explained if, and
// only if, both can.
func (c *Checker) markCuts() {
	points, loose := c.points, c.loose
	last := int64(math.MinInt64) // latest end of the points that start at z.f or sooner
	over := int64(math.MinInt64) // and of the loose ops that start before the block is done
	for n := range c.zones {
		z := &c.zones[n]
		from, until := c.extent(n)
		for len(points) > 0 && points[0].a <= z.f {
			last, points = max(last, points[0].b), points[1:]
		}
		for len(loose) > 0 && c.ops[loose[0]].Inv <= until {
			over, loose = max(over, c.ops[loose[0]].Ret), loose[1:]
		}
		z.cut = last < z.s && over < from
	}
}

// extent returns the time during which the zone's block may hold the key, up to
// its last effect: after that it makes no difference whether its reads are done.
func (c *Checker) extent(n int) (from, until int64) {
	z := &c.zones[n]
	b := &c.blocks[z.block]
	from = math.MinInt64
	if head := c.values[b.head].writer; head >= 0 {
		from = c.ops[head].Inv
	}
	if n > 0 {
		from = max(from, c.zones[n-1].s)
	}
	tail := &c.values[b.tail]
	if b.leaves {
		until = c.ops[tail.consumer].Ret
	} else {
		until = min(tail.readRet, c.retOf(tail.writer))
	}
	if n+1 < len(c.zones) {
		until = min(until, c.zones[n+1].f)
	}
	return from, max(until, z.s)
}

// markPieces makes the pieces, tells blocks which they are part of, and finds
// those that are wild.
func (c *Checker) markPieces() {
	c.pieces = append(c.pieces[:0], piece{zone: nobody})
	points := c.points
	for n := range c.zones {
		z := &c.zones[n]
		last := int32(len(c.pieces) - 1)
		if !z.cut {
			c.blocks[z.block].piece = last
			continue
		}
		for len(points) > 0 && points[0].a <= z.f {
			c.join(&points[0], last)
			points = points[1:]
		}
		c.pieces[last].zone = int32(n)
		c.pieces = append(c.pieces, piece{zone: nobody})
	}
	for n := range points {
		c.join(&points[n], int32(len(c.pieces)-1))
	}
	at := 0
	for _, i := range c.loose {
		at = c.pieceAt(at, c.ops[i].Inv)
		if c.calls[i].role == wild {
			c.pieces[at].wild = true
		}
	}
}

func (c *Checker) join(p *point, piece int32) {
	if p.block != nobody {
		c.blocks[p.block].piece = piece
	}
}

// pieceAt returns the piece of an op that belongs to no block and was called at
// t, where from is the piece of one called no later.
func (c *Checker) pieceAt(from int, t int64) int {
	for c.pieces[from].zone != nobody && c.zones[c.pieces[from].zone].f < t {
		from++
	}
	return from
}

// deal deals the calls out to the pieces that are to be searched.
func (c *Checker) deal() {
	c.part = c.part[:0]
	total := int32(0)
	c.each(func(_ int32, p *piece) { p.to++; total++ })
	at := int32(0)
	for n := range c.pieces {
		p := &c.pieces[n]
		p.from, p.to, at = at, at, at+p.to
	}
	c.part = slices.Grow(c.part, int(total))[:total]
	c.each(func(i int32, p *piece) { c.part[p.to] = i; p.to++ })
}

// each calls f with every call, in order of Inv, that is part of a wild piece.
func (c *Checker) each(f func(i int32, p *piece)) {
	at := 0
	for i := range c.calls {
		k := &c.calls[i]
		at = c.pieceAt(at, c.ops[i].Inv)
		n := int32(at)
		switch k.role {
		case nothing, maybe:
			continue
		case read, consume:
			n = c.blocks[c.values[k.pre].block].piece
		case write:
			n = c.blocks[c.values[k.val].block].piece
		}
		if n != nobody && c.pieces[n].wild {
			f(int32(i), &c.pieces[n])
		}
	}
}

// searchAll searches the whole history.
func (c *Checker) searchAll() Outcome {
	for i := range c.ops {
		c.part = append(c.part, int32(i))
	}
	return c.search.check(c.initial, c.ops, c.part, false)
}
