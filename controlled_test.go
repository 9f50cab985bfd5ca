package mapstress

import (
	"context"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/buggy"
	"github.com/mapstress/mapstress/internal/build"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/internal/search"
	"github.com/mapstress/mapstress/internal/story"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/scheduler/controlled"
)

// known returns a session with a child for controlled runs. The child is built once, by
// whichever test comes first, and found again by all others.
func known(t testing.TB) *child.Session {
	t.Helper()
	if testing.Short() {
		t.Skip("it builds a program, of which all packages are compiled anew")
	}
	if _, err := exec.LookPath("go"); err != nil || runtime.GOARCH != "amd64" {
		t.Skip("it takes the go command, and amd64")
	}
	program, err := build.Known(context.Background(), sources, build.Spec{Controlled: true})
	if err != nil {
		t.Fatal(err)
	}
	s, err := child.NewSession(child.Config{Command: program.Command, Set: builtin})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// schedules that meet planted bugs.
const (
	twoFirst  = "mapstress schedule v1\nw0 load-or-store k1 v2\nw1 swap k1 v3\n"
	growing   = "mapstress schedule v1\nprefill 8\nw0 store k9 v10\nw0 store k10 v11\nw1 store k11 v12\nw1 load k9\n"
	threeKeys = "mapstress schedule v1\nprefill 3\nw0 store k4 v10\nw0 delete k1\nw0 range\nw1 swap k1 v12\nw1 load k4\nw2 load-or-store k4 v13\nw2 len\n"
)

func controlledRun(t *testing.T, s *child.Session, target, schedule string, runs int, c wire.Controlled) child.Outcome {
	t.Helper()
	parsed, err := scheduler.Parse(schedule)
	if err != nil {
		t.Fatal(err)
	}
	o, err := s.Run(context.Background(), child.Job{Target: target, Schedule: parsed, Count: runs, StopAfter: 1, Controlled: &c})
	if err != nil {
		t.Fatalf("%s: %v", target, err)
	}
	return o
}

// TestControlledFindsAndReplays: of each kind of ending a bug is found, and comes again by its
// decisions, each time, in the same process and in a new one.
//
// Odds: a run of two ops of some 20 decisions each meets these with 1 in 5 to 1 in 100, so
// that 5,000 runs miss them with less than e^-50. The seed is fixed anyway.
func TestControlledFindsAndReplays(t *testing.T) {
	s := known(t)
	for _, c := range []struct {
		target, schedule string
		class            oracle.Class
	}{
		{"buggy-check-then-act", twoFirst, oracle.SilentCorruption},
		{"buggy-lock-left-held", "mapstress schedule v1\nw0 load-or-store k1 v3\nw1 store k1 v2\n", oracle.Hang},
		{"buggy-nil-in-growth", "mapstress schedule v1\nprefill 8\nw0 store k9 v10\nw1 load k9\n", oracle.Sigsegv},
		{"buggy-plain-counter", "mapstress schedule v1\nw0 store k1 v3\nw1 store k2 v4\n", oracle.DataRace},
		{"buggy-goroutine-leak", "mapstress schedule v1\nw0 store k1 v2\nw1 delete k1\n", oracle.GoroutineLeak},
		{"map", "mapstress schedule v1\nw0 store k1 v3\nw1 load k1\n", oracle.DataRace},
	} {
		for _, syncOnly := range []bool{false, true} {
			o := controlledRun(t, s, c.target, c.schedule, 5000, wire.Controlled{Strategy: "usual", Seed: 1, Races: true, SyncOnly: syncOnly})
			var found *child.Found
			for i := range o.Found {
				if o.Found[i].Verdict.Class == c.class {
					found = &o.Found[i]
				}
			}
			if found == nil {
				t.Errorf("%s: no %v in %d runs: %v", c.target, c.class, o.Tally.Runs, o.Counts)
				continue
			}
			runs := 100
			if c.class == oracle.Hang || c.class == oracle.Sigsegv {
				runs = 10 // each of which ends a process
			}
			s.Renew()
			schedule, _ := scheduler.Parse(c.schedule)
			again, err := s.Run(context.Background(), child.Job{
				Target: c.target, Schedule: schedule, Count: runs, Controlled: &wire.Controlled{Recipe: found.Recipe, Races: true},
			})
			if err != nil || again.Misfit != "" || again.Counts[found.Verdict.Signature()] != uint64(runs) {
				t.Errorf("%s: replayed %v of %d, %q, %v; by\n%s", c.target, again.Counts, runs, again.Misfit, err, found.Recipe)
			}
		}
	}
}

// TestControlledRaceStacks: both accesses are told with their calls, and marked in the trace.
//
// Odds: as above.
func TestControlledRaceStacks(t *testing.T) {
	s := known(t)
	const schedule = "mapstress schedule v1\nw0 store k1 v3\nw1 store k2 v4\n"
	o := controlledRun(t, s, "buggy-plain-counter", schedule, 5000, wire.Controlled{Strategy: "usual", Seed: 1, Races: true, SyncOnly: true})
	race := slices.IndexFunc(o.Found, func(f child.Found) bool { return f.Verdict.Class == oracle.DataRace })
	if race < 0 || o.Found[race].Verdict.Accesses != nil {
		t.Fatalf("found %+v", o.Found)
	}
	o = controlledRun(t, s, "buggy-plain-counter", schedule, 1, wire.Controlled{Recipe: o.Found[race].Recipe, Races: true, Trace: true})
	race = slices.IndexFunc(o.Found, func(f child.Found) bool { return f.Verdict.Class == oracle.DataRace })
	if race < 0 || len(o.Found[race].Verdict.Accesses) != 2 {
		t.Fatalf("made again, found %+v", o.Found)
	}
	f := &o.Found[race]
	first, second := f.Verdict.Accesses[0], f.Verdict.Accesses[1]
	if first.Worker == second.Worker || first.Address != second.Address || first.Address == 0 || first.Op != 0 || second.Op != 0 ||
		first.Kind != "write" && second.Kind != "write" {
		t.Errorf("accesses %+v and %+v", first, second)
	}
	for _, a := range f.Verdict.Accesses {
		var calls []string
		for _, f := range a.Stack {
			calls = append(calls, f.Func[strings.LastIndexByte(f.Func, '/')+1:])
			if !strings.HasSuffix(f.File, ".go") || f.Line == 0 {
				t.Errorf("no line of %+v", f)
			}
		}
		got := strings.Join(calls, "\n")
		if !strings.HasPrefix(got, "buggy.(*counted).update.func1\nbuggy.(*stripe).update\nbuggy.stripedMap.update\nbuggy.(*counted).update\n") ||
			strings.Contains(got, "scheduler.") || strings.Contains(got, "runtime.") {
			t.Errorf("stack of w%d's %s:\n%s", a.Worker, a.Kind, got)
		}
	}
	var marked []string
	for _, step := range f.Trace {
		if step.Races {
			marked = append(marked, step.Kind)
		}
	}
	if !slices.Equal(marked, []string{first.Kind, second.Kind}) {
		t.Errorf("marked in the trace: %q", marked)
	}
}

// TestControlledDeath: a run that ends its process has a trace all the same, up to where it died.
//
// Odds: as above.
func TestControlledDeath(t *testing.T) {
	s := known(t)
	const text = "mapstress schedule v1\nprefill 8\nw0 store k9 v10\nw1 load k9\n"
	o := controlledRun(t, s, "buggy-nil-in-growth", text, 5000, wire.Controlled{Strategy: "usual", Seed: 1, Races: true, SyncOnly: true})
	if len(o.Found) == 0 || o.Found[0].Verdict.Class != oracle.Sigsegv || o.Found[0].Trace != nil {
		t.Fatalf("found %+v", o.Found)
	}
	schedule, err := scheduler.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	c := &corpus.Case{Target: "buggy-nil-in-growth", Schedule: schedule, Verdict: o.Found[0].Verdict, Decisions: o.Found[0].Recipe}
	r, err := search.Replay(context.Background(), s, c, search.Limits{Runs: 2})
	if err != nil || r.Rate != (corpus.Rate{Failed: 2, Runs: 2}) || len(r.Trace) == 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	c.History, c.Evidence = r.Found.History, r.Found.Evidence
	lines := strings.Split(strings.TrimRight(story.Trace(c, r.Trace), "\n"), "\n")
	if last := strings.TrimSpace(lines[len(lines)-1]); last != "dies at table.go:17" {
		t.Errorf("the table ends with %q:\n%s", last, strings.Join(lines, "\n"))
	}
	if !slices.ContainsFunc(lines, func(line string) bool {
		return strings.HasPrefix(strings.TrimSpace(line), "stops before nilingrowth.go:")
	}) {
		t.Errorf("nobody stops in the midst of growth:\n%s", strings.Join(lines, "\n"))
	}
}

// TestControlledRaces: several races of one run are one failing run.
func TestControlledRaces(t *testing.T) {
	s := known(t)
	schedule, err := scheduler.Parse("mapstress schedule v1\nprefill 1\nw0 store k1 v3\nw0 delete k1\nw1 delete k1\nw1 store k1 v4\n")
	if err != nil {
		t.Fatal(err)
	}
	c := &corpus.Case{Target: "map", Schedule: schedule, Verdict: oracle.Verdict{Class: oracle.DataRace, Rule: "data race"}, Decisions: "seed 1\n0*40 1*40\n"}
	r, err := search.Replay(context.Background(), s, c, search.Limits{Runs: 5})
	if err != nil || r.Rate != (corpus.Rate{Failed: 5, Runs: 5}) || len(r.Found.Verdict.Accesses) != 2 {
		t.Errorf("%+v, %v", r, err)
	}
}

// body is a schedule without its first line.
func body(schedule string) string {
	_, body, _ := strings.Cut(schedule, "\n")
	return body
}

// TestControlledSame is the self-test: the same seed in two processes makes the same runs,
// point by point.
func TestControlledSame(t *testing.T) {
	s := known(t)
	for _, c := range []struct{ target, schedule string }{
		{"sync.Map", threeKeys}, {"striped", growing}, {"repaired-goroutine-leak", growing}, {"repaired-aba", twoFirst},
		{"map+mutex", threeKeys}, {"repaired-unvalidated-read", growing},
		// Here the hash goes by an address, and by a seed that a package has made for all maps.
		{"sync.Map", "mapstress schedule v1\nshape pointer/int\n" + body(threeKeys)}, {"striped", "mapstress schedule v1\nshape string/int\n" + body(threeKeys)},
	} {
		schedule, err := scheduler.Parse(c.schedule)
		if err != nil {
			t.Fatal(err)
		}
		if schedule.Ops() > 4 && strings.HasPrefix(c.target, "sync.") {
			schedule, _ = scheduler.Parse(strings.ReplaceAll(c.schedule, "w2 len\n", ""))
		}
		var points []string
		for range 2 {
			s.Renew()
			o, err := s.Run(context.Background(), child.Job{
				Target: c.target, Schedule: schedule, Count: 50, Controlled: &wire.Controlled{Strategy: "usual", Seed: 7, Tell: true},
			})
			if err != nil {
				t.Fatalf("%s: %v", c.target, err)
			}
			points = append(points, o.Points)
		}
		if strings.Count(points[0], "\nw0 call\n") < 40 || !strings.Contains(points[0], "\nrun 49\n") || points[0] != points[1] {
			t.Errorf("%s: traces\n%q", c.target, points)
		}
	}
}

// TestControlledSameLater: a process that has made many runs makes the same as a new one. The
// runtime draws, too, and remembers what it drew, so a map that draws from the same numbers
// (as skip lists do for their levels) had others in each process.
func TestControlledSameLater(t *testing.T) {
	config, targets, err := subjects(context.Background(), []string{"./testdata/levels New()"}, Build{}, true)
	if err != nil {
		t.Fatal(err)
	}
	s, err := child.NewSession(config)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	schedule, err := scheduler.Parse("mapstress schedule v1\nw0 store k1 v2\nw0 store k2 v3\nw1 store k1 v4\nw1 load k2\n")
	if err != nil {
		t.Fatal(err)
	}
	points := func(seed uint64) string {
		o, err := s.Run(context.Background(), child.Job{
			Target: targets[0].Name, Schedule: schedule, Count: 100, Controlled: &wire.Controlled{Strategy: "usual", Seed: seed, Races: true, SyncOnly: true, Tell: true},
		})
		if err != nil || o.Tally.Runs != 100 {
			t.Fatalf("%+v, %v", o.Tally, err)
		}
		return o.Points
	}
	first := points(1)
	for seed := range uint64(20) {
		points(2 + seed)
	}
	if later := points(1); later != first || first == points(2) {
		t.Errorf("points\n%s, and\n%s after 2,000 other runs; want the same, and another one of another seed", first, later)
	}
}

// TestControlledClean: what is right stays clean, races included.
func TestControlledClean(t *testing.T) {
	s := known(t)
	for _, b := range buggy.All() {
		for _, schedule := range []string{twoFirst, growing} {
			o := controlledRun(t, s, b.Correct.Name, schedule, 300, wire.Controlled{Strategy: "usual", Seed: 3, Races: true, SyncOnly: true})
			if o.Tally.Failed > 0 || o.Tally.Runs != 300 {
				t.Errorf("%s: %+v, %v", b.Correct.Name, o.Tally, o.Counts)
			}
		}
	}
}

// TestControlledMisfit: a replay whose decisions do not fit says so.
func TestControlledMisfit(t *testing.T) {
	s := known(t)
	o := controlledRun(t, s, "map+mutex", twoFirst, 1, wire.Controlled{Recipe: "seed 1\n0*2 5\n"})
	if !strings.Contains(o.Misfit, "decision 3 of 3: worker 5 was to go on") {
		t.Errorf("got %q", o.Misfit)
	}
}

// TestAuto: what free workers showed comes again in controlled runs, and has a case of its own.
//
// Odds: searches like this one find it in a second or two, and its schedules then fail in one
// of some 20 controlled runs, of which there are hundreds a second.
func TestAuto(t *testing.T) {
	known(t)
	report, err := Fuzz(context.Background(), Config{
		Targets: []string{"buggy-check-then-act"}, Engine: Auto, Duration: 2 * time.Minute, ShrinkTime: time.Second,
		Seed: 4, Corpus: t.TempDir(), StopOnFinding: true,
	})
	if err != nil || report.Bugs() == 0 {
		t.Fatalf("found %+v, %v", report, err)
	}
	findings := report.Targets[0].Findings
	first := slices.IndexFunc(findings, func(f Finding) bool { return f.Controlled != nil })
	if first < 0 {
		t.Fatalf("nothing was tried: %+v", findings)
	}
	f := findings[first]
	a := f.Controlled
	if a.Case == nil || a.Path == f.Path || f.Case.Decisions != "" || len(a.Trace) == 0 || a.Tried == 0 {
		t.Fatalf("came to %+v", a)
	}
	kept, err := corpus.ReadFile(a.Path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Replay(context.Background(), kept, Limits{})
	if err != nil || !r.Controlled || r.Rate != (corpus.Rate{Failed: 100, Runs: 100}) || r.Rate != *a.Reproduced {
		t.Errorf("replayed %+v, %v", r, err)
	}
	if _, err := corpus.ReadFile(f.Path); err != nil {
		t.Errorf("the first case is gone: %v", err)
	}
}

// TestAutoFew: what free runs found in many ops comes with decisions in a few, though nothing is
// shrunk. Decided runs of a few ops lose an update of this map in one of 200 runs, and there is time
// for thousands.
func TestAutoFew(t *testing.T) {
	known(t)
	report, err := Fuzz(context.Background(), Config{
		Targets: []string{"buggy-check-then-act"}, Scenarios: []string{"ballast"}, Engine: Auto, Duration: 2 * time.Minute,
		ShrinkTime: -1, Seed: 4, Corpus: t.TempDir(), StopOnFinding: true,
	})
	if err != nil || report.Bugs() == 0 {
		t.Fatalf("found %+v, %v", report, err)
	}
	for _, f := range report.Targets[0].Findings {
		a := f.Controlled
		if a == nil || a.Case == nil {
			t.Fatalf("%s of %d ops came to %+v", f.Verdict.Signature(), f.Case.Schedule.Ops(), a)
		}
		if n := a.Case.Schedule.Ops(); n > 16 || a.Reproduced.Failed != 100 {
			t.Errorf("%d ops, that failed %+v", n, *a.Reproduced)
		}
	}
}

// TestStrategy: a search by one strategy has runs of that alone, and its report says what they
// came to; one of several has runs of each.
func TestStrategy(t *testing.T) {
	known(t)
	for strategy, others := range map[Strategy][]string{"pos": {"pos"}, "": {"random", "pct2", "pct3", "pos", "surw"}} {
		report, err := Fuzz(context.Background(), Config{
			Targets: []string{"buggy-check-then-act"}, Engine: Controlled, Strategy: strategy, Runs: 3000, Seed: 4, ShrinkTime: -1, Explain: true,
		})
		if err != nil || report.Bugs() == 0 {
			t.Fatalf("%v: found %+v, %v", strategy, report, err)
		}
		r := report.Targets[0]
		names, runs, failed, first := []string{}, uint64(0), uint64(0), 0
		for _, a := range r.Strategies {
			names, runs, failed, first = append(names, a.Strategy), runs+a.Runs, failed+a.Failed, first+a.First
			if a.CPU <= 0 {
				t.Errorf("%+v took no time", a)
			}
		}
		if !slices.Equal(names, others) || runs != r.Tally.Runs || failed != r.Tally.Failed || first != len(r.Findings) {
			t.Errorf("strategy %q: %+v of %+v and %d findings", strategy, r.Strategies, r.Tally, len(r.Findings))
		}
		for _, f := range r.Findings {
			if !slices.Contains(others, f.Strategy) {
				t.Errorf("found by %q", f.Strategy)
			}
		}
	}
}

// TestControlledFuzz goes the way that a user does: search, case, replay from the file.
func TestControlledFuzz(t *testing.T) {
	known(t)
	dir := t.TempDir()
	report, err := Fuzz(context.Background(), Config{
		Targets: []string{"buggy-check-then-act"}, Engine: Controlled, Runs: 20_000, Seed: 4, Corpus: dir, StopOnFinding: true,
	})
	if err != nil || report.Bugs() == 0 {
		t.Fatalf("found %+v, %v", report, err)
	}
	// Two searches go on at once, and the other one may have found something just then.
	findings := report.Targets[0].Findings
	first := slices.IndexFunc(findings, func(f Finding) bool { return f.Final })
	if first < 0 {
		t.Fatalf("nothing is final: %+v", findings)
	}
	f := findings[first]
	if f.Case.Reproduced != (corpus.Rate{Failed: 100, Runs: 100}) || f.Case.Schedule.Ops() > 3 || len(f.Trace) == 0 {
		t.Errorf("%+v of\n%s with %d points of a trace", f.Case.Reproduced, f.Case.Schedule.Text(), len(f.Trace))
	}
	kept, err := corpus.ReadFile(f.Path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Replay(context.Background(), kept, Limits{})
	if err != nil || !r.Controlled || r.Rate != (corpus.Rate{Failed: 100, Runs: 100}) || r.Misfit != "" {
		t.Errorf("replayed %+v, %v", r, err)
	}
	recipe, err := controlled.ParseRecipe(kept.Decisions)
	if err != nil || recipe.Decisions.Switches() > 4 {
		t.Errorf("%d switches, %v", recipe.Decisions.Switches(), err)
	}
}

// TestBeside: a search of free runs makes controlled ones beside them, and counts them by
// themselves. Here these alone can find the bug, since no schedule of the scenario calls
// the method that has it; 600 of 1,000 schedules of few ops do, and one in a few of these fails.
func TestBeside(t *testing.T) {
	known(t)
	children, targets, err := subjects(context.Background(), []string{"buggy-check-then-act"}, Build{}, false)
	if err != nil {
		t.Fatal(err)
	}
	consume, err := scenarios.Find("consume-once")
	if err != nil {
		t.Fatal(err)
	}
	r, err := search.Run(context.Background(), search.Config{
		Child: children, Targets: targets, Scenarios: []scenarios.Scenario{consume}, Seed: 1, Duration: 5 * time.Minute, StopOnFinding: true,
		Engine: search.Auto, BesideAfter: 1, ShrinkTime: 2 * time.Second,
		Children: func(ctx context.Context) (child.Config, error) {
			config, _, err := subjects(ctx, []string{"buggy-check-then-act"}, Build{}, true)
			return config, err
		},
		OnProblem: func(err error) { t.Error(err) },
	})
	if err != nil || len(r.Targets[0].Findings) == 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	report := &r.Targets[0]
	f := &report.Findings[0]
	runs, _ := report.Of(f)
	if report.Beside == nil || runs != report.Beside.Tally.Runs || f.Count == 0 || f.Count > runs || report.Tally.Runs == 0 || report.Schedules == 0 {
		t.Errorf("of %d free runs of %d schedules, and %+v beside: %d of %d", report.Tally.Runs, report.Schedules, report.Beside, f.Count, runs)
	}
	if f.Case.Decisions == "" || len(f.Trace) == 0 || f.Case.Reproduced.Failed != f.Case.Reproduced.Runs || f.Controlled != nil {
		t.Errorf("found %+v, reproduced %v", f, f.Case.Reproduced)
	}
}
