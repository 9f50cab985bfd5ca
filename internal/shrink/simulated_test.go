package shrink

import (
	"context"
	"hash/fnv"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// A simulation stands in for a target: each schedule has a chance of failing, and
// whether the run of some number fails depends on that, the seed, the schedule and
// the number alone.
type simulation struct {
	seed   uint64
	chance func(*scheduler.Schedule) float64
	// busy says whether the machine has other things to do, by the runs so far: then
	// workers meet in one run of ten. Nil is never.
	busy func(runs int) bool

	mu   sync.Mutex
	runs int // guarded by mu; of all lanes
}

// A simulatedLane is one runner of a simulation. A run takes 10 microseconds.
type simulatedLane struct{ *simulation }

func (s simulatedLane) Run(ctx context.Context, schedule *scheduler.Schedule, limit Limit) (o Outcome, err error) {
	name := fnv.New64a()
	name.Write([]byte(schedule.Text()))
	chance, own, every := s.chance(schedule), s.seed^name.Sum64(), 1
	s.mu.Lock()
	if s.busy != nil && s.busy(s.runs) {
		every = 10
	}
	s.mu.Unlock()
	for n := limit.First; n < limit.First+limit.Runs; n++ {
		o.Runs++
		o.Time = time.Duration(o.Runs) * usualRun
		if limit.Time > 0 && o.Time > limit.Time {
			break
		}
		if n%every != 0 {
			continue
		}
		o.Met++
		if float64(mix(own^mix(uint64(n)))>>11)/(1<<53) < chance {
			o.Failed++
			o.Failing = &Failing{Verdict: lost}
		}
		if limit.Failures > 0 && o.Failed == limit.Failures {
			break
		}
	}
	for range mix(own) % 7 { // lanes end in any order
		runtime.Gosched()
	}
	s.mu.Lock()
	s.runs += o.Runs
	s.mu.Unlock()
	return o, ctx.Err()
}

// now is a clock that goes by runs: that of a machine with one lane.
func (s *simulation) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Time{}.Add(time.Duration(s.runs) * usualRun)
}

// mix is the finalizer of SplitMix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

var lost = oracle.Verdict{Class: oracle.SilentCorruption, Rule: "lost-key"}

// config has that many lanes of the simulation.
func (s *simulation) config(lanes int) Config {
	c := Config{Space: space, now: s.now}
	for range lanes {
		c.Lanes = append(c.Lanes, simulatedLane{s})
	}
	return c
}

// found is a case as a search hands it over: its rate is that of 2000 runs, or of
// as many as it takes to fail.
func (s *simulation) found(t testing.TB, schedule *scheduler.Schedule) *corpus.Case {
	t.Helper()
	limit := Limit{First: 1 << 30, Runs: 2000}
	o, _ := simulatedLane{s}.Run(context.Background(), schedule, limit)
	if o.Failed == 0 {
		limit.Runs, limit.Failures = 1<<24, 3
		o, _ = simulatedLane{s}.Run(context.Background(), schedule, limit)
	}
	if o.Failed == 0 {
		t.Fatalf("never fails:\n%s", schedule.Text())
	}
	s.runs = 0
	return &corpus.Case{Target: "simulated", Verdict: lost, Schedule: schedule, Reproduced: o.Rate}
}

var space = scenarios.Space{
	Kinds: history.Kinds(), Procs: 2, Boundaries: history.Boundaries{Up: []int{8, 14, 28, 56}},
	Shapes: []target.Shape{{Key: "int", Value: "int"}, {Key: "string", Value: "string"}},
}

func generate(t testing.TB, name string, seed uint64) *scheduler.Schedule {
	t.Helper()
	scenario, err := scenarios.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return scenario.Generate(space, seed)
}

// meets counts the pairs of ops of different workers that f accepts.
func meets(s *scheduler.Schedule, f func(a, b history.Op) bool) (n int) {
	for i, ops := range s.Workers {
		for j, others := range s.Workers {
			for _, a := range ops {
				for _, b := range others {
					if i != j && f(a, b) {
						n++
					}
				}
			}
		}
	}
	return n
}

// insertMeetsLoad: an insert of a fresh key at a boundary, and a load by another
// worker. The minimum is two ops.
func insertMeetsLoad(s *scheduler.Schedule) bool {
	at := s.Prefill == 8 || s.Prefill == 14 || s.Prefill == 28 || s.Prefill == 56
	return at && meets(s, func(a, b history.Op) bool {
		return a.Kind == history.Store && a.Key > uint64(s.Prefill) && b.Kind == history.Load
	}) > 0
}
