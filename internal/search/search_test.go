package search

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/buggy"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/child/serve"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/target"
)

func TestMain(m *testing.M) {
	if serve.Requested() {
		serve.Main(everything())
	}
	goleak.VerifyTestMain(m)
}

func everything() []target.Target {
	all := append(target.Builtin(), buggy.Targets()...)
	return append(append(all, buggy.Repaired()...), sequentiallyWrong(), leaky(), unlucky())
}

// leaky is a map that leaves a goroutine behind whenever two callers meet.
func leaky() target.Target {
	return target.Adapt("leaky", target.Int(), target.Int(), func() target.Map[int, int] {
		var mu sync.Mutex
		m := map[int]int{}
		lock := func() {
			if !mu.TryLock() {
				go func() { select {} }()
				mu.Lock()
			}
		}
		return target.Map[int, int]{
			Load: func(k int) (int, bool) {
				lock()
				defer mu.Unlock()
				v, ok := m[k]
				return v, ok
			},
			Store: func(k, v int) {
				lock()
				defer mu.Unlock()
				m[k] = v
			},
		}
	}, target.Contract{})
}

// TestLeak: a leak is confirmed, kept and shrunk like any finding. Callers meet
// in most runs whose workers start together, but for a machine that is so busy that one run in
// twenty overlaps: of 1,332 runs in 20 s none leaked there.
func TestLeak(t *testing.T) {
	r := run(t, Config{Duration: 2 * time.Minute, StopOnFinding: true, ShrinkTime: time.Second, Store: corpus.Open(t.TempDir())}, "leaky")
	findings := r.Targets[0].Findings
	if len(findings) == 0 {
		t.Fatalf("not found: %+v", r.Targets[0])
	}
	if f := findings[0]; f.Verdict.Class != oracle.GoroutineLeak || f.Path == "" || f.Verdict.Sequential {
		t.Errorf("found %+v in %q; want a goroutine leak that needs two workers", f.Verdict, f.Path)
	}
}

