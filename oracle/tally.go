package oracle

import "github.com/mapstress/mapstress/oracle/linear"

// A tally is what is certain of one key during an interval: how many entries it
// stands for, as counted by somebody who looks at no one moment.
type tally struct {
	lo, hi     int
	overlapped bool   // an op that may write overlaps the interval
	value      uint64 // what the key holds, if known
	valued     bool
}

// count tallies the key during an interval.
//
// The writing ops are taken in groups between moments at which none is in
// progress. What a group leaves that ended before the interval is told from what
// its ops can do. From the first group on that overlaps it, an op that returned before it counts
// with all of its effect, and one that overlaps it counts or does not, each for
// itself: a counter kept in stripes may have seen a deletion and not the
// insertion before it. So lo may be below 0 and hi above 1; who looks at one
// moment sees 0 or 1.
func (s *slot) count(inv, ret int64) tally {
	t := tally{value: s.initial.Value, valued: s.initial.Present}
	if s.initial.Present {
		t.lo, t.hi = 1, 1
	}
	var g writers
	for i := range s.ops {
		op := &s.ops[i]
		if op.Effect == linear.Keep || op.Inv > ret {
			continue
		}
		if !g.overlapped && op.Inv > g.ret {
			t.close(&g)
			g = writers{}
		}
		g.add(op, op.Ret >= inv)
	}
	if !g.overlapped {
		t.close(&g)
		return t
	}
	return tally{lo: t.lo + g.lo, hi: t.hi + g.hi, overlapped: true}
}

// writers are ops that write, with no moment between them at which none is in
// progress.
type writers struct {
	n             int
	ret           int64 // the last response
	lo, hi        int   // by how much they can change the number of entries
	puts, removes bool
	last          *linear.Op
	overlapped    bool // one of them overlaps the interval in question
}

func (g *writers) add(op *linear.Op, overlaps bool) {
	lo, hi := change(op)
	if overlaps {
		g.overlapped = true
		lo, hi = min(lo, 0), max(hi, 0)
	}
	g.n, g.ret, g.last = g.n+1, max(g.ret, op.Ret), op
	g.lo, g.hi = g.lo+lo, g.hi+hi
	if op.Effect == linear.Remove {
		g.removes = true
	} else {
		g.puts = true
	}
}

// change returns by how much, at least and at most, the op changes the number
// of entries.
func change(op *linear.Op) (lo, hi int) {
	switch {
	case op.Effect == linear.Remove && (op.Pre == linear.Is || op.Pre == linear.Present) && !op.Guarded:
		return -1, -1
	case op.Effect == linear.Remove:
		return -1, 0
	case op.Pre == linear.Is:
		return 0, 0
	case op.Pre == linear.Absent && !op.Guarded:
		return 1, 1
	}
	return 0, 1
}

// close applies a group all of whose ops have returned, so that each certainly
// took effect.
func (t *tally) close(g *writers) {
	switch {
	case g.n == 0:
		return
	case g.puts && g.removes:
		t.lo, t.hi = 0, 1
	case g.puts:
		t.lo, t.hi = 1, 1
	default:
		t.lo, t.hi = 0, 0
	}
	t.valued = g.n == 1 && g.last.Effect == linear.Set
	t.value = g.last.Value
}
