package strategy_test

import (
	"slices"
	"testing"

	. "github.com/mapstress/mapstress/scheduler/internal/machine"
	"github.com/mapstress/mapstress/scheduler/strategy"
)

// failing replays decisions of a program, and says whether they fail.
func failing(p *Program) func(strategy.Decisions) bool {
	m := Machine{Program: p}
	return func(d strategy.Decisions) bool {
		r, _ := m.Run(strategy.NewReplay(d))
		return r.Failed || r.Deadlock
	}
}

// least is the least switches of decisions that fail, found by trying all up to a length.
func least(p *Program, workers, long int) (d strategy.Decisions) {
	fails := failing(p)
	var try func(d strategy.Decisions) bool
	for switches := 0; ; switches++ {
		for n := 0; n <= long; n++ {
			try = func(d strategy.Decisions) bool {
				if d.Switches() > switches {
					return false
				}
				if len(d) == n {
					return fails(d)
				}
				for w := range workers {
					if try(append(d, w)) {
						return true
					}
				}
				return false
			}
			if found := make(strategy.Decisions, 0, n); try(found) {
				return found[:n]
			}
		}
	}
}

// Whatever random run is begun with, what is left is the least there is.
func TestShrink(t *testing.T) {
	transfer := func(a, b int) []Instr {
		return []Instr{Load(5), Lock(a), Load(6), Lock(b), Store(7), Unlock(b), Unlock(a)}
	}
	for _, c := range []struct {
		name    string
		p       *Program
		workers int
		long    int // of the least decisions, at most
	}{
		{"depth 1", deep(1), 3, 2},
		{"depth 2", deep(2), 3, 12},
		{"depth 3", deep(3), 3, 6},
		{"deadlock", New(transfer(0, 1), transfer(1, 0)), 2, 6},
		{"three in a ring", New(transfer(0, 1), transfer(1, 2), transfer(2, 0)), 3, 8},
	} {
		want := least(c.p, c.workers, c.long)
		fails := failing(c.p)
		m, s := Machine{Program: c.p}, strategy.NewRandom(1)
		asked := 0
		for n := 0; n < 30; {
			r, _ := m.Run(s)
			if !r.Failed && !r.Deadlock {
				continue
			}
			n++
			d := strategy.Decisions(slices.Clone(r.Picks))
			shrink := func() strategy.Decisions {
				return strategy.Shrink(d, func(d strategy.Decisions) bool { asked++; return fails(d) })
			}
			got := shrink()
			if got.Switches() != want.Switches() || len(got) != len(want) || !fails(got) {
				t.Errorf("%s: %v of %v; want as few as in %v", c.name, got, d, want)
			}
			if again := shrink(); !slices.Equal(got, again) {
				t.Errorf("%s: %v, and then %v", c.name, got, again)
			}
		}
		t.Logf("%s: %v, %d candidates each time", c.name, want, asked/60)
	}
}

// Nothing smaller fails, or nothing more is to be asked.
func TestShrinkNothing(t *testing.T) {
	d := strategy.Decisions{0, 1, 1, 0}
	asked := map[string]bool{}
	got := strategy.Shrink(d, func(d strategy.Decisions) bool {
		if asked[d.String()] {
			t.Errorf("%v twice", d)
		}
		asked[d.String()] = true
		return false
	})
	if !slices.Equal(got, d) {
		t.Errorf("%v", got)
	}
	if got := strategy.Shrink(nil, func(strategy.Decisions) bool { t.Error("asked"); return true }); len(got) > 0 {
		t.Errorf("%v", got)
	}
	if got := strategy.Shrink(d, func(strategy.Decisions) bool { return true }); len(got) > 0 {
		t.Errorf("%v; want nothing, for nothing fails, too", got)
	}
}
