package strategy

import "testing"

func TestConflicts(t *testing.T) {
	at := func(k Kind, addr uint64, size uint32) Point { return Point{Kind: k, Addr: addr, Size: size} }
	for _, c := range []struct {
		p, q Point
		want bool
	}{
		{at(Read, 1, 8), at(Read, 1, 8), false},
		{at(Read, 1, 8), at(Write, 1, 8), true},
		{at(Read, 1, 8), at(Write, 8, 1), true},
		{at(Read, 1, 8), at(Write, 9, 8), false},
		{at(AtomicRead, 1, 8), at(AtomicRead, 1, 8), false},
		{at(AtomicWrite, 1, 8), at(AtomicWrite, 1, 8), true},
		{at(Lock, 1, 8), at(Unlock, 1, 8), true},
		{at(Write, 0, 0), at(Write, 0, 0), false},
		{at(Yield, 0, 0), at(Write, 1, 8), false},
		{at(Lock, 5, 0), at(Lock, 5, 0), true},
		{at(Lock, 5, 0), at(Write, 6, 8), false},
		{at(Call, 0, 0), at(Return, 0, 0), true},
		{at(Call, 0, 0), at(Call, 0, 0), false},
		{at(Return, 0, 0), at(Return, 0, 0), false},
		{at(Return, 0, 0), at(Write, 1, 8), false},
	} {
		if got := c.p.Conflicts(c.q); got != c.want {
			t.Errorf("%+v and %+v: %v", c.p, c.q, got)
		}
		if got := c.q.Conflicts(c.p); got != c.want {
			t.Errorf("%+v and %+v: %v", c.q, c.p, got)
		}
	}
}
