package oracle

import (
	"flag"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// byPorcupine checks a history of the whole map: its model is a plain map, and knows
// nothing of slots, views or normalised ops.
func byPorcupine(h *history.History) porcupine.CheckResult {
	var ops []porcupine.Operation
	for i := range h.Events {
		e := &h.Events[i]
		ops = append(ops, porcupine.Operation{ClientId: i, Input: e, Call: e.Inv, Return: e.Ret})
	}
	ops = append(ops, porcupine.Operation{ClientId: -1, Input: h.Rest, Call: restTime, Return: restTime})
	model := porcupine.Model{
		Init: func() any {
			m := map[uint64]uint64{}
			for _, e := range h.Prefill {
				m[e.Key] = e.Value
			}
			return m
		},
		Step: func(state, input, _ any) (bool, any) {
			m := state.(map[uint64]uint64)
			if c, ok := input.(*history.Contents); ok {
				return c == nil || showsMap(c, m), m
			}
			return modelStep(m, input.(*history.Event))
		},
		Equal: func(a, b any) bool { return maps.Equal(a.(map[uint64]uint64), b.(map[uint64]uint64)) },
	}
	return porcupine.CheckOperationsTimeout(model, ops, time.Minute)
}

func showsMap(c *history.Contents, m map[uint64]uint64) bool {
	for _, r := range c.Loads {
		if v, ok := m[r.Key]; ok != r.OK || ok && v != r.Value {
			return false
		}
	}
	for _, e := range c.Entries {
		if v, ok := m[e.Key]; !ok || v != e.Value {
			return false
		}
	}
	return (!c.Ranged || len(c.Entries) == len(m)) && (!c.HasLen || c.Len == len(m)) && (!c.HasEmpty || c.Empty == (len(m) == 0))
}

// modelStep is the sequential map.
func modelStep(before map[uint64]uint64, e *history.Event) (bool, any) {
	pending := e.Ret == history.Pending
	old, had := before[e.Key]
	found := pending || e.OK == had && (!had || e.Out == old)
	after := maps.Clone(before)
	switch e.Kind {
	case history.Load:
		return found, before
	case history.Store:
		after[e.Key] = e.Value
		return pending || !e.Told || e.OK == had, after
	case history.Swap:
		after[e.Key] = e.Value
		return found, after
	case history.Compute:
		after[e.Key] = e.Value
		return found && (pending || e.Calls == 1), after
	case history.LoadOrStore:
		if had {
			return pending || e.OK && e.Out == old, before
		}
		after[e.Key] = e.Value
		return pending || !e.OK && e.Out == e.Value, after
	case history.Delete:
		delete(after, e.Key)
		return pending || !e.Told || e.OK == had, after
	case history.LoadAndDelete:
		delete(after, e.Key)
		return found, after
	case history.CompareAndSwap, history.CompareAndDelete:
		same := had && old == e.Old
		if same && e.Kind == history.CompareAndSwap {
			after[e.Key] = e.Value
		} else if same {
			delete(after, e.Key)
		}
		return pending || e.OK == same, after
	case history.Increment:
		after[e.Key] = old + 1
	case history.Len:
		return pending || int(e.Out) == len(before), before
	case history.IsEmpty:
		return pending || e.OK == (len(before) == 0), before
	case history.Clear:
		clear(after)
	default:
		return pending || e.Seen == nil || showsMap(e.Seen, before), before
	}
	return true, after
}

// histories is how many TestWholeMap tries; other than 0, they are of a seed that is
// printed.
var histories = flag.Int("histories", 0, "random histories to compare with Porcupine; 0 means a fixed set")

// TestWholeMap: maps whose Clear, Range, Clone or Len is one step, or goes key by
// key, or answers wrongly, are told from each other as Porcupine does.
func TestWholeMap(t *testing.T) {
	n := 30000
	if testing.Short() {
		n = 4000
	}
	seed := uint64(21)
	if *histories > 0 {
		n, seed = *histories, uint64(time.Now().UnixNano())
		t.Logf("%d histories of seed %d", n, seed)
	}
	r := rand.New(rand.NewPCG(seed, 22))
	j := Judge{Budget: patient}
	count := map[bool]int{}
	together, hard := 0, 0
	for i := range n {
		sloppy := weakContract()
		sloppy.Load.Level = target.Linearizable
		if r.IntN(4) == 0 {
			sloppy = target.Contract{}
		}
		s := newSim(r, sloppy, true)
		if r.IntN(3) == 0 {
			s.crowd()
		}
		h := s.run()
		if r.IntN(2) == 0 {
			corruptOne(r, h)
		}
		truth := byPorcupine(h)
		if truth == porcupine.Unknown {
			hard++
			continue
		}
		want := truth == porcupine.Ok
		v := j.Judge(h)
		if v.Class == Unknown || v.Class == Clean != want {
			t.Fatalf("history %d: %+v; porcupine says %v\n%s", i, v, want, show(h))
		}
		if v := j.search(h); want && v.Class != Clean { // most are explained before
			t.Fatalf("history %d, searched: %+v; porcupine says it is legal\n%s", i, v, show(h))
		}
		count[want]++
		if strings.HasSuffix(v.Detail, "for each key alone") {
			together++
			if byPorcupine(only(h, v.Events)) == porcupine.Ok {
				t.Fatalf("history %d: the events named do not conflict: %+v\n%s", i, v, show(h))
			}
		}
	}
	t.Logf("%v, %d by the whole map alone, %d too hard for Porcupine", count, together, hard)
	if count[true] < n/4 || count[false] < n/4 || together < n/200 || hard > n/1000 {
		t.Errorf("too one-sided: %v, %d by the whole map alone", count, together)
	}
}

// TestWholeMapBudget: many ops at once on a map of many keys, of which each key alone is
// explained, are given up before they take much time or memory.
func TestWholeMapBudget(t *testing.T) {
	h := &history.History{}
	for k := uint64(1); k <= 900; k++ {
		h.Prefill = append(h.Prefill, history.Entry{Key: k, Value: k})
	}
	for i := range 30 {
		h.Events = append(h.Events,
			history.Event{Op: history.Op{Kind: history.Store, Key: uint64(i + 1), Value: uint64(1000 + i)}, Worker: i, Inv: 0, Ret: 9},
			history.Event{Op: history.Op{Kind: history.Len}, Out: uint64(i), Worker: 30 + i, Inv: 0, Ret: 9})
	}
	h.Events = append(h.Events, history.Event{Op: history.Op{Kind: history.Clear}, Worker: 60, Inv: 0, Ret: 9})
	var j Judge
	if v := j.search(h); v.Class != Unknown {
		t.Errorf("got %+v; want unknown", v)
	}
	w := &j.whole
	states := cap(w.seen.states) + cap(w.now.states) + cap(w.next.states)
	if w.explored > maxExplored+1000 || states > 8<<20 {
		t.Errorf("explored %d, with room for %d states", w.explored, states)
	}
}
