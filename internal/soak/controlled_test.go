package soak

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/search"
)

// controlled is a soak that has controlled runs, whose children take as long to be built.
func (w *world) controlled(building time.Duration) (c Config, built *int) {
	c, built = w.config(), new(int)
	c.Duration, c.Work.Quick = leastQuick, true
	c.Work.BuildControlled = func(context.Context, []string) error {
		*built++
		w.clock.pass(building)
		return nil
	}
	return c, built
}

// bySlice counts the searches of controlled runs by their targets, and the others.
func (w *world) bySlice() (controlled map[string]int, others int) {
	controlled = map[string]int{}
	for _, c := range w.searched {
		if c.Engine == search.Controlled {
			controlled[c.Targets[0].Name]++
		} else {
			others++
		}
	}
	return controlled, others
}

// A third of a soak that is long enough is controlled runs of what promises to be safe, which are told
// beside the free ones.
func TestControlledRuns(t *testing.T) {
	w := newWorld(t)
	c, built := w.controlled(3 * time.Second)
	r := w.soak(c)
	if !r.Done || time.Duration(r.Elapsed) != leastQuick-closing(leastQuick) || *built != 1 {
		t.Errorf("%+v, built %d times", r, *built)
	}
	byTarget, _ := w.bySlice()
	if byTarget["map"] != 0 || len(byTarget) != len(r.Targets)-1 {
		t.Errorf("controlled runs of %v", byTarget)
	}
	var spent time.Duration
	for i := range r.Targets {
		target := &r.Targets[i]
		if target.Unsafe {
			if target.Beside != nil {
				t.Errorf("%s, of which nobody wants any: %+v", target.Target, target.Beside)
			}
			continue
		}
		n := byTarget[target.Target]
		if b := target.Beside; b == nil || b.Schedules != n || b.Tally.Runs != uint64(10*n) || target.Tally.Runs == 0 {
			t.Fatalf("%+v after %d slices", target, n)
		}
		part := w.state().Searched[i].part(search.ControlledScenario)
		if part.Slices != n || part.Tally.Runs != uint64(10*n) || !part.Fits {
			t.Errorf("%+v after %d slices", part, n)
		}
		spent += time.Duration(part.Elapsed)
	}
	if spent < leastQuick/4 || spent > leastQuick*2/5 {
		t.Errorf("%v of %v were controlled runs", spent, leastQuick)
	}
	if xml := string(junit(w.state())); strings.Count(xml, `name="controlled runs"`) != len(byTarget) {
		t.Errorf("controlled runs are no tests in\n%s", xml)
	}
}

// Children that take a minute to build are not for a short soak.
func TestControlledWhenWorthIt(t *testing.T) {
	for _, test := range []struct {
		duration time.Duration
		quick    bool
		want     bool
	}{
		{leastControlled - 1, false, false},
		{leastControlled, false, true},
		{leastQuick - 1, true, false},
		{leastQuick, true, true},
	} {
		w := newWorld(t)
		c, _ := w.controlled(0)
		c.Duration, c.Work.Quick = test.duration, test.quick
		w.soak(c)
		if got, _ := w.bySlice(); (len(got) > 0) != test.want || w.state().Controlled != test.want {
			t.Errorf("%v, quick %t: controlled runs of %v", test.duration, test.quick, got)
		}
	}
}

// A soak goes on without what cannot be had in controlled runs, and says so once: all if no children
// can be built, else the target that fails.
func TestNoControlledRuns(t *testing.T) {
	for _, test := range []struct {
		name, want string
		spoil      func(*world, *Config)
		slices     map[string]int // of controlled runs, at most
	}{
		{"not built", "no controlled runs: no compiler", func(_ *world, c *Config) {
			c.Work.BuildControlled = func(context.Context, []string) error { return errors.New("no compiler") }
		}, map[string]int{}},
		{"one target", "no controlled runs of striped: not the same", func(w *world, c *Config) {
			c.Work.Search = func(ctx context.Context, c search.Config) (*search.Report, error) {
				r, err := w.search(ctx, c)
				if c.Engine == search.Controlled && c.Targets[0].Name == "striped" {
					err = errors.New("not the same")
				}
				return r, err
			}
		}, map[string]int{"striped": 1}},
	} {
		w := newWorld(t)
		c, _ := w.controlled(0)
		test.spoil(w, &c)
		var problems []string
		c.OnProblem = func(err error) { problems = append(problems, err.Error()) }
		r := w.soak(c)
		got, others := w.bySlice()
		if !slices.Equal(problems, []string{test.want}) || !r.Done || others < 20 {
			t.Errorf("%s: %q after %d other searches", test.name, problems, others)
		}
		if len(test.slices) == 0 && len(got) > 0 || got["striped"] > 1 {
			t.Errorf("%s: controlled runs of %v", test.name, got)
		}
	}
}

// A soak that ends while children are built goes on with them.
func TestKilledWhileBuilding(t *testing.T) {
	w := newWorld(t)
	c, built := w.controlled(0)
	build := c.Work.BuildControlled
	c.Work.BuildControlled = func(ctx context.Context, names []string) error {
		w.cancel()
		return ctx.Err()
	}
	var problems []error
	c.OnProblem = func(err error) { problems = append(problems, err) }
	first := w.soak(c)
	if !first.Interrupted || first.Done || len(problems) > 0 {
		t.Errorf("%+v, %v", first, problems)
	}
	w.ctx, w.cancel = context.WithCancel(context.Background())
	t.Cleanup(w.cancel)
	c.Work.BuildControlled = build
	second := w.soak(c)
	if got, _ := w.bySlice(); !second.Resumed || !second.Done || *built != 1 || len(got) < 4 {
		t.Errorf("%+v, built %d times, controlled runs of %v", second, *built, got)
	}
}

// What controlled runs find is kept and told as what free ones do, under their own test.
func TestControlledFinding(t *testing.T) {
	w := newWorld(t)
	c, _ := w.controlled(0)
	found := ""
	do := c.Work.Search
	c.Work.Search = func(ctx context.Context, c search.Config) (*search.Report, error) {
		if c.Engine == search.Controlled && found == "" {
			found = c.Targets[0].Name
			w.events[len(w.searched)] = func(c search.Config) {
				f := search.Finding{Target: found, Verdict: lost, Count: 3, Case: w.newCase(found, 2), Strategy: "random"}
				f.Case.Scenario, f.Case.Decisions = search.ControlledScenario, "v1"
				path, err := c.Store.Save(f.Case)
				if err != nil {
					t.Error(err)
				}
				f.Path, f.Final = path, true
				c.OnFinding(f)
			}
		}
		return do(ctx, c)
	}
	c.Story = func(c *corpus.Case) string { return "story of " + c.Scenario }
	r := w.soak(c)
	for i := range r.Targets {
		target := &r.Targets[i]
		if target.Target != found {
			continue
		}
		if len(target.Findings) != 1 || target.Findings[0].Count != 3 {
			t.Fatalf("%+v", target.Findings)
		}
		if runs, _ := target.Of(&target.Findings[0]); runs != target.Beside.Tally.Runs {
			t.Errorf("it is told among %d runs; want the controlled ones, %d", runs, target.Beside.Tally.Runs)
		}
	}
	_, test, _ := strings.Cut(string(junit(w.state())), `classname="search.`+found+`" name="controlled runs"`)
	test, _, _ = strings.Cut(test, "</testcase>")
	if !strings.Contains(test, "<failure") || !strings.Contains(test, "story of few") || r.Bugs() != 1 {
		t.Errorf("%d bugs in\n%s", r.Bugs(), junit(w.state()))
	}
}
