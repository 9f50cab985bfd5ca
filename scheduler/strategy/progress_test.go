package strategy_test

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	. "github.com/mapstress/mapstress/scheduler/internal/machine"
	"github.com/mapstress/mapstress/scheduler/strategy"
)

// A search that is written down and read back after every run makes the same runs: what it keeps of
// the one before saves it work, and decides nothing.
func TestResume(t *testing.T) {
	programs := []*Program{mapProgram(2, 4, 2)}
	r := rand.New(rand.NewSource(*anySeed))
	for range *anyPrograms / 4 {
		workers := 2 + r.Intn(5)
		programs = append(programs, Any(r, workers, []int{8, 5, 4, 3, 2}[workers-2]))
	}
	for name, search := range map[string]func() *strategy.Exhaustive{
		"0":          func() *strategy.Exhaustive { return strategy.NewExhaustive(0) },
		"2":          func() *strategy.Exhaustive { return strategy.NewExhaustive(2) },
		"at least 0": func() *strategy.Exhaustive { return strategy.NewAtLeast(0) },
		"any":        func() *strategy.Exhaustive { return strategy.NewExhaustive(strategy.Unbounded) },
	} {
		for k, p := range programs {
			resume(t, fmt.Sprintf("bound %s, program %d", name, k), p, search)
		}
	}
}

// resume compares the runs of two searches, of which one is written down and read back. It makes
// not all of those of which there are many.
func resume(t *testing.T, name string, p *Program, search func() *strategy.Exhaustive) {
	t.Helper()
	straight, resumed := search(), search()
	for run := range 300 {
		text, err := resumed.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		resumed = new(strategy.Exhaustive)
		if err := resumed.UnmarshalText(text); err != nil {
			t.Fatalf("%v:\n%s", err, text)
		}
		a, b := Machine{Program: p}, Machine{Program: p}
		r1, ok1 := a.Run(straight)
		r2, ok2 := b.Run(resumed)
		got, want := strategy.Decisions(r2.Picks).String(), strategy.Decisions(r1.Picks).String()
		if ok1 != ok2 || got != want {
			t.Fatalf("%s, run %d: %s (%v); want %s (%v)", name, run, got, ok2, want, ok1)
		}
		if straight.Progress() != resumed.Progress() {
			t.Fatalf("%s, run %d: %+v; want %+v", name, run, resumed.Progress(), straight.Progress())
		}
		if !ok1 {
			break
		}
	}
}

func TestStateErrors(t *testing.T) {
	const head = "mapstress exhaustive v1\n"
	const counts = "most=2 bound=1 runs=1 redundant=0 before=0 cut=0 ended=0\n"
	for _, c := range []struct{ text, want string }{
		{"", `line 1: ""; want "mapstress exhaustive v1"`},
		{head, "it ends after line 1; want the counts"},
		{head + "most=2\n", `line 2: "most=2" has 1 words; want 7`},
		{head + strings.Replace(counts, "runs=1", "runs=x", 1), `line 2: runs: "x" is no number from 0 to 9223372036854775807`},
		{head + strings.Replace(counts, "cut=0", "cut=2", 1), `line 2: cut: "2" is no number from 0 to 1`},
		{head + strings.Replace(counts, "runs", "run", 1), `line 2: "run=1"; want runs=N`},
		{head + counts, "0 decisions, ended=0; want decisions unless it has ended"},
		{head + counts + "0 1 3 3", `line 3: "0 1 3 3" has 4 words; want 5`},
		{head + counts + "64 1 3 3 0", `line 3: "64" is no number from 0 to 63`},
		{head + counts + "0 1 g 3 0", `line 3: "g" is no set of workers, in hexadecimal`},
		{head + counts + "0 1 3 1 1", `line 3: "0 1 3 1 1": want the worker among those to be picked`},
	} {
		err := new(strategy.Exhaustive).UnmarshalText([]byte(c.text))
		if err == nil || !strings.HasPrefix(err.Error(), "state of a search: "+c.want) {
			t.Errorf("%q: %v; want %s", c.text, err, c.want)
		}
	}
}

func FuzzState(f *testing.F) {
	s := strategy.NewExhaustive(1)
	m := Machine{Program: mapProgram(2, 2, 4)}
	for range 5 {
		m.Run(s)
		text, _ := s.MarshalText()
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := new(strategy.Exhaustive)
		if s.UnmarshalText([]byte(text)) != nil {
			return
		}
		s.Progress()
		m.Run(s) // whatever it says, a run can be made, or it is said that it does not fit
		s.Progress()
	})
}

// What is left is known in the end, and estimated before: within a factor of ten, once a
// tenth of the runs is made. (It is what the estimate is good for, not a promise.)
func TestEstimate(t *testing.T) {
	p := New(Code(Times(4, Store(0))), Code(Times(4, Store(0))), Code(Times(2, Store(0))))
	whole := explore(t, p, strategy.Unbounded).runs
	s := strategy.NewExhaustive(strategy.Unbounded)
	m := Machine{Program: p}
	for run := 1; ; run++ {
		if _, ok := m.Run(s); !ok {
			break
		}
		progress := s.Progress()
		if progress.Runs != run || progress.Explored < 0 || progress.Explored > 1+1e-9 {
			t.Fatalf("run %d: %+v", run, progress)
		}
		if total := run + progress.Left; run >= whole/10 && !progress.Ended && (total < whole/10 || total > whole*10) {
			t.Fatalf("run %d of %d: %+v", run, whole, progress)
		}
	}
	progress := s.Progress()
	if !progress.Ended || !progress.Complete || progress.Explored != 1 || progress.Left != 0 {
		t.Errorf("%+v", progress)
	}
	if whole != 3150 { // 10!/(4! 4! 2!)
		t.Errorf("%d runs", whole)
	}
}

func TestProgressText(t *testing.T) {
	for _, c := range []struct {
		p    strategy.Progress
		want string
	}{
		{strategy.Progress{Runs: 20, Bound: 2, Ended: true, Complete: true}, "explored completely in 20 runs"},
		{strategy.Progress{Runs: 20, Bound: 1, Ended: true}, "explored completely up to 1 preemption in 20 runs"},
		{strategy.Progress{Bound: 0}, "0 runs, now up to 0 preemptions"},
		{strategy.Progress{Runs: 10, Bound: strategy.Unbounded, Explored: 0.25, Left: 30},
			"10 runs, now at any number of preemptions: 25 % explored, about 30 runs left"},
	} {
		if got := c.p.String(); got != c.want {
			t.Errorf("%q; want %q", got, c.want)
		}
	}
}
