package oracle

import (
	"math/rand/v2"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle/linear"
	"github.com/mapstress/mapstress/target"
)

// patient is a budget that no history of these tests exhausts.
var patient = linear.Budget{Steps: 100 * linear.DefaultSteps}

func simContracts() map[string]target.Contract {
	lossy := weakContract()
	lossy.Load.Level, lossy.Len.Level, lossy.IsEmpty.Level = target.Lossy, target.Linearizable, target.Linearizable
	perKey := weakContract()
	perKey.Range.Level, perKey.Clone.Level = target.PerKey, target.PerKey
	return map[string]target.Contract{"strict": {}, "per key": perKey, "weak": weakContract(), "lossy": lossy}
}

// A correct map under 100,000 random schedules gives no finding, with its clock
// or without.
func TestNoFalseAlarm(t *testing.T) {
	n := 34000
	if testing.Short() {
		n = 3000
	}
	for name, contract := range simContracts() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(7, 8))
			j := Judge{Contract: contract, Budget: patient}
			overlapping, events := 0, 0
			var meter history.Meter
			for i := 0; i < n; i++ {
				h := simulate(r, contract)
				if v := j.Judge(h); v.Class != Clean {
					t.Fatalf("history %d: %+v\n%s", i, v, show(h))
				}
				if v := j.search(h); v.Class != Clean { // most are explained before
					t.Fatalf("history %d, searched: %+v\n%s", i, v, show(h))
				}
				overlapping += meter.Measure(h, history.Boundaries{}).Events
				events += len(h.Events)
				if i%10 > 0 || len(h.Events) > 9 {
					continue
				}
				if v := j.Judge(Unordered(h)); v.Class != Clean {
					t.Fatalf("history %d, unordered: %+v\n%s", i, v, show(h))
				}
			}
			if overlapping*2 < events {
				t.Errorf("only %d of %d events overlapped", overlapping, events)
			}
		})
	}
}

// One wrong answer in a correct history: many are no violation, because an
// overlapping op could have made them true. At least 60 of 100 are caught.
func TestWrongAnswersAreCaught(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	j := Judge{Budget: patient}
	caught, planted := 0, 0
	rules := map[string]int{}
	for planted < 10000 {
		h := simulate(r, target.Contract{})
		if !corruptOne(r, h) {
			continue
		}
		planted++
		v := j.Judge(h)
		if v.Class == Clean {
			continue
		}
		caught++
		rules[v.Rule]++
		if v.Detail == "" || v.Class != SilentCorruption {
			t.Fatalf("%+v\n%s", v, show(h))
		}
		if _, named := ranks[v.Rule]; named && j.Judge(only(h, v.Events)).Class == Clean {
			t.Fatalf("the events named do not conflict: %+v\n%s", v, show(h))
		}
	}
	t.Logf("caught %d of %d: %v", caught, planted, rules)
	if caught*10 < planted*6 || len(rules) < 8 {
		t.Errorf("caught %d of %d wrong answers, as %v", caught, planted, rules)
	}
}

// only returns the history with these events and no others.
func only(h *history.History, events []int) *history.History {
	part := *h
	part.Events = nil
	for _, e := range events {
		part.Events = append(part.Events, h.Events[e])
	}
	return &part
}

// corruptOne changes one answer.
func corruptOne(r *rand.Rand, h *history.History) bool {
	if r.IntN(4) == 0 {
		return corruptRest(r, h.Rest)
	}
	e := &h.Events[r.IntN(len(h.Events))]
	if e.Ret == history.Pending {
		return false
	}
	switch e.Kind {
	case history.Load, history.LoadAndDelete, history.Swap, history.Compute:
		if e.OK && r.IntN(2) == 0 {
			e.Out += 1 + r.Uint64N(2)
			return true
		}
		e.OK, e.Out = !e.OK, 11
		return true
	case history.Store, history.Delete:
		e.OK = !e.OK
		return e.Told
	case history.LoadOrStore:
		e.OK, e.Out = !e.OK, e.Value
		return true
	case history.CompareAndSwap, history.CompareAndDelete, history.IsEmpty:
		e.OK = !e.OK
		return true
	case history.Len:
		e.Out += 1 - 2*r.Uint64N(2)
		return true
	case history.Range:
		if n := len(e.Seen.Entries); n > 0 {
			e.Seen.Entries = e.Seen.Entries[:n-1]
			return true
		}
	}
	return false
}

func corruptRest(r *rand.Rand, rest *history.Contents) bool {
	x := &rest.Loads[r.IntN(len(rest.Loads))]
	switch r.IntN(4) {
	case 0: // a lost key, consistently
		if !x.OK {
			return false
		}
		x.OK = false
		rest.Len--
		for i, e := range rest.Entries {
			if e.Key == x.Key {
				rest.Entries = append(rest.Entries[:i:i], rest.Entries[i+1:]...)
				break
			}
		}
	case 1:
		rest.Len++
	case 2:
		x.OK = !x.OK
	default:
		if len(rest.Entries) == 0 {
			return false
		}
		rest.Entries = append(rest.Entries, rest.Entries[0])
	}
	return true
}

// Answers that are mere noise: every path of naming, and no panic.
func TestNoise(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	rules := map[string]int{}
	for name, contract := range simContracts() {
		j := Judge{Contract: contract, Budget: patient}
		for i := 0; i < 5000; i++ {
			h := simulate(r, contract)
			for k := range h.Events {
				e := &h.Events[k]
				e.OK, e.Out = r.IntN(2) == 0, 10+r.Uint64N(9)
			}
			if i%2 == 0 {
				h.Rest = nil
			}
			v := j.Judge(h)
			rules[v.Rule]++
			if v.Class == Unknown {
				t.Fatalf("%s: %+v\n%s", name, v, show(h))
			}
			if _, named := ranks[v.Rule]; named && v.Class == SilentCorruption && j.Judge(only(h, v.Events)).Class == Clean {
				t.Fatalf("%s: the events named do not conflict: %+v\n%s", name, v, show(h))
			}
		}
	}
	t.Log(rules)
}

// Shrinking must end in a violation: whatever explain leaves in, with the same
// prefill and reading at rest, has no order either.
func TestShrunkenIsStillIllegal(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	j := Judge{Budget: patient}
	sizes, from := 0, 0
	for n := 0; n < 1000; {
		h := simulate(r, target.Contract{})
		if !corruptOne(r, h) {
			continue
		}
		j.split(h)
		j.searchKeys()
		for _, f := range j.failing {
			s := &j.keys.slots[f]
			ops := j.shrink(s.initial, s.ops)
			if outcome := j.checker.Check(s.initial, ops, j.Budget); outcome.String() != "illegal" {
				t.Fatalf("shrunk to %v: %+v\n%s", outcome, ops, show(h))
			}
			n, sizes, from = n+1, sizes+len(ops), from+len(s.ops)
		}
	}
	t.Logf("1000 violations: %d ops shrunk to %d", from, sizes)
}

func show(h *history.History) (text string) {
	text = "prefill"
	for _, p := range h.Prefill {
		text += " " + showEntry(p)
	}
	for _, e := range h.Events {
		text += showEvent(e)
	}
	if h.Rest != nil {
		text += "\nrest" + showContents(h.Rest)
	}
	return text
}
