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

// Where a Range is weak, it may show a value that was replaced in an earlier segment, while
// somebody writes to the key.
func TestSoakWeakRange(t *testing.T) {
	h := parse(t, "prefill k1:v1\n0 1-2 store k1 v2\n0 10-20 store k1 v3\n1 11-12 range = k1:v1\nrest k1:v3")
	s := Soak{Judge: &Judge{Contract: weakContract()}, Size: 1}
	s.Begin(h.Prefill)
	segments := 0
	for i := range h.Events {
		if ended, ok := s.Add(&h.Events[i]); ok {
			segments++
			if ended.Verdict.Class != Clean {
				t.Errorf("segment %d: %+v", segments, ended.Verdict)
			}
		}
	}
	if last := s.End(h.Rest); last.Verdict.Class != Clean || segments == 0 {
		t.Errorf("after %d segments: %+v", segments, last.Verdict)
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

// Segments of a map that keeps its contract, whatever that is, are clean.
func TestSoakAnyContract(t *testing.T) {
	n := 3000
	if testing.Short() {
		n = 500
	}
	r := rand.New(rand.NewPCG(33, 34))
	judge := Judge{Budget: patient}
	segments := 0
	for i := range n {
		judge.Contract = anyContract(r)
		sim := newSim(r, judge.Contract, r.IntN(2) == 0)
		h := sim.run()
		for range 1 + r.IntN(3) {
			sim.now += 2
			h = sim.run()
		}
		s := Soak{Judge: &judge, Size: 1 + r.IntN(6)}
		s.Begin(h.Prefill)
		check := func(ended Segment) {
			segments++
			if ended.Verdict.Class != Clean {
				t.Fatalf("history %d, by %+v: segment from %d: %+v\n%s", i, judge.Contract, ended.First, ended.Verdict, show(h))
			}
		}
		for k := range h.Events {
			if ended, ok := s.Add(&h.Events[k]); ok {
				check(ended)
			}
		}
		check(s.End(h.Rest))
	}
	if segments < 2*n {
		t.Errorf("only %d segments of %d histories", segments, n)
	}
}
