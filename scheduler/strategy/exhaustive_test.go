package strategy_test

import (
	"flag"
	"fmt"
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
	return exploreBy(t, p, strategy.NewExhaustive(preemptions), preemptions)
}

// exploreBy searches to the end; no run has more preemptions.
func exploreBy(t *testing.T, p *Program, s *strategy.Exhaustive, preemptions int) explored {
	t.Helper()
	e := explored{traces: map[uint64]int{}, s: s}
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

// covers explores a program with every bound, and says what is missing: without a bound every
// trace must come, once; with one, every trace that needs no more preemptions. It returns the
// runs without a bound and those that were redundant, and the runs by bound.
func covers(t *testing.T, name string, p *Program, least map[uint64]int) (runs, redundant int, bounded [3]int) {
	t.Helper()
	e := explore(t, p, strategy.Unbounded)
	for trace := range e.traces {
		if _, ok := least[trace]; !ok {
			t.Errorf("%s: there is no such trace", name)
		}
	}
	redundant = e.s.Progress().Redundant
	if len(e.traces) != len(least) || e.runs-redundant != len(least) {
		t.Errorf("%s: %d runs, %d of them redundant, of %d traces; want each of %d once: %+v",
			name, e.runs, redundant, len(e.traces), len(least), p)
	}
	for bound := range bounded {
		b := explore(t, p, bound)
		bounded[bound] = b.runs
		if p := b.s.Progress(); p.Complete && len(b.traces) < len(least) {
			t.Errorf("%s, bound %d: taken for complete, with %d of %d traces", name, bound, len(b.traces), len(least))
		}
		for trace, preemptions := range least {
			if preemptions <= bound && b.traces[trace] == 0 {
				t.Errorf("%s, bound %d: missed a trace that needs %d preemptions: %+v", name, bound, preemptions, p)
				break
			}
		}
	}
	return e.runs, redundant, bounded
}

// TestAtLeast: a search that tries to make all runs first leaves out none of those up to its
// bound, knows when it has made all, and makes no more runs in vain than it is to.
func TestAtLeast(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	programs := []*Program{mapProgram(2, 2, 2), mapProgram(2, 4, 2), mapProgram(2, 5, 2), mapProgram(3, 2, 2), mapProgram(3, 3, 4), oneKey()}
	for k := range 100 {
		programs = append(programs, Any(r, 2+k%2, 7-2*(k%2)))
	}
	all, more, fewer := 0, 0, 0
	for k, p := range programs {
		any := explore(t, p, strategy.Unbounded)
		for bound, tries := range []int{32, 128} {
			e, within := exploreBy(t, p, strategy.NewAtLeast(bound), strategy.Unbounded), explore(t, p, bound)
			for trace := range within.traces {
				if e.traces[trace] == 0 {
					t.Fatalf("program %d, bound %d: missed a trace: %+v", k, bound, p)
				}
			}
			gaveUp := any.runs > tries
			switch complete := e.s.Progress().Complete; {
			case gaveUp && e.runs != tries+within.runs || !gaveUp && e.runs != any.runs:
				t.Fatalf("program %d, bound %d: %d runs; there are %d, and %d up to the bound", k, bound, e.runs, any.runs, within.runs)
			case !gaveUp && !complete || complete && len(e.traces) < len(any.traces):
				t.Fatalf("program %d, bound %d: complete is %v, with %d of %d traces", k, bound, complete, len(e.traces), len(any.traces))
			case gaveUp:
				more++
			default:
				all++
			}
			if e.runs < within.runs {
				fewer++
			}
		}
	}
	t.Logf("%d searches made all runs, %d gave that up, %d made fewer than up to the bound", all, more, fewer)
	if all < 100 || more < 5 || fewer < 20 {
		t.Error("want 100, 5 and 20 at least")
	}
}

// These are for more programs than a test has time for:
//
//	go test ./scheduler/strategy -run TestExhaustive$ -any 10000 -seed 2
var (
	anyPrograms = flag.Int("any", 400, "random programs to explore")
	anySeed     = flag.Int64("seed", 1, "their seed")
)

func TestExhaustive(t *testing.T) {
	r := rand.New(rand.NewSource(*anySeed))
	programs := *anyPrograms
	if testing.Short() {
		programs = min(programs, 60)
	}
	const most = 1000
	var interleavings, traces, runs, redundant int
	var bounded, needed [3]int
	for k := range programs {
		p := Any(r, 2+k%2, 7-2*(k%2))
		n, least := everyRun(p, most)
		if n > most {
			continue
		}
		one, again, by := covers(t, fmt.Sprintf("program %d", k), p, least)
		if t.Failed() {
			break
		}
		interleavings, traces, runs, redundant = interleavings+n, traces+len(least), runs+one, redundant+again
		for bound := range by {
			bounded[bound] += by[bound]
			for _, preemptions := range least {
				if preemptions <= bound {
					needed[bound]++
				}
			}
		}
	}
	t.Logf("%d interleavings, %d traces, %d runs, %d of them redundant", interleavings, traces, runs, redundant)
	for bound := range bounded {
		t.Logf("bound %d: %d runs for %d traces", bound, bounded[bound], needed[bound])
	}
}

// Programs of which earlier versions of the search missed something.
func TestExhaustiveLocks(t *testing.T) {
	for name, p := range map[string]*Program{
		"a lock that is kept": New([]Instr{Load(2), Lock(5)},
			[]Instr{Lock(5), Set(1), Store(0), Load(0), Unlock(5)}),
		"preempted while it has the lock": New([]Instr{Load(1), Lock(6), Unlock(6), Load(1)},
			[]Instr{StoreRange(1, 2), StoreRange(1, 2), Load(1), Lock(6), StoreRange(0, 2), Unlock(6)}),
		"before the first of two locks": New([]Instr{CAS(1, 0, 1), If(0, 3), Load(2), LoadRange(2, 2), Lock(6), Unlock(6), Lock(5), Unlock(5), Load(2)},
			[]Instr{Set(1), Store(2), Lock(5), AtomicAdd(1, 1), Call(), Return(), Unlock(5), Lock(5), Unlock(5)}),
		"who waits where all others are asleep": New([]Instr{Lock(6), CAS(2, 0, 1), If(0, 4), Load(1)},
			[]Instr{Load(2), Load(0), Lock(5)},
			[]Instr{AtomicAdd(2, 1), Lock(5), Unlock(5), Set(1), Store(1)}),
	} {
		n, least := everyRun(p, 1e6)
		if n > 1e6 {
			t.Fatalf("%s: too long", name)
		}
		covers(t, name, p, least)
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
	if runs, _ := search(t, oneKey(), 2); runs > 34 {
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
