package shrink

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
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

// TestLanes: what comes of a shrink does not depend on how many lanes there are, nor
// does what is told of it.
func TestLanes(t *testing.T) {
	for _, b := range bugs {
		for i, schedule := range failing(t, &b, 4) {
			var first string
			var told []string
			for _, lanes := range []int{1, 2, 5} {
				s := &simulation{seed: uint64(i), chance: b.chance}
				given, config, n := s.found(t, schedule), s.config(lanes), 0
				config.Tried = func(step Step) {
					text := step.Pass + step.Schedule.Text()
					if lanes == 1 {
						told = append(told, text)
					} else if n >= len(told) || told[n] != text {
						t.Fatalf("%s: with %d lanes step %d is another one: %s", b.name, lanes, n, text)
					}
					n++
				}
				c, err := Run(context.Background(), given, config)
				if err != nil {
					t.Fatal(err)
				}
				switch text := string(c.Format()); {
				case lanes == 1:
					first = text
				case text != first || n != len(told):
					t.Fatalf("%s: with %d lanes\n%swith one\n%s", b.name, lanes, text, first)
				}
			}
		}
	}
}

// TestResumed: a shrink that runs out of time again and again, and goes on from the
// file each time, comes to the minimum, and tries hardly more than one that has all
// the time: each time it starts, it measures, and goes through a candidate again.
func TestResumed(t *testing.T) {
	b := bugs[1]
	for i, schedule := range failing(t, &b, 5) {
		s := &simulation{seed: uint64(i), chance: b.chance}
		whole, parts := 0, 0
		config := s.config(1)
		config.Tried = func(Step) { whole++ }
		if _, err := Run(context.Background(), s.found(t, schedule), config); err != nil {
			t.Fatal(err)
		}
		c, rounds := s.found(t, schedule), 0
		for ; !c.Shrunk.Done; rounds++ {
			if rounds == 100 {
				t.Fatalf("no end: %+v\n%s", c.Shrunk, c.Schedule.Text())
			}
			config := s.config(1)
			config.Time = 500 * time.Millisecond // of 50,000 runs
			config.Tried = func(Step) { parts++ }
			next, err := Run(context.Background(), c, config)
			if err != nil {
				t.Fatal(err)
			}
			if c, err = corpus.Parse("case", next.Format()); err != nil {
				t.Fatal(err)
			}
		}
		t.Logf("%d rounds to %d ops, %d candidates, and %d in one go", rounds, c.Schedule.Ops(), parts, whole)
		if c.Schedule.Ops() != 2 || c.Original.Text() != schedule.Text() || c.Shrunk.From != schedule.Ops() {
			t.Errorf("after %d rounds, from %d ops:\n%s", rounds, c.Shrunk.From, c.Schedule.Text())
		}
		if rounds < 3 || parts > 2*whole+2*rounds {
			t.Errorf("%d rounds tried %d candidates, and one that has the time %d", rounds, parts, whole)
		}
	}
}

