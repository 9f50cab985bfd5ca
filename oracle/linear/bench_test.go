package linear

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

// A workload is histories of one kind and outcome, key by key, for both checkers.
type workload struct {
	ops  [][][]Op
	port [][][]porcupine.Operation
}

// steps is Porcupine's model for ops that are normalised already, so that both
// checkers start from the same.
var steps = porcupine.Model{
	Init: func() any { return State{} },
	Step: func(state, input, _ any) (bool, any) {
		after, ok := input.(*Op).Step(state.(State))
		return ok, after
	},
	Hash: func(state any) uint64 { s := state.(State); return s.Value * 0x9e3779b97f4a7c15 },
}

// perKey makes histories of ops spread over so many keys, all with the outcome.
func perKey(seed uint64, count, keys int, want Outcome, setting sim) (w workload) {
	r := rand.New(rand.NewPCG(seed, 6))
	var c Checker
	for tries := 0; len(w.ops) < count && tries < 200*count; tries++ {
		s := setting
		s.r = r
		if want == Illegal && s.faults == 0 {
			s.faults = 1.5 / float64(s.ops)
		}
		history := s.runKeys(keys)
		got := Ok
		for _, ops := range history {
			if c.Check(State{}, ops, Budget{}) == Illegal {
				got = Illegal
			}
		}
		if got == want {
			w.ops = append(w.ops, history)
		}
	}
	if len(w.ops) == 0 {
		panic("linear: no history of this outcome")
	}
	return w
}

// runKeys simulates one map with so many keys: the workers' ops on a key overlap
// less the more keys there are.
func (s *sim) runKeys(keys int) [][]Op {
	if keys == 1 {
		return [][]Op{opsOf(s.run())}
	}
	whole := *s
	return split(whole.runOn(keys), keys)
}

func split(actions []action, keys int) [][]Op {
	history := make([][]Op, keys)
	for i := range actions {
		a := &actions[i]
		history[a.key] = append(history[a.key], a.op(i))
	}
	return slices.DeleteFunc(history, func(ops []Op) bool { return len(ops) == 0 })
}

func (w *workload) ours(b *testing.B) {
	var c Checker
	var before, after runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&before)
	for n := range w.ops {
		for _, ops := range w.ops[n] {
			c.Check(State{}, ops, Budget{})
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		for _, ops := range w.ops[i%len(w.ops)] {
			if c.Check(State{}, ops, Budget{}) == Illegal {
				break
			}
		}
	}
	if len(w.ops) == 1 { // what the checker keeps
		b.ReportMetric((float64(after.HeapAlloc)-float64(before.HeapAlloc))/float64(w.calls()), "B/call")
	}
	w.perOp(b)
}

func (w *workload) porcupine(b *testing.B) {
	if w.port == nil {
		for _, history := range w.ops {
			var keys [][]porcupine.Operation
			for _, ops := range history {
				calls := make([]porcupine.Operation, len(ops))
				for i := range ops {
					calls[i] = porcupine.Operation{Input: &ops[i], Call: ops[i].Inv, Return: ops[i].Ret}
				}
				keys = append(keys, calls)
			}
			w.port = append(w.port, keys)
		}
	}
	b.ReportAllocs()
	b.ResetTimer()
	late := 0
	for i := 0; i < b.N; i++ {
		for _, calls := range w.port[i%len(w.port)] {
			result := porcupine.CheckOperationsTimeout(steps, calls, 3*time.Second)
			if result == porcupine.Unknown {
				late++
			}
			if result == porcupine.Illegal {
				break
			}
		}
	}
	if late > 0 {
		b.ReportMetric(float64(late)/float64(b.N), "timeouts/op")
	}
	w.perOp(b)
}

// perOp reports the time for each op of a history.
func (w *workload) perOp(b *testing.B) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)*float64(len(w.ops))/float64(w.calls()), "ns/call")
}

// calls is how many ops the histories have, all together.
func (w *workload) calls() (n int) {
	for _, history := range w.ops {
		for _, ops := range history {
			n += len(ops)
		}
	}
	return n
}

// Both checkers on the same histories, in one run:
//
//	go test ./oracle/linear -run - -bench Versus -cpu 1
func BenchmarkVersus(b *testing.B) {
	named := []struct {
		name string
		mix  mix
	}{{"mixed", mixed}, {"delete-heavy", deleteHeavy}, {"cas-loop", casLoop}}
	for _, size := range []struct {
		name                      string
		count, keys, workers, ops int
	}{{"15-ops-4-keys", 500, 4, 3, 15}, {"60-ops", 100, 1, 8, 60}, {"800-ops", 12, 1, 8, 800}} {
		for _, m := range named {
			for _, want := range []Outcome{Ok, Illegal} {
				w := perKey(1, size.count, size.keys, want, sim{mix: m.mix, workers: size.workers, ops: size.ops, stretch: 1})
				name := fmt.Sprintf("%s/%s/%v/", size.name, m.name, want)
				b.Run(name+"ours", w.ours)
				b.Run(name+"porcupine", w.porcupine)
			}
		}
	}
}

// Long histories. Porcupine's memory is quadratic in the ops of a key, so it gets
// those only that it ends in seconds.
func BenchmarkLong(b *testing.B) {
	for _, size := range []struct {
		ops, keys int
		both      bool
	}{{10000, 1, true}, {100000, 1, false}, {1000000, 1, false}, {100000, 1000, true}, {1000000, 1000, true}} {
		if size.ops > 100000 && testing.Short() {
			continue
		}
		for _, m := range []struct {
			name string
			mix  mix
		}{{"mixed", mixed}, {"delete-heavy", deleteHeavy}, {"cas-loop", casLoop}} {
			w := perKey(2, 1, size.keys, Ok, sim{mix: m.mix, workers: 8, ops: size.ops, stretch: 1})
			name := fmt.Sprintf("%d-ops-%d-keys/%s/", size.ops, size.keys, m.name)
			b.Run(name+"ours", w.ours)
			if size.both && m.name == "mixed" {
				b.Run(name+"porcupine", w.porcupine)
			}
		}
	}
}

// Many workers with four ops each, all on one key.
func BenchmarkOverlap(b *testing.B) {
	for _, workers := range []int{8, 16, 32, 64} {
		for _, m := range []struct {
			name string
			mix  mix
		}{{"mixed", mixed}, {"delete-heavy", deleteHeavy}} {
			for _, want := range []Outcome{Ok, Illegal} {
				w := perKey(3, 20, 1, want, sim{mix: m.mix, workers: workers, ops: 4 * workers, stretch: 1})
				name := fmt.Sprintf("%d-workers/%s/%v/", workers, m.name, want)
				b.Run(name+"ours", w.ours)
				if workers <= 16 {
					b.Run(name+"porcupine", w.porcupine)
				}
			}
		}
	}
}
