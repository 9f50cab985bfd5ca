package oracle

import (
	"math/rand/v2"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// TestSoak: histories cut to segments are judged as the whole is; cutting loses
// nothing, and invents nothing.
func TestSoak(t *testing.T) {
	n := 6000
	if testing.Short() {
		n = 1000
	}
	r := rand.New(rand.NewPCG(31, 32))
	whole, part := Judge{Budget: patient}, Judge{Budget: patient}
	count, segments := map[Class]int{}, 0
	for i := range n {
		h := longHistory(r, 2+r.IntN(4))
		if r.IntN(2) == 0 {
			corruptOne(r, h)
		}
		want := whole.Judge(h)
		s := Soak{Judge: &part, Size: 1 + r.IntN(6)}
		s.Begin(h.Prefill)
		var found []Segment
		check := func(ended Segment) {
			segments++
			if ended.Verdict.Class != Clean {
				found = append(found, ended)
			}
		}
		for k := range h.Events {
			if ended, ok := s.Add(&h.Events[k]); ok {
				check(ended)
			}
		}
		check(s.End(h.Rest))
		if (len(found) > 0) != (want.Class != Clean) {
			t.Fatalf("history %d: %d segments fail; as a whole %+v\n%s", i, len(found), want, show(h))
		}
		count[want.Class]++
		for _, f := range found {
			for _, e := range f.Verdict.Events {
				if got, want := f.History.Events[e].String(), h.Events[f.First+e].String(); got != want {
					t.Fatalf("history %d: event %d of the segment from %d is %s; want %s", i, e, f.First, got, want)
				}
			}
		}
	}
	t.Logf("%v, %d segments", count, segments)
	if count[Clean] < n/4 || count[SilentCorruption] < n/5 || segments < 3*n {
		t.Errorf("too one-sided: %v, %d segments", count, segments)
	}
}

// longHistory joins histories of one map: each begins with what the one before left.
func longHistory(r *rand.Rand, parts int) *history.History {
	s := newSim(r, target.Contract{}, r.IntN(2) == 0)
	h := s.run()
	for range parts - 1 {
		s.now += 2
		h = s.run()
	}
	return h
}
