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

// near are points that lie near one another, of all kinds and sizes.
func near() (all []Point) {
	for kind := Other; kind <= Return; kind++ {
		for _, size := range []uint32{0, 1, 4} {
			for _, addr := range []uint64{0, 1, 3, 4, 5, 8, 1<<62 + 1} {
				if addr == 0 || kind < Call { // calls and returns have none
					all = append(all, Point{Addr: addr, Size: size, Kind: kind})
				}
			}
		}
	}
	return all
}

// Conflicts says what its comment does.
func TestConflictsOfAll(t *testing.T) {
	writes := func(p Point) bool {
		return p.Kind == Write || p.Kind == AtomicWrite || p.Kind == Lock || p.Kind == Unlock
	}
	for _, p := range near() {
		for _, q := range near() {
			want := p.Addr > 0 && q.Addr > 0 && (writes(p) || writes(q)) &&
				p.Addr < q.Addr+uint64(max(q.Size, 1)) && q.Addr < p.Addr+uint64(max(p.Size, 1))
			if p.Kind >= Call || q.Kind >= Call {
				want = p.Kind == Call && q.Kind == Return || p.Kind == Return && q.Kind == Call
			}
			if got := p.Conflicts(q); got != want {
				t.Fatalf("%+v and %+v: %v; want %v", p, q, got, want)
			}
		}
	}
}

// POS draws anew for what conflicts with what is done, and for nothing else.
func TestPOSDrawsAnew(t *testing.T) {
	s := NewPOS(1)
	for _, p := range near() {
		for _, q := range near() {
			s.Begin(2)
			v := &View{Enabled: []int{0, 1}, Pending: []Point{p, q}, Current: -1}
			best := s.Pick(v)
			if anew := s.seen[1-best] == 0; anew != p.Conflicts(q) {
				t.Fatalf("of %+v and %+v it picks %d, and draws for the other: %v", p, q, best, anew)
			}
		}
	}
}

// SURW may pick the worker that it means to be next at the drawn address, and whoever is not at
// that: each of them comes, and nobody else.
func TestSURWPicks(t *testing.T) {
	const drawn = 8
	s := NewSURW(1)
	s.places = append(s.places, place{addr: drawn})
	at := func(addr uint64) Point { return Point{Addr: addr, Kind: AtomicWrite} }
	v := &View{Enabled: []int{0, 1, 2, 3}, Pending: []Point{at(drawn), at(1), at(drawn), at(drawn + 1)}, Current: -1}
	// Each of three has a chance of a third: one of them is missed in 300 picks with 1e-52.
	seen := map[int]int{}
	for range 300 {
		s.Begin(4)
		s.intended = 2
		seen[s.Pick(v)]++
	}
	if seen[0] > 0 || seen[1] == 0 || seen[2] == 0 || seen[3] == 0 {
		t.Errorf("picks %v; want any but 0", seen)
	}
}
