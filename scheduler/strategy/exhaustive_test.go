package strategy_test

import (
	"math/rand"
	"testing"

	. "github.com/mapstress/mapstress/scheduler/internal/machine"
	"github.com/mapstress/mapstress/scheduler/strategy"
)

// explored is what a search came to.
type explored struct {
	runs   int
	traces map[uint64]int
	failed bool
	s      *strategy.Exhaustive
}

// explore searches to the end.
func explore(t *testing.T, p *Program, preemptions int) explored {
	t.Helper()
	e := explored{traces: map[uint64]int{}, s: strategy.NewExhaustive(preemptions)}
	m := Machine{Program: p, Traced: true, MaxSteps: 1000}
	for {
		r, ok := m.Run(e.s)
		if !ok {
			break
		}
		if e.runs++; r.TooLong || e.runs > 200000 {
			t.Fatalf("no end: run %d, %v", e.runs, strategy.Decisions(r.Picks))
		}
		e.failed = e.failed || r.Failed
		if preemptions < strategy.Unbounded && r.Preemptions > preemptions {
			t.Fatalf("%d preemptions; want at most %d", r.Preemptions, preemptions)
		}
		e.traces[r.Trace]++
	}
	if err := e.s.Err(); err != nil {
		t.Fatal(err)
	}
	return e
}

// everyRun counts the interleavings of a program, up to one more than the most, and finds the
// fewest preemptions of each trace.
func everyRun(p *Program, most int) (runs int, least map[uint64]int) {
	least = map[uint64]int{}
	All(&Machine{Program: p, Traced: true}, func(r Result) bool {
		runs++
		if n, ok := least[r.Trace]; !ok || r.Preemptions < n {
			least[r.Trace] = r.Preemptions
		}
		return runs <= most
	})
	return runs, least
}

// On any program: without a bound every trace comes, once; with one, every trace that needs
// no more preemptions does.
func TestExhaustive(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	programs := 400
	if testing.Short() {
		programs = 60
	}
	var runs, traces, redundant int
	bounded, needed := map[int]int{}, map[int]int{}
	for k := range programs {
		p := Any(r, 2+k%2, 6-2*(k%2))
		n, least := everyRun(p, 1000)
		if n > 1000 {
			continue
		}
		runs, traces = runs+n, traces+len(least)
		e := explore(t, p, strategy.Unbounded)
		for trace := range least {
			if e.traces[trace] == 0 {
				t.Errorf("program %d: missed one of %d traces: %+v", k, len(least), p)
				break
			}
		}
		for trace := range e.traces {
			if _, ok := least[trace]; !ok {
				t.Errorf("program %d: there is no such trace", k)
			}
		}
		progress := e.s.Progress()
		if e.runs-progress.Redundant != len(least) {
			t.Errorf("program %d: %d runs, %d of them redundant, for %d traces: %+v", k, e.runs, progress.Redundant, len(least), p)
		}
		redundant += progress.Redundant
		for bound := range 3 {
			e := explore(t, p, bound)
			bounded[bound] += e.runs
			if p := e.s.Progress(); p.Complete && len(e.traces) < len(least) {
				t.Errorf("program %d, bound %d: taken for complete, with %d of %d traces", k, bound, len(e.traces), len(least))
			}
			for trace, preemptions := range least {
				if preemptions <= bound {
					needed[bound]++
					if e.traces[trace] == 0 {
						t.Errorf("program %d, bound %d: missed a trace that needs %d preemptions: %+v", k, bound, preemptions, p)
						break
					}
				}
			}
		}
		if t.Failed() {
			break
		}
	}
	t.Logf("%d interleavings, %d traces, %d redundant runs", runs, traces, redundant)
	for bound := range 3 {
		t.Logf("bound %d: %d runs for %d traces", bound, bounded[bound], needed[bound])
	}
}

