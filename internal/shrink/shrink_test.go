package shrink

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
)

// A bug is a way to fail by chance: how often a schedule does that has what it
// takes, as the schedule was found.
type bug struct {
	name string
	rate float64 // of the schedule as found
	// of says how often a schedule fails that has what it takes, in parts of rate.
	of func(*scheduler.Schedule) float64
}

var bugs = []bug{
	{"as often at any size", 0.3, func(*scheduler.Schedule) float64 { return 1 }},
	{"seldom", 0.002, func(*scheduler.Schedule) float64 { return 1 }},
	{"very seldom", 1e-4, func(*scheduler.Schedule) float64 { return 1 }},
	{"more often if small", 0.002, func(s *scheduler.Schedule) float64 { return 10 / float64(s.Ops()) }},
	{"less often if small", 0.02, func(s *scheduler.Schedule) float64 { return min(1, math.Sqrt(float64(s.Ops())/20)) }},
}

func (b *bug) chance(s *scheduler.Schedule) float64 {
	if !insertMeetsLoad(s) {
		return 0
	}
	return min(1, b.rate*b.of(s))
}

// failing returns schedules of two scenarios for which the bug fails.
func failing(t testing.TB, b *bug, n int) (all []*scheduler.Schedule) {
	for seed := uint64(0); len(all) < n; seed++ {
		name := []string{"reader-against-writer", "mixed"}[seed%2]
		if s := generate(t, name, seed); b.chance(s) > 0 {
			all = append(all, s)
		}
	}
	return all
}

// TestMinimum: whatever the rate, two ops are left of two dozen, and nothing that a
// pass proposes fails any more. Each of some ten necessary cuts is overlooked once
// in 20 times at most, and most of them can be made in several ways; of the 50
// shrinks here all but one come to the minimum.
func TestMinimum(t *testing.T) {
	missed, all := 0, 0
	for _, b := range bugs {
		for i, schedule := range failing(t, &b, 10) {
			s := &simulation{seed: uint64(i), chance: b.chance}
			c, err := Run(context.Background(), s.found(t, schedule), s.config(1))
			if err != nil {
				t.Fatal(err)
			}
			all++
			if !c.Shrunk.Done || c.Shrunk.From != schedule.Ops() || c.Original != schedule || c.Shrunk.Refused != "" {
				t.Errorf("%s: %+v; want it done, from %d ops", b.name, c.Shrunk, schedule.Ops())
			}
			if c.Schedule.Ops() != 2 || c.Schedule.Prefill != 8 || !oneMinimal(t, &b, c) {
				missed++
				t.Logf("%s, seed %d: shrinks to\n%s", b.name, i, c.Schedule.Text())
			}
			t.Logf("%s: %d ops to %d, %d runs, %s", b.name, schedule.Ops(), c.Schedule.Ops(), s.runs, c.Reproduced)
		}
	}
	if missed > all/10 {
		t.Errorf("%d of %d shrinks miss the minimum", missed, all)
	}
}

// TestBox: within 5 s, of 100,000 runs each, what fails once in 500 runs is small
// enough to read, and nothing that takes longer is called done.
func TestBox(t *testing.T) {
	for _, b := range bugs {
		large, all := 0, 0
		for i, schedule := range failing(t, &b, 10) {
			s := &simulation{seed: uint64(i), chance: b.chance}
			config := s.config(1)
			config.Time = 5 * time.Second
			c, err := Run(context.Background(), s.found(t, schedule), config)
			if err != nil {
				t.Fatal(err)
			}
			all++
			if c.Schedule.Ops() > 4 || len(c.Schedule.Workers) > 2 {
				large++
				if c.Shrunk.Done {
					t.Errorf("%s, seed %d: done, with\n%s", b.name, i, c.Schedule.Text())
				}
			}
			t.Logf("%s: %d ops to %d, done: %v, %d runs", b.name, schedule.Ops(), c.Schedule.Ops(), c.Shrunk.Done, s.runs)
		}
		if b.rate >= 0.002 && large > all/10 {
			t.Errorf("%s: %d of %d are large", b.name, large, all)
		}
	}
}

// oneMinimal reports whether no candidate of any pass fails often enough.
func oneMinimal(t *testing.T, b *bug, c *corpus.Case) bool {
	for _, pass := range scenarios.Passes(space) {
		if c.Shrunk.Amplified && slices.Contains(amplified, pass.Name) {
			continue
		}
		candidates := pass.Shrink(c.Schedule)
		for next := nextSchedule(candidates); next != nil; next = nextSchedule(candidates) {
			if b.chance(next) >= b.chance(c.Schedule) {
				t.Logf("%s: fails as often:\n%s", pass.Name, next.Text())
				return false
			}
		}
	}
	return true
}

// rarer fails less often the smaller it is: each op is worth a factor.
func rarer(s *scheduler.Schedule) float64 {
	if !insertMeetsLoad(s) {
		return 0
	}
	return min(0.6, 0.009*math.Pow(1.6, float64(min(s.Ops(), 12)-2)))
}

// TestMinRate: what is asked for is kept, and by default what is small may fail less
// often, as long as that is said and no less than a hundredth.
func TestMinRate(t *testing.T) {
	schedule, err := scheduler.Parse(`mapstress schedule v1
shape int/int
prefill 8
timing procs=2
w0 store k9 v20
w0 store k10 v21
w0 store k11 v22
w0 store k12 v23
w0 store k13 v24
w0 store k14 v25
w1 load k1
w1 load k2
w1 load k3
w1 load k4
w1 load k5
w1 load k6
`)
	if err != nil {
		t.Fatal(err)
	}
	ops := map[float64]int{}
	for _, least := range []float64{0, 0.5, 0.1, 0.001} {
		s := &simulation{seed: 3, chance: rarer}
		config := s.config(2)
		config.MinRate = least
		c, err := Run(context.Background(), s.found(t, schedule), config)
		if err != nil {
			t.Fatal(err)
		}
		ops[least] = c.Schedule.Ops()
		share, known := c.Share()
		truly := rarer(c.Schedule) / rarer(schedule)
		if !known || share < truly/2 || share > 2*truly {
			t.Errorf("least %v: said to fail %v as often, and fails %v as often", least, share, truly)
		}
		// Half as often as is asked for is as far as a test lets anything pass
		// but once in some hundred.
		if wanted := max(least, 0.01); truly < wanted/2.5 {
			t.Errorf("least %v: fails %v as often", least, truly)
		}
	}
	if ops[0] != 2 || ops[0.001] != 2 || ops[0.5] <= ops[0.1] || ops[0.1] <= 2 {
		t.Errorf("ops by least rate: %v; want more of them the more often it must fail", ops)
	}
}
