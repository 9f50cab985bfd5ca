package oracle

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// Each level that a method may promise has a map that keeps it, which must pass, and the
// same map with a fault in that method, which must be caught; unless nothing is promised.
func TestEachLevel(t *testing.T) {
	n := 400
	if testing.Short() {
		n = 150
	}
	for _, kind := range history.Kinds() {
		for _, name := range strings.Fields(levels(kind)) {
			level, err := target.ParseLevel(name)
			if err != nil {
				t.Fatal(err)
			}
			var c target.Contract
			promise(&c, kind).Level = level
			if found := findings(t, c, 0, n); found != "" {
				t.Errorf("%s=%s: a map that keeps it is reported:\n%s", kind, name, found)
			}
			// The seeds are fixed, so the outcome is. Of 150 histories 10 at least are caught.
			switch found := findings(t, c, kind, n); {
			case level == target.Unchecked && found != "":
				t.Errorf("%s=%s: a broken promise is reported that nobody gave:\n%s", kind, name, found)
			case level != target.Unchecked && found == "":
				t.Errorf("%s=%s: a map whose %s is wrong passes", kind, name, kind)
			}
		}
	}
}

// findings returns one of the findings on a map that keeps the contract, but for a
// method that is wrong, or nothing if there is none.
func findings(t *testing.T, c target.Contract, fault history.Kind, n int) (found string) {
	t.Helper()
	r := rand.New(rand.NewPCG(23, uint64(fault)))
	j := Judge{Contract: c, Budget: patient}
	for range n {
		s := newSim(r, c, true)
		s.fault = fault
		h := s.run()
		switch v := j.Judge(h); v.Class {
		case Clean:
		case Unknown:
			t.Fatalf("%+v\n%s", v, show(h))
		default:
			found = v.Class.String() + " " + v.Rule + ": " + v.Detail + "\n" + show(h)
		}
	}
	return found
}

// A correct map that promises anything for each of its methods gives no finding, with
// its clock or without.
func TestAnyContract(t *testing.T) {
	n := 20_000
	if testing.Short() {
		n = 2000
	}
	if *histories > 0 {
		n = *histories
	}
	r := rand.New(rand.NewPCG(25, 26))
	j := Judge{Budget: patient}
	for i := range n {
		j.Contract = anyContract(r)
		s := newSim(r, j.Contract, r.IntN(2) == 0)
		if r.IntN(3) == 0 {
			s.crowd()
		}
		h := s.run()
		for how, judge := range map[string]func() Verdict{
			"judged":    func() Verdict { return j.Judge(h) },
			"searched":  func() Verdict { return j.search(h) }, // most are explained before
			"unordered": func() Verdict { return j.Judge(Unordered(h)) },
		} {
			if v := judge(); v.Class != Clean && (v.Class != Unknown || how != "unordered") {
				t.Fatalf("history %d, %s by %+v: %+v\n%s", i, how, j.Contract, v, show(h))
			}
		}
	}
}

func anyContract(r *rand.Rand) (c target.Contract) {
	for _, kind := range history.Kinds() {
		all := strings.Fields(levels(kind))
		name := all[0]
		if !kind.Keyed() || r.IntN(8) == 0 {
			name = all[r.IntN(len(all))]
		}
		promise(&c, kind).Level, _ = target.ParseLevel(name)
	}
	return c
}

// What the strictest contract finds no fault with, no other does: no promise is more than
// to be one step.
func TestRelaxing(t *testing.T) {
	n := 20_000
	if testing.Short() {
		n = 2000
	}
	if *histories > 0 {
		n = *histories
	}
	r := rand.New(rand.NewPCG(27, 28))
	strict, j := Judge{Budget: patient}, Judge{Budget: patient}
	legal, corrupted := 0, 0
	for i := range n {
		s := newSim(r, weakContract(), r.IntN(2) == 0)
		s.contract.Load.Level = target.Linearizable
		if r.IntN(3) == 0 {
			s.crowd()
		}
		h := s.run()
		changed := r.IntN(2) == 0 && corruptOne(r, h)
		if strict.Judge(h).Class != Clean {
			continue
		}
		legal++
		if changed {
			corrupted++
		}
		j.Contract = anyContract(r)
		if v := j.search(h); v.Class != Clean {
			t.Fatalf("history %d, by %+v: %+v\n%s", i, j.Contract, v, show(h))
		}
	}
	if legal < n/3 || corrupted < n/100 {
		t.Errorf("only %d of %d are legal, and only %d of those with a changed answer", legal, n, corrupted)
	}
}