// TestProbeSlow: a map that takes long to fill is searched all the same.
func TestProbeSlow(t *testing.T) {
	defer func(usual time.Duration) { probeTime = usual }(probeTime)
	probeTime = time.Nanosecond
	var problems []string
	r, err := Run(context.Background(), Config{
		Child: children(t), Targets: describe(t, "map+mutex"), Runs: 200,
		OnProblem: func(err error) { problems = append(problems, err.Error()) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(problems) != 1 || !strings.Contains(problems[0], "takes too long; going on without knowing it") {
		t.Errorf("problems: %q", problems)
	}
	if got := r.Targets[0]; got.Tally.Runs < 200 || len(got.Boundaries.Up) > 0 {
		t.Errorf("%d runs, and boundaries %v; want 200, and none", got.Tally.Runs, got.Boundaries)
	}
}

// sequentiallyWrong is a map that is wrong without any concurrency: it forgets
// every store to k1.
func sequentiallyWrong() target.Target {
	t := target.Adapt("sequentially-wrong", target.Int(), target.Int(), func() target.Map[int, int] {
		var mu sync.Mutex
		m := map[int]int{}
		return target.Map[int, int]{
			Load: func(k int) (int, bool) {
				mu.Lock()
				defer mu.Unlock()
				v, ok := m[k]
				return v, ok
			},
			Store: func(k, v int) {
				mu.Lock()
				defer mu.Unlock()
				if k != 1 {
					m[k] = v
				}
			},
		}
	}, target.Contract{})
	return t
}

func describe(t testing.TB, names ...string) (all []wire.Description) {
	t.Helper()
	for _, name := range names {
		i := slices.IndexFunc(everything(), func(t target.Target) bool { return t.Name == name })
		if i < 0 {
			t.Fatalf("no target %q", name)
		}
		all = append(all, Describe(&everything()[i]))
	}
	return all
}

func children(t testing.TB) child.Config {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return child.Config{Command: []string{program}, Set: "test"}
}

func run(t testing.TB, c Config, targets ...string) *Report {
	t.Helper()
	c.Child, c.Targets = children(t), describe(t, targets...)
	c.OnProblem = func(err error) { t.Errorf("problem: %v", err) }
	r, err := Run(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestPlanted: each planted bug is found, called by its name, kept, shrunk and
// replayed. On 2 cores that twenty other programs used, where three runs in a
// hundred overlap, most showed within 10 s, and the rarest, of words that tear,
// in 6 to 25 s; on idle ones twenty times as many overlap.
func TestPlanted(t *testing.T) {
	for i, bug := range buggy.All() {
		t.Run(bug.Target.Name, func(t *testing.T) {
			if testing.Short() && i%4 > 0 {
				t.Skip("a quarter of them will do")
			}
			if bug.Races && raceEnabled {
				t.Skip("the race detector stops this map before the oracle sees it")
			}
			dir := t.TempDir()
			r := run(t, Config{
				Duration: 2 * time.Minute, ShrinkTime: 300 * time.Millisecond, Seed: 1,
				StopOnFinding: true, Store: corpus.Open(dir),
			}, bug.Target.Name)
			findings := r.Targets[0].Findings
			if len(findings) == 0 {
				t.Fatalf("not found in %v: %+v", r.Elapsed, r.Targets[0].Tally)
			}
			f := findings[0]
			if !bug.Expect.Met(f.Verdict) {
				t.Errorf("found %s: %s; want %+v", f.Verdict.Class, f.Verdict.Rule, bug.Expect)
			}
			if f.Verdict.Sequential != bug.Sequential {
				t.Errorf("called sequential: %t; want %t", f.Verdict.Sequential, bug.Sequential)
			}
			replayed(t, f.Path)
		})
	}
}

// replayed checks that a kept case still fails when it is read and run again.
// A case fails in one of some thousand runs at worst; a minute has three million
// of them, and some ten thousand on a busy machine.
func replayed(t *testing.T, path string) {
	t.Helper()
	c, err := corpus.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	session, err := child.NewSession(children(t))
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	r, err := Replay(context.Background(), session, c, Limits{Failures: 1, Time: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Failing() {
		t.Errorf("%s: 0 of %d runs failed; found as %s", path, r.Rate.Runs, c.Reproduced)
	}
}

// TestCorrect: what is right stays clean, whatever is tried, and the report says
// that it was exercised.
func TestCorrect(t *testing.T) {
	names := []string{"map+mutex", "map+rwmutex", "sync.Map", "striped"}
	for _, b := range buggy.All() {
		names = append(names, b.Correct.Name)
	}
	// A machine may be so busy that some had not a single run in their time.
	least := time.Second / 2
	if testing.Short() {
		least /= 2
	}
	for each := least; len(names) > 0; each *= 4 {
		if each > time.Minute {
			t.Fatalf("%v: not run", names)
		}
		r := run(t, Config{Duration: time.Duration(len(names)) * each, Seed: 2}, names...)
		names = nil
		for _, target := range r.Targets {
			for _, f := range target.Findings {
				t.Errorf("%s: false alarm: %+v\n%s\n%s", target.Target, f.Verdict, f.Case.Schedule.Text(), f.Case.History)
			}
			if target.Unconfirmed > 0 {
				t.Errorf("%s: %d suspicions that were not confirmed", target.Target, target.Unconfirmed)
			}
			if target.Tally.Runs == 0 {
				names = append(names, target.Target)
			}
		}
	}
}

// TestSequential: a bug that shows with one worker is called by that name. The
// scenarios store to k1 in most of their schedules.
func TestSequential(t *testing.T) {
	r := run(t, Config{Duration: 2 * time.Minute, StopOnFinding: true, ShrinkTime: time.Second}, "sequentially-wrong")
	findings := r.Targets[0].Findings
	if len(findings) == 0 {
		t.Fatal("not found")
	}
	f := findings[0]
	if !f.Verdict.Sequential || f.Verdict.Class != oracle.SilentCorruption {
		t.Errorf("found %+v; want a sequential silent corruption", f.Verdict)
	}
	if len(f.Case.Schedule.Workers) != 1 || f.Case.Schedule.Ops() > 2 {
		t.Errorf("shrunk to\n%s", f.Case.Schedule.Text())
	}
}

// TestKnown: a case of an earlier search is replayed first, and is not kept
// twice.
func TestKnown(t *testing.T) {
	dir := t.TempDir()
	c := Config{Duration: 2 * time.Minute, ShrinkTime: time.Second, StopOnFinding: true, Store: corpus.Open(dir)}
	const name = "buggy-sequential" // so that what failed does fail again
	run(t, c, name)
	before, _ := filepath.Glob(filepath.Join(dir, "*", "*.txtar"))
	r := run(t, c, name)
	after, _ := filepath.Glob(filepath.Join(dir, "*", "*.txtar"))
	findings := r.Targets[0].Findings
	known := func(f Finding) bool { return f.Known }
	if !slices.ContainsFunc(findings, known) {
		t.Errorf("second search: %+v; want a known finding", findings)
	}
	// Its schedule may fail in another way, too, which is another finding.
	fresh := len(slices.DeleteFunc(slices.Clone(findings), known))
	if len(after) != len(before)+fresh {
		t.Errorf("cases %q before, %q after, with %d new findings", before, after, fresh)
	}
}

// TestSurvey: the built-in map fails within seconds, and never makes a bug.
func TestSurvey(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector stops the built-in map before anything else can")
	}
	var first Duration
	c := Config{Duration: 4 * time.Second, ShrinkTime: 500 * time.Millisecond}
	c.OnFinding = func(f Finding) {
		if first == 0 {
			first = f.After
		}
	}
	r := run(t, c, "map")
	for len(r.Targets[0].Findings) == 0 && c.Duration < time.Minute { // a machine that is busy
		c.Duration *= 4
		r = run(t, c, "map")
	}
	if len(r.Targets[0].Findings) == 0 || r.Bugs() != 0 || !r.Targets[0].Unsafe {
		t.Errorf("%+v; want a survey with findings", r.Targets[0])
	}
	t.Logf("first finding after %.2f s, %d deaths", first.Seconds(), r.Targets[0].Deaths)
}

// TestRuns: a search that is limited by its runs is the same each time, and does
// just as many.
func TestRuns(t *testing.T) {
	limited(t, 1, 400)
	limited(t, 3, 300) // more lanes than there are targets
}

func limited(t *testing.T, lanes int, runs uint64) {
	t.Helper()
	r := run(t, Config{Runs: runs, Seed: 7, lanes: lanes}, "map+mutex", "sync.Map")
	for _, target := range r.Targets {
		if target.Tally.Runs != runs || target.Schedules == 0 {
			t.Errorf("%s: %d runs of %d schedules; want %d", target.Target, target.Tally.Runs, target.Schedules, runs)
		}
	}
}

// TestBoundariesGiven: a target whose boundaries are given is not probed, and its
// schedules are made for them.
func TestBoundariesGiven(t *testing.T) {
	given := history.Boundaries{Up: []int{5}}
	r := run(t, Config{Runs: 20, Boundaries: map[string]history.Boundaries{"striped": given}}, "striped", "map+mutex")
	if got := r.Targets[0].Boundaries; !slices.Equal(got.Up, given.Up) {
		t.Errorf("striped grows at %v; want %v", got, given)
	}
	if got := r.Targets[1].Boundaries; slices.Equal(got.Up, given.Up) {
		t.Errorf("map+mutex grows at %v, which are another's", got)
	}
}

// TestSameSeedSameSchedules: the n-th schedule depends on seed and target alone.
func TestSameSeedSameSchedules(t *testing.T) {
	schedules := func(seed uint64) (texts []string) {
		c := &Config{Seed: seed, Child: children(t), Policy: Uniform}
		d := describe(t, "sync.Map")
		s := &search{Config: *c}
		state := newState(c, &d[0])
		state.space = spaceFor(&d[0], history.Boundaries{Up: []int{8, 14}})
		state.mix = scenarios.NewMix(state.space, scenarios.All())
		state.policy = s.policy(state)
		l := &lane{search: s}
		for range 50 {
			texts = append(texts, l.next(state).schedule.Text())
		}
		return texts
	}
	if !slices.Equal(schedules(3), schedules(3)) {
		t.Error("the same seed gives other schedules")
	}
	if slices.Equal(schedules(3), schedules(4)) {
		t.Error("another seed gives the same schedules")
	}
}

// TestMatching: frames do not tell rules apart, and one rule's name that begins
// with another's is not it.
func TestMatching(t *testing.T) {
	v := oracle.Verdict{Class: oracle.Sigsegv, Rule: "nil", Frames: []string{"a"}}
	counts := map[string]uint64{
		v.Signature(): 2,
		oracle.Verdict{Class: oracle.Sigsegv, Rule: "nil", Frames: []string{"b"}}.Signature():    3,
		oracle.Verdict{Class: oracle.Sigsegv, Rule: "nil dereference"}.Signature():               5,
		oracle.Verdict{Class: oracle.FatalError, Rule: "nil", Frames: []string{"a"}}.Signature(): 7,
	}
	if n := matching(counts, v); n != 5 {
		t.Errorf("%d; want 5", n)
	}
	// One run may have several of these, so that all together may be more than the runs.
	for _, v := range []oracle.Verdict{
		{Class: oracle.DataRace, Rule: "data race"}, {Class: oracle.GoroutineLeak, Rule: "goroutine leak"}, {Class: oracle.Contract, Rule: BlockingRead},
	} {
		counts := map[string]uint64{}
		for i, frame := range []string{"a", "b", "c"} {
			v.Frames = []string{frame}
			counts[v.Signature()] = uint64(98 + i)
		}
		if n := matchingAlike(counts, v); n != 100 {
			t.Errorf("%v: %d; want 100", v, n)
		}
	}
}

func TestShrinkTimes(t *testing.T) {
	for _, c := range []struct {
		config        Config
		free, decided time.Duration
	}{
		{Config{}, 5 * time.Second, 5 * time.Second},
		{Config{Duration: 10 * time.Second}, time.Second, time.Second},
		{Config{Duration: time.Hour}, 5 * time.Second, 5 * time.Second},
		{Config{Duration: 10 * time.Second, StopOnFinding: true}, 5 * time.Second, 15 * time.Second},
		{Config{ShrinkTime: 3 * time.Second, StopOnFinding: true}, 3 * time.Second, 3 * time.Second},
		{Config{ShrinkTime: 3 * time.Second, Duration: time.Second}, 100 * time.Millisecond, 100 * time.Millisecond},
		{Config{ShrinkTime: -1, Duration: time.Second, StopOnFinding: true}, -1, -1},
	} {
		if free, decided := shrinkTimes(&c.config); free != c.free || decided != c.decided {
			t.Errorf("%+v: got %v and %v, want %v and %v", c.config, free, decided, c.free, c.decided)
		}
	}
}