// search makes all runs without tracing them, and counts those and the most steps that
// locked, unlocked or were atomic.
func search(t *testing.T, p *Program, preemptions int) (runs, atomics int) {
	t.Helper()
	n := 0
	m := Machine{Program: p, Observe: func(_ int, p strategy.Point) {
		if p.Kind != strategy.Read && p.Kind != strategy.Write {
			n++
		}
	}}
	s := strategy.NewExhaustive(preemptions)
	for {
		n = 0
		if _, ok := m.Run(s); !ok {
			break
		}
		atomics = max(atomics, n)
	}
	if !s.Progress().Ended {
		t.Fatal(s.Err())
	}
	return s.Progress().Runs, atomics
}

// Of all programs of two workers and two ops on up to two keys none needs more than 14 runs,
// and of those with at most 9 locks and atomics none more than 8; Loom needed 27 for one of
// the latter, 20 of them up to 2 preemptions, and 126 and 46 for an insert and a remove of
// one key by each; plain depth first search, by Shuttle, 1,380 for the former.
func TestTwoByTwo(t *testing.T) {
	worst := map[int]int{} // runs, by locks and atomics
	for n := range mapOps * mapOps * mapOps * mapOps * 8 {
		var codes [2][]Instr
		code := n * 2 // the first key is 0, without loss of generality
		for w := range codes {
			for range 2 {
				codes[w] = append(codes[w], mapOp(code/2%mapOps, code%2, len(codes[w]))...)
				code /= 2 * mapOps
			}
		}
		runs, atomics := search(t, New(codes[:]...), strategy.Unbounded)
		worst[atomics] = max(worst[atomics], runs)
	}
	for atomics, runs := range worst {
		if runs > 14 || atomics <= 9 && runs > 8 {
			t.Errorf("%d runs, with %d locks and atomics", runs, atomics)
		}
	}
	if len(worst) < 8 {
		t.Errorf("too few programs: %v", worst)
	}
	if runs, _ := search(t, oneKey(), strategy.Unbounded); runs > 12 {
		t.Errorf("one key: %d runs", runs)
	}
	// With a bound, the runs with fewer preemptions are made again.
	if runs, _ := search(t, oneKey(), 2); runs > 30 {
		t.Errorf("one key, up to 2 preemptions: %d runs", runs)
	}
}

// A program that is another one each time is no proof of anything.
func TestExhaustiveOfAnotherProgram(t *testing.T) {
	s := strategy.NewExhaustive(strategy.Unbounded)
	long, short := New(Times(2, Store(0)), Times(2, Store(0))), New(Times(1, Store(0)), Times(2, Store(0)))
	for _, p := range []*Program{long, short} {
		m := Machine{Program: p}
		m.Run(s)
	}
	if s.Err() == nil || s.Progress().Ended {
		t.Fatalf("%v, %+v", s.Err(), s.Progress())
	}
	if _, err := s.MarshalText(); err == nil {
		t.Error("its state can be kept")
	}
	if s.Begin(2) {
		t.Error("it goes on")
	}
}

// Spin loops have an end: who has looked twice in vain is not asked again until somebody
// has written. All that can come of them does: here, who has the lock first.
func TestExhaustiveSpinLoops(t *testing.T) {
	for workers := 2; workers <= 3; workers++ {
		for _, bound := range []int{0, 1, 2, strategy.Unbounded} {
			if workers == 3 && bound > 1 {
				continue
			}
			s := strategy.NewExhaustive(bound)
			first := map[int]bool{}
			got := -1
			m := Machine{Program: spinning(workers), MaxSteps: 1000, Observe: func(w int, p strategy.Point) {
				if p.Kind == strategy.Write && got < 0 {
					got = w
				}
			}}
			for {
				got = -1
				r, ok := m.Run(s)
				if !ok {
					break
				}
				if r.TooLong || r.Deadlock {
					t.Fatalf("%d workers, bound %d: no end: %v", workers, bound, strategy.Decisions(r.Picks))
				}
				first[got] = true
			}
			if err := s.Err(); err != nil || len(first) != workers {
				t.Errorf("%d workers, bound %d: %v, %v", workers, bound, err, first)
			}
			t.Logf("%d workers: %v", workers, s.Progress())
		}
	}
}
