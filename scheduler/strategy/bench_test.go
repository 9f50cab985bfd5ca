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

var everyName = []string{"first", "replay", "random", "pct", "pos", "urw", "surw", "exhaustive", "exhaustive-bound"}

func everyStrategy(name string) strategy.Strategy {
	switch name {
	case "first":
		return first{}
	case "replay":
		return strategy.NewReplay(nil)
	case "exhaustive":
		return strategy.NewExhaustive(strategy.Unbounded)
	case "exhaustive-bound":
		return strategy.NewExhaustive(2)
	}
	return randomized[name](1)
}

// The program with which Shuttle was measured, simulated: 3 workers that call 5 ops each on a
// map of 4 shards with a lock each and an atomic counter. Shuttle needs 222 to 279 ns a point,
// switches and all. "first" is the simulated machine alone: what is above it is the strategy.
// Figures are the least of all batches of 100 runs.
func BenchmarkMap(b *testing.B) {
	for _, name := range everyName {
		b.Run(name, func(b *testing.B) {
			m, s := Machine{Program: mapProgram(3, 5, 4)}, everyStrategy(name)
			steps, picks, runs := 0, 0, 0
			least := Least(b.N, func() {
				steps, picks, runs = 0, 0, 0
				for range 100 {
					r, ok := m.Run(s)
					if !ok {
						s = everyStrategy(name)
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

// What a decision among three workers costs, with the step that follows. Runs have 48 of them;
// a sixth of the steps conflict with those of the others.
func BenchmarkDecision(b *testing.B) {
	const decisions, runs = 48, 50
	var points [3][decisions]strategy.Point
	for w := range points {
		for i := range points[w] {
			p := strategy.Point{Addr: uint64(8*(1+w)) + 1, Size: 8, Kind: strategy.Read}
			if i%6 == 0 {
				p.Addr, p.Kind = 1, strategy.AtomicWrite
			}
			points[w][i] = p
		}
	}
	for _, name := range everyName {
		b.Run(name, func(b *testing.B) {
			s := everyStrategy(name)
			var at [3]int
			pending := make([]strategy.Point, 3)
			view := strategy.View{Enabled: []int{0, 1, 2}, Pending: pending}
			least := Least(b.N, func() {
				for range runs {
					if !s.Begin(3) {
						s = everyStrategy(name)
						s.Begin(3)
					}
					for w := range at {
						at[w], pending[w] = 0, points[w][0]
					}
					view.Current, view.Stays = -1, false
					for range decisions - 1 {
						w := s.Pick(&view)
						s.Step(w, pending[w])
						at[w]++
						pending[w] = points[w][at[w]]
						view.Current, view.Stays = w, true
					}
					if l, ok := s.(strategy.Listener); ok {
						for w, p := range pending {
							l.Left(w, p)
						}
					}
					s.Finish()
				}
			})
			b.ReportMetric(float64(least.Nanoseconds())/runs/(decisions-1), "ns/decision")
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
