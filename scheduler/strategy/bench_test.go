package strategy_test

import (
	"testing"

	. "github.com/mapstress/mapstress/scheduler/internal/machine"
	"github.com/mapstress/mapstress/scheduler/strategy"
)

// first always picks the first: what is left of a run without a strategy.
type first struct{}

func (first) Begin(int) bool            { return true }
func (first) Pick(v *strategy.View) int { return v.Enabled[0] }
func (first) Step(int, strategy.Point)  {}
func (first) Finish()                   {}

// The program with which Shuttle was measured, simulated: 3 workers that call 5 ops each on a
// map of 4 shards with a lock each and an atomic counter. Shuttle needs 222 to 279 ns a point,
// switches and all. "first" is the simulated machine alone: what is above it is the strategy.
// Figures are the least of all batches of 100 runs.
func BenchmarkMap(b *testing.B) {
	strategies := map[string]func() strategy.Strategy{
		"first":            func() strategy.Strategy { return first{} },
		"replay":           func() strategy.Strategy { return strategy.NewReplay(nil) },
		"exhaustive":       func() strategy.Strategy { return strategy.NewExhaustive(strategy.Unbounded) },
		"exhaustive-bound": func() strategy.Strategy { return strategy.NewExhaustive(2) },
	}
	for name, make := range randomized {
		strategies[name] = func() strategy.Strategy { return make(1) }
	}
	for _, name := range []string{"first", "replay", "random", "pct", "pos", "urw", "surw", "exhaustive", "exhaustive-bound"} {
		b.Run(name, func(b *testing.B) {
			m, s := Machine{Program: mapProgram(3, 5, 4)}, strategies[name]()
			steps, picks, runs := 0, 0, 0
			least := Least(b.N, func() {
				steps, picks, runs = 0, 0, 0
				for range 100 {
					r, ok := m.Run(s)
					if !ok {
						s = strategies[name]()
						continue
					}
					steps, picks, runs = steps+r.Steps, picks+len(r.Picks), runs+1
				}
			})
			b.ReportMetric(float64(least.Nanoseconds())/float64(runs), "ns/run")
			b.ReportMetric(float64(least.Nanoseconds())/float64(steps), "ns/point")
			b.ReportMetric(float64(steps)/float64(runs), "points/run")
			b.ReportMetric(float64(picks)/float64(runs), "decisions/run")
		})
	}
}

// How many runs it takes to explore a program completely.
func BenchmarkExhaust(b *testing.B) {
	for _, c := range []struct {
		name        string
		p           *Program
		preemptions int
	}{
		{"2x2", mapProgram(2, 2, 2), strategy.Unbounded},
		{"2x2-bound-2", mapProgram(2, 2, 2), 2},
		{"2x2-one-key", oneKey(), strategy.Unbounded},
		{"2x2-one-key-bound-2", oneKey(), 2},
		{"2x5", mapProgram(2, 5, 2), strategy.Unbounded},
		{"3x2", mapProgram(3, 2, 2), strategy.Unbounded},
		{"3x5-bound-1", mapProgram(3, 5, 4), 1},
	} {
		b.Run(c.name, func(b *testing.B) {
			m := Machine{Program: c.p}
			var p strategy.Progress
			least := Least(b.N, func() {
				s := strategy.NewExhaustive(c.preemptions)
				for {
					if _, ok := m.Run(s); !ok {
						break
					}
				}
				p = s.Progress()
			})
			b.ReportMetric(float64(p.Runs), "runs")
			b.ReportMetric(float64(p.Redundant), "redundant")
			b.ReportMetric(float64(least.Nanoseconds())/float64(p.Runs), "ns/run")
		})
	}
}
