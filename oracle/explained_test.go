package oracle

import (
	"math/rand/v2"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// Whatever the order of the returns explains, a search finds no fault with: not
// in correct histories and not in those with a wrong answer, under any contract.
func TestExplainedIsClean(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	for name, contract := range simContracts() {
		j := Judge{Contract: contract, Budget: patient}
		explained, wrong, kinds := 0, 0, map[history.Kind]bool{}
		for i := range 20_000 {
			h := simulate(r, contract)
			corrupted := i%2 == 0 && corruptOne(r, h)
			if _, bad := j.torn(h); bad {
				continue
			}
			if _, bad := j.structures(h); bad || !j.explained(h) {
				continue
			}
			explained++
			if corrupted {
				wrong++
			}
			for _, e := range h.Events {
				kinds[e.Kind] = true
			}
			if v := j.search(h); v.Class != Clean {
				t.Fatalf("%s: %+v\n%s", name, v, show(h))
			}
		}
		t.Logf("%s: %d explained, %d of them with a changed answer; %d kinds", name, explained, wrong, len(kinds))
		if explained < 1000 || len(kinds) < 10 {
			t.Errorf("%s: %d explained, of %d kinds; too few to tell", name, explained, len(kinds))
		}
	}
}

// Each answer of each kind counts: a history that is explained is not any more
// once one of them is changed.
func TestExplainedLooks(t *testing.T) {
	build := func() *history.History {
		h := &history.History{
			Prefill: []history.Entry{{Key: 1, Value: 1}, {Key: 2, Value: 2}},
			Rest: &history.Contents{HasLen: true, Len: 2, Loads: []history.Reading{
				{Entry: history.Entry{Key: 1}}, {Entry: history.Entry{Key: 2, Value: 9}, OK: true}, {Entry: history.Entry{Key: 3, Value: 1}, OK: true},
			}},
		}
		for i, e := range []history.Event{
			{Op: history.Op{Kind: history.Load, Key: 1}, Out: 1, OK: true},
			{Op: history.Op{Kind: history.Load, Key: 3}},
			{Op: history.Op{Kind: history.LoadOrStore, Key: 1, Value: 3}, Out: 1, OK: true},
			{Op: history.Op{Kind: history.LoadOrStore, Key: 3, Value: 4}, Out: 4},
			{Op: history.Op{Kind: history.Len}, Out: 3, OK: true},
			{Op: history.Op{Kind: history.LoadAndDelete, Key: 1}, Out: 1, OK: true},
			{Op: history.Op{Kind: history.Swap, Key: 2, Value: 5}, Out: 2, OK: true},
			{Op: history.Op{Kind: history.Compute, Key: 2, Value: 6}, Out: 5, OK: true, Calls: 1},
			{Op: history.Op{Kind: history.CompareAndSwap, Key: 2, Old: 6, Value: 7}, OK: true},
			{Op: history.Op{Kind: history.CompareAndSwap, Key: 2, Old: 6, Value: 8}},
			{Op: history.Op{Kind: history.CompareAndDelete, Key: 2, Old: 7}, OK: true},
			{Op: history.Op{Kind: history.CompareAndDelete, Key: 2, Old: 7}},
			{Op: history.Op{Kind: history.Clear}},
			{Op: history.Op{Kind: history.Len}, OK: true},
			{Op: history.Op{Kind: history.Store, Key: 2, Value: 9}},
			{Op: history.Op{Kind: history.Delete, Key: 3}},
			{Op: history.Op{Kind: history.Increment, Key: 3}},
		} {
			e.Inv, e.Ret = int64(10*i), int64(10*i+5)
			h.Events = append(h.Events, e)
		}
		return h
	}
	var j Judge
	if h := build(); !j.explained(h) || j.search(h).Class != Clean {
		t.Fatalf("not explained:\n%s", show(h))
	}
	changes := map[string]func(h *history.History){
		"pending":         func(h *history.History) { h.Events[0].Ret = history.Pending },
		"calls":           func(h *history.History) { h.Events[7].Calls = 2 },
		"range":           func(h *history.History) { h.Events[12].Kind = history.Range },
		"clone":           func(h *history.History) { h.Events[12].Kind = history.Clone },
		"not read back":   func(h *history.History) { h.Rest = nil },
		"without loads":   func(h *history.History) { h.Rest.Loads = nil },
		"len at rest":     func(h *history.History) { h.Rest.Len = 3 },
		"lost":            func(h *history.History) { h.Rest.Loads = h.Rest.Loads[:2]; h.Rest.Len = 1 },
		"other order":     func(h *history.History) { h.Events[0].Ret = 57 },
		"another prefill": func(h *history.History) { h.Prefill[0].Value = 7 },
	}
	for i := range build().Rest.Loads {
		changes["value at rest "+string(rune('1'+i))] = func(h *history.History) { h.Rest.Loads[i].Value, h.Rest.Loads[i].OK = 77, true }
		changes["presence at rest "+string(rune('1'+i))] = func(h *history.History) { h.Rest.Loads[i].OK = !h.Rest.Loads[i].OK }
	}
	for i, e := range build().Events {
		if answersValue(&e) || e.Kind == history.Len {
			changes["out of "+e.Op.String()] = func(h *history.History) { h.Events[i].Out += 100 }
		}
		if answersValue(&e) || e.Kind == history.Load || e.Kind == history.CompareAndSwap || e.Kind == history.CompareAndDelete {
			changes["ok of "+e.Op.String()] = func(h *history.History) { h.Events[i].OK = !h.Events[i].OK }
		}
	}
	for name, change := range changes {
		h := build()
		change(h)
		if j.explained(h) {
			t.Errorf("%s: still explained", name)
		}
	}
}

// Most histories of correct maps are explained, overlapping ones included.
func TestExplainedIsUsual(t *testing.T) {
	r := rand.New(rand.NewPCG(19, 20))
	var j Judge
	explained, eligible := 0, 0
	for range 10_000 {
		h := simulate(r, target.Contract{})
		looked := h.Rest != nil && h.Rest.Loads != nil
		for _, e := range h.Events {
			looked = looked && e.Ret != history.Pending && e.Kind != history.Range && e.Kind != history.Clone
		}
		if !looked {
			continue
		}
		eligible++
		if j.explained(h) {
			explained++
		}
	}
	// The seeds are fixed, so the figures are: 2968 of 4779. These histories are
	// denser than most: a few keys, on which most ops overlap.
	if eligible < 4000 || 2*explained < eligible {
		t.Errorf("%d of %d are explained", explained, eligible)
	}
}
