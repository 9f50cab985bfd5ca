package oracle

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// sequential is three workers' 15 ops on 4 keys, none overlapping, on a map of
// prefilled keys, read back at rest.
func sequential(prefill int) *history.History {
	h := &history.History{Rest: &history.Contents{Ranged: true, HasLen: true}}
	held := map[uint64]uint64{}
	for k := 0; k < prefill; k++ {
		held[uint64(k)] = uint64(k + 1000)
		h.Prefill = append(h.Prefill, history.Entry{Key: uint64(k), Value: uint64(k + 1000)})
	}
	kinds := []history.Kind{history.Load, history.Store, history.LoadOrStore, history.LoadAndDelete, history.Swap}
	s := sim{r: rand.New(rand.NewPCG(1, 2)), held: held}
	for i := 0; i < 15; i++ {
		e := history.Event{Worker: i % 3, Inv: int64(10 * i), Ret: int64(10*i + 5)}
		e.Op = history.Op{Kind: kinds[i%5], Key: uint64(i % 4), Value: uint64(i)}
		s.apply(&e)
		h.Events = append(h.Events, e)
	}
	for k := uint64(0); k < uint64(max(prefill, 4)); k++ {
		v, ok := held[k]
		h.Rest.Loads = append(h.Rest.Loads, history.Reading{Entry: history.Entry{Key: k, Value: v}, OK: ok})
		if ok {
			h.Rest.Entries = append(h.Rest.Entries, history.Entry{Key: k, Value: v})
			h.Rest.Len++
		}
	}
	scramble(h.Rest.Entries)
	return h
}

// scramble orders entries as a map yields them: in no order.
func scramble(entries []history.Entry) {
	for i := range entries {
		n := i * 7919 % len(entries)
		entries[i], entries[n] = entries[n], entries[i]
	}
}

// ranged is sequential with a Range after every fifth op, and nothing else that
// writes.
func ranged(prefill int) *history.History {
	h := sequential(prefill)
	h.Rest.Entries = slices.Clone(h.Prefill)
	scramble(h.Rest.Entries)
	h.Rest.Loads = nil
	for _, e := range h.Prefill {
		h.Rest.Loads = append(h.Rest.Loads, history.Reading{Entry: e, OK: true})
	}
	h.Rest.Len = prefill
	for i := range h.Events {
		e := &h.Events[i]
		e.Op, e.Out, e.OK = history.Op{Kind: history.Load, Key: uint64(i)}, h.Prefill[i].Value, true
		if i%5 == 4 {
			e.Op, e.Out, e.OK = history.Op{Kind: history.Range}, 0, false
			e.Seen = &history.Contents{Entries: h.Rest.Entries, Ranged: true}
		}
	}
	return h
}

func benchmarks() map[string]*history.History {
	pairs, crowd := sequential(4), sequential(4)
	for i := 0; i < 14; i += 2 {
		pairs.Events[i].Ret += 7
	}
	for i := range crowd.Events {
		crowd.Events[i].Ret += 70
	}
	return map[string]*history.History{
		"15-ops": sequential(0), "15-ops-pairs": pairs, "15-ops-crowd": crowd, "prefill-900": sequential(900), "prefill-900-ranges": ranged(900),
	}
}

func BenchmarkJudge(b *testing.B) {
	for name, h := range benchmarks() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			j := Judge{Contract: weakContract()}
			for i := 0; i < b.N; i++ {
				if v := j.Judge(h); v.Class != Clean {
					b.Fatalf("%+v", v)
				}
			}
		})
	}
}

// Random histories of 2 to 4 workers in which most ops overlap: the search's
// share of the cost.
func BenchmarkJudgeSimulated(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 6))
	hs := make([]*history.History, 1000)
	for i := range hs {
		hs[i] = simulate(r, target.Contract{})
	}
	b.ReportAllocs()
	b.ResetTimer()
	var j Judge
	for i := 0; i < b.N; i++ {
		j.Judge(hs[i%len(hs)])
	}
}

func TestCleanHistoryDoesNotAllocate(t *testing.T) {
	for _, name := range []string{"15-ops", "15-ops-pairs", "prefill-900"} {
		h := benchmarks()[name]
		var j Judge
		j.Judge(h)
		if n := testing.AllocsPerRun(100, func() { j.Judge(h) }); n > 0 {
			t.Errorf("%s: %v allocations a history", name, n)
		}
	}
}