// TestKilled: whoever keeps what Save is told has the last step, and can go on.
func TestKilled(t *testing.T) {
	b := bugs[0]
	schedule := failing(t, &b, 1)[0]
	for after := 1; ; after++ {
		s := &simulation{seed: 7, chance: b.chance}
		ctx, cancel := context.WithCancel(context.Background())
		config := s.config(1)
		var kept *corpus.Case
		saves := 0
		config.Save = func(c *corpus.Case) {
			if saves++; saves == after {
				kept = c
				cancel()
			}
		}
		c, err := Run(ctx, s.found(t, schedule), config)
		cancel()
		if kept == nil {
			if after < 3 {
				t.Fatalf("only %d steps", after-1)
			}
			return
		}
		if !errors.Is(err, context.Canceled) || c.Schedule.Text() != kept.Schedule.Text() {
			t.Fatalf("step %d: %v, with\n%sthough\n%swas kept", after, err, c.Schedule.Text(), kept.Schedule.Text())
		}
		again, err := corpus.Parse("case", kept.Format())
		if err != nil {
			t.Fatal(err)
		}
		end, err := Run(context.Background(), again, s.config(1))
		if err != nil || !end.Shrunk.Done || end.Schedule.Ops() != 2 || end.Original.Text() != schedule.Text() {
			t.Errorf("after step %d: %v, %+v\n%s", after, err, end.Shrunk, end.Schedule.Text())
		}
	}
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

// TestBusyMachine: now and then the machine is so busy that workers meet in a tenth of
// the runs only. That takes ten times as long, and changes nothing.
func TestBusyMachine(t *testing.T) {
	for _, b := range bugs[:2] {
		for i, schedule := range failing(t, &b, 5) {
			s := &simulation{seed: uint64(i), chance: b.chance, busy: func(runs int) bool { return runs/5000%2 == 1 }}
			c, err := Run(context.Background(), s.found(t, schedule), s.config(1))
			if err != nil {
				t.Fatal(err)
			}
			if c.Schedule.Ops() != 2 || !c.Shrunk.Done {
				t.Errorf("%s: %+v\n%s", b.name, c.Shrunk, c.Schedule.Text())
			}
		}
	}
}

// TestControl: from some time on all fails a tenth as often, for a reason that nobody
// sees. The round in which that happens is spoilt, not the shrink.
func TestControl(t *testing.T) {
	b := bugs[0]
	for i, schedule := range failing(t, &b, 5) {
		for _, before := range []int{500, 3000, 10_000} {
			s := &simulation{seed: uint64(i)}
			s.chance = func(c *scheduler.Schedule) float64 {
				if s.runs > before {
					return b.chance(c) / 10
				}
				return b.chance(c)
			}
			c, err := Run(context.Background(), s.found(t, schedule), s.config(1))
			if err != nil {
				t.Fatal(err)
			}
			if c.Schedule.Ops() != 2 || !c.Shrunk.Done {
				t.Errorf("after %d runs: %+v\n%s", before, c.Shrunk, c.Schedule.Text())
			}
		}
	}
}

// TestAmplify: a timing plan that makes the outcome fail more often is found and
// kept, and none is if there is none.
func TestAmplify(t *testing.T) {
	for _, helps := range []bool{true, false} {
		b := bug{"spins", 0.02, func(c *scheduler.Schedule) float64 {
			if helps && c.Timing.Spin >= 128 && len(c.Workers) == 2 && c.Ops() == 2 {
				return 8
			}
			return 1
		}}
		changed := 0
		for i, schedule := range failing(t, &b, 10) {
			s := &simulation{seed: uint64(i), chance: b.chance}
			c, err := Run(context.Background(), s.found(t, schedule), s.config(1))
			if err != nil {
				t.Fatal(err)
			}
			if c.Shrunk.Amplified != (c.Schedule.Timing.Spin >= 128) && helps {
				t.Errorf("amplified: %v, with\n%s", c.Shrunk.Amplified, c.Schedule.Text())
			}
			if b.chance(c.Schedule) > 0.1 || c.Shrunk.Amplified {
				changed++
			}
		}
		// Equal plans win one race in 100.
		if helps && changed < 9 || !helps && changed > 1 {
			t.Errorf("helps: %v; %d of 10 amplified", helps, changed)
		}
	}
}

// TestGuesses: the ops that a failing run names are tried first.
func TestGuesses(t *testing.T) {
	schedule, err := scheduler.Parse(`mapstress schedule v1
w0 store k1 v10
w0 store k2 v11
w0 load k1
w1 store k3 v12
w1 delete k1
w1 store k4 v13
`)
	if err != nil {
		t.Fatal(err)
	}
	h, err := history.ParseText(`w0 [1..5] store k1 v10
w1 [2..4] store k3 v12
w0 [6..9] store k2 v11
w1 [7..8] delete k1
w0 [10..12] load k1 -> absent
w1 [11..] store k4 v13
`)
	if err != nil {
		t.Fatal(err)
	}
	events, ok := located(h, schedule)
	if !ok {
		t.Fatal("the history is not the schedule's")
	}
	at := func(w, op int) scheduler.Position { return scheduler.Position{Worker: w, Op: op} }
	for _, test := range []struct {
		named []int
		want  [][]scheduler.Position // the first guesses
	}{
		{[]int{0, 4}, [][]scheduler.Position{{at(0, 0), at(0, 2)}}},
		{nil, [][]scheduler.Position{{at(1, 2)}, {at(0, 2), at(1, 2)}}}, // what was under way as it died
	} {
		got := guesses(events, test.named)
		for i, want := range test.want {
			if !slices.Equal(got[i], want) {
				t.Errorf("named %v: guess %d is %v; want %v", test.named, i, got[i], want)
			}
		}
		if last := got[len(got)-1]; len(last) != len(events) {
			t.Errorf("named %v: the last guess is %v; want all that were begun", test.named, last)
		}
	}
	schedule.Workers[0][0].Key = 9
	if _, ok := located(h, schedule); ok {
		t.Error("a history of another schedule is taken for its own")
	}
}
