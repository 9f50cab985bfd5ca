package strategy_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	. "github.com/mapstress/mapstress/scheduler/internal/machine"
	"github.com/mapstress/mapstress/scheduler/strategy"
)

// randomized is every strategy that goes by chance, by name.
var randomized = map[string]func(seed uint64) strategy.Strategy{
	"random": func(seed uint64) strategy.Strategy { return strategy.NewRandom(seed) },
	"pct":    func(seed uint64) strategy.Strategy { return strategy.NewPCT(seed, 3) },
	"pos":    func(seed uint64) strategy.Strategy { return strategy.NewPOS(seed) },
	"surw":   func(seed uint64) strategy.Strategy { return strategy.NewSURW(seed) },
	"urw":    func(seed uint64) strategy.Strategy { return strategy.NewURW(seed) },
}

// leastOf is how many of so many runs at least meet what each does with chance p: fewer
// have a chance of less than 1e-9, by Chernoff's bound exp(-x*x*n*p/2) for (1-x)*n*p.
func leastOf(runs int, p float64) int {
	mean := float64(runs) * p
	x := math.Sqrt(2 * 20.8 / mean)
	if x > 0.7 {
		panic("too few runs to tell")
	}
	return int((1 - x) * mean)
}

// failures makes runs, and counts those that fail.
func failures(t *testing.T, p *Program, s strategy.Strategy, runs int) (n int) {
	t.Helper()
	m := Machine{Program: p}
	for range runs {
		r, ok := m.Run(s)
		if !ok || r.TooLong || r.Deadlock {
			t.Fatalf("%+v, %v", r, ok)
		}
		if r.Failed {
			n++
		}
	}
	return n
}

// interleavings makes runs, and counts how often each interleaving came.
func interleavings(t *testing.T, p *Program, s strategy.Strategy, runs int, only func(strategy.Point) bool) map[string]int {
	t.Helper()
	var order []byte
	m := Machine{Program: p, Observe: func(w int, p strategy.Point) {
		if only == nil || only(p) {
			order = append(order, byte('0'+w))
		}
	}}
	seen := map[string]int{}
	for range runs {
		order = order[:0]
		if _, ok := m.Run(s); !ok {
			t.Fatal("no run")
		}
		seen[string(order)]++
	}
	return seen
}

// The seed decides everything.
func TestSeed(t *testing.T) {
	p := New(Times(20, Store(0)), Times(20, Store(0)), Times(20, Store(0)))
	for name, make := range randomized {
		picks := func(seed uint64) (all []int) {
			m := Machine{Program: p}
			s := make(seed)
			for range 20 {
				r, _ := m.Run(s)
				all = append(all, r.Picks...)
			}
			return all
		}
		if !slices.Equal(picks(1), picks(1)) {
			t.Errorf("%s: the same seed gave other runs", name)
		}
		if slices.Equal(picks(1), picks(2)) {
			t.Errorf("%s: another seed gave the same runs", name)
		}
	}
}

// No strategy allocates, once it has seen a program.
func TestRunsAllocateNothing(t *testing.T) {
	p := mapProgram(3, 5, 4)
	for name, make := range randomized {
		m, s := Machine{Program: p}, make(1)
		for range 100 {
			m.Run(s)
		}
		if n := testing.AllocsPerRun(100, func() { m.Run(s) }); n > 0 {
			t.Errorf("%s: %v allocations a run", name, n)
		}
	}
}

// Each interleaving of two workers of 4 steps, with at most 7 decisions, has a chance of at
// least 1/2^7; that one of the 70 is missed in 3300 runs: 70 * (1-1/128)^3300 = 4e-10.
func TestRandomOdds(t *testing.T) {
	seen := interleavings(t, New(Times(4, Store(0)), Times(4, Store(0))), strategy.NewRandom(1), 3300, nil)
	if len(seen) != 70 {
		t.Errorf("%d of 70 interleavings", len(seen))
	}
}

// deep has bugs of depth 1, 2 and 3 in a program of three workers.
func deep(depth int) *Program {
	noise := Times(5, Store(5))
	window := func(a int) []Instr { return []Instr{Set(1), Store(a), Set(0), Store(a)} }
	switch depth {
	case 1: // w1 reads after w0 has written, and all else is free
		return New([]Instr{Set(1), Store(0)}, []Instr{Load(0), FailIf(1)}, noise)
	case 2: // w1 reads in the midst of w0
		return New(Code(noise, window(0), noise), Code(noise, []Instr{Load(0), FailIf(1)}), noise)
	default: // w1 reads in the midst of w0, and once more when w0 has gone on
		return New(Code(window(0), []Instr{Set(1), Store(1)}), []Instr{Load(0), Else(1, 4), Load(1), FailIf(1), Store(5)}, []Instr{Store(5)})
	}
}

// 1 of n k^(d-1) runs at least meets a bug of depth d. That any of them is met less often
// than is wanted here has a chance below 1e-9.
func TestPCTGuarantee(t *testing.T) {
	for depth := 1; depth <= 3; depth++ {
		p := deep(depth)
		s := strategy.NewPCT(uint64(depth), depth)
		failures(t, p, s, 200) // so that it knows how long runs are
		chance := 1 / (3 * math.Pow(float64(s.Longest()), float64(depth-1)))
		runs := int(400 / chance)
		if got, want := failures(t, p, s, runs), leastOf(runs, chance); got < want {
			t.Errorf("depth %d: %d of %d runs; want %d at least, as k is %d", depth, got, runs, want, s.Longest())
		} else {
			t.Logf("depth %d: %d of %d runs; %d are certain", depth, got, runs, want)
		}
		if s.Depth() != depth {
			t.Errorf("depth %d: %d", depth, s.Depth())
		}
	}
}

// One step before which another worker has done 18: 1/20 at least by POS, 1/2^19 by a
// random walk. That POS meets it less often than is wanted has a chance below 1e-9, that
// the walk meets it at all 0.02.
func TestPOSOdds(t *testing.T) {
	late := New([]Instr{Load(0), FailIf(1)}, Code(Times(18, Store(1)), []Instr{Set(1), Store(0)}))
	const runs = 10000
	got, want := failures(t, late, strategy.NewPOS(1), runs), leastOf(runs, 1.0/20)
	if got < want {
		t.Errorf("%d of %d runs; want %d at least", got, runs, want)
	}
	t.Logf("%d of %d runs; a random walk: %d", got, runs, failures(t, late, strategy.NewRandom(1), runs))
}

// Whatever else is done, all orders of the steps at one place have the same chance: 1/20 for
// two workers of 3 steps each. That any of them is met less often than is wanted here has a
// chance below 20e-9, for this seed none.
func TestSURWOdds(t *testing.T) {
	p := New(Code(Times(30, Store(1)), Times(3, Store(0))), Times(3, Store(0)))
	s := strategy.NewSURW(1)
	failures(t, p, s, 10) // so that it knows where the place is, and how many steps there are
	const runs = 10000
	seen := interleavings(t, p, s, runs, func(p strategy.Point) bool { return p.Addr == 1 })
	for order, n := range seen {
		if n < leastOf(runs, 1.0/20) {
			t.Errorf("%s: %d of %d runs", order, n, runs)
		}
	}
	if len(seen) != 20 {
		t.Errorf("%d of 20 orders", len(seen))
	}
}

// All interleavings have the same chance: 1 of 28, for workers of 2 and 6 steps. As above.
func TestURWOdds(t *testing.T) {
	p := New(Times(2, Store(0)), Times(6, Store(1)))
	s := strategy.NewURW(1)
	failures(t, p, s, 1)
	const runs = 10000
	seen := interleavings(t, p, s, runs, nil)
	for order, n := range seen {
		if n < leastOf(runs, 1.0/28) {
			t.Errorf("%s: %d of %d runs", order, n, runs)
		}
	}
	if len(seen) != 28 {
		t.Errorf("%d of 28 interleavings", len(seen))
	}
}

// spinning workers wait for a lock in a loop that reads, and increment under it.
func spinning(workers int) *Program {
	code := []Instr{
		AtomicLoad(0), If(0, 4), Yield(), Else(-1, 0),
		CAS(0, 0, 1), If(0, 0),
		Load(1), Plus(1), Store(1),
		Set(0), AtomicStore(0),
	}
	var codes [][]Instr
	for range workers {
		codes = append(codes, code)
	}
	return New(codes...)
}

// Nobody who spins keeps others away for ever, or for long.
func TestSpinLoopsEnd(t *testing.T) {
	for name, make := range randomized {
		for workers := 2; workers <= 4; workers++ {
			m := Machine{Program: spinning(workers), MaxSteps: 1000}
			s := make(1)
			for run := range 500 {
				if r, _ := m.Run(s); r.TooLong || r.Deadlock {
					t.Fatalf("%s, %d workers: run %d does not end: %v", name, workers, run, strategy.Decisions(r.Picks))
				}
			}
		}
	}
}

// A yield that is in no loop hides nothing: the worker may go on at once.
func TestYieldHidesNothing(t *testing.T) {
	p := New([]Instr{Yield(), Set(1), Store(0)}, []Instr{Load(1), Load(0), FailIf(1)})
	for name, make := range randomized {
		// PCT is not meant to: it lowers the priority for good.
		if n := failures(t, p, make(1), 1000); n == 0 && name != "pct" {
			t.Errorf("%s: never went on after a yield", name)
		}
	}
}

func TestReplay(t *testing.T) {
	p := mapProgram(3, 5, 4)
	m := Machine{Program: p, Traced: true}
	random := strategy.NewRandom(1)
	for range 20 {
		r, _ := m.Run(random)
		want, d := r.Trace, slices.Clone(r.Picks)
		for range 3 {
			s := strategy.NewReplay(d)
			r, _ = m.Run(s)
			if err := s.Err(); err != nil || s.Beyond() > 0 || r.Trace != want || !slices.Equal(r.Picks, d) {
				t.Fatalf("%v: %v, %d beyond, replayed as %v", strategy.Decisions(d), err, s.Beyond(), strategy.Decisions(r.Picks))
			}
		}
	}
}

func TestReplayOfAnotherProgram(t *testing.T) {
	two := New(Times(2, Store(0)), Times(2, Store(0)))
	for _, c := range []struct {
		d      strategy.Decisions
		beyond int
		err    string
	}{
		{nil, 2, "<nil>"}, // w0 as long as it can
		{strategy.Decisions{1, 1}, 0, "<nil>"},
		{strategy.Decisions{0, 1, 0}, 0, "<nil>"},
		{strategy.Decisions{0, 2, 1}, 0, "decision 2 of 3: worker 2 was to go on, and only [0 1] could"},
		{strategy.Decisions{0, 0, 0}, 0, "the run ended after 2 of 3 decisions"},
	} {
		m, s := Machine{Program: two}, strategy.NewReplay(c.d)
		m.Run(s)
		if got := fmt.Sprint(s.Err()); got != c.err || s.Beyond() != c.beyond {
			t.Errorf("%v: %s, %d beyond; want %s, %d", c.d, got, s.Beyond(), c.err, c.beyond)
		}
	}
}
