package soak

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/internal/dirlock"
	"github.com/mapstress/mapstress/internal/search"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var lost = oracle.Verdict{Class: oracle.SilentCorruption, Rule: "lost-update"}

// minute is the time for work of the minute that a soak is given.
var minute = time.Minute - closing(time.Minute)

// A clock goes on when it is told to.
type clock struct{ past atomic.Int64 }

func (c *clock) now() time.Time       { return time.Unix(1e9, c.past.Load()) }
func (c *clock) pass(d time.Duration) { c.past.Add(int64(d)) }

// A world is what a soak is made to believe: work that takes as long as it may, on
// a clock of its own, and does what it is told.
type world struct {
	t      *testing.T
	dir    string
	clock  *clock
	kept   *corpus.Store
	fails  map[string]bool             // cases that still fail, by ID
	events map[int]func(search.Config) // what happens in which search, from 0
	// replayed, searched and shrunk are what was done.
	replayed []string
	searched []search.Config
	shrunk   int
	ctx      context.Context
	cancel   context.CancelFunc
}

func newWorld(t *testing.T) *world {
	t.Helper()
	dir := t.TempDir()
	w := &world{
		t: t, dir: filepath.Join(dir, "out"), clock: &clock{}, kept: corpus.Open(filepath.Join(dir, "corpus")),
		fails: map[string]bool{}, events: map[int]func(search.Config){},
	}
	w.ctx, w.cancel = context.WithCancel(context.Background())
	t.Cleanup(w.cancel)
	return w
}

func (w *world) config() Config {
	var names []string
	for _, t := range target.Builtin() {
		names = append(names, t.Name)
	}
	return Config{
		Dir: w.dir, Duration: time.Minute, Corpus: filepath.Join(filepath.Dir(w.dir), "corpus"),
		Default: names, Draw: func() uint64 { return 77 },
		Work: Work{Describe: describe, Replay: w.replay, Search: w.search, Shrink: w.shrink},
		now:  w.clock.now, ticks: make(chan time.Time),
	}
}

// describe describes built-in targets.
func describe(_ context.Context, names []string) (all []wire.Description, err error) {
	for _, name := range names {
		for _, t := range target.Builtin() {
			if t.Name == name {
				all = append(all, search.Describe(&t))
			}
		}
	}
	return all, nil
}

func (w *world) soak(c Config) *Report {
	w.t.Helper()
	r, err := Run(w.ctx, c)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// keep puts a case in the corpus, that has so many workers.
func (w *world) keep(target string, workers int, fails bool) *corpus.Case {
	w.t.Helper()
	c := w.newCase(target, workers)
	path, err := w.kept.Save(c)
	if err != nil {
		w.t.Fatal(err)
	}
	w.fails[c.ID()] = fails
	c.File = path
	return c
}

func (w *world) newCase(target string, workers int) *corpus.Case {
	w.t.Helper()
	text := ""
	for i := range workers {
		text += fmt.Sprintf("w%d increment k1\n", i)
	}
	s, err := scheduler.Parse("mapstress schedule v1\n" + text)
	if err != nil {
		w.t.Fatal(err)
	}
	return &corpus.Case{Target: target, Verdict: lost, Scenario: "drain", Schedule: s}
}

func (w *world) replay(_ context.Context, c *corpus.Case, limits search.Limits) (*search.Replayed, error) {
	w.replayed = append(w.replayed, c.ID())
	if c.Scenario == "unfit" {
		return nil, fmt.Errorf("case %s: %w", c.File, &child.RequestError{Reason: "it does not fit"})
	}
	r := &search.Replayed{Case: c, Here: corpus.Environment{Go: "go1", CPUs: 2}, Rate: corpus.Rate{Runs: 100}}
	if w.fails[c.ID()] {
		w.clock.pass(limits.Time / 2)
		r.Rate.Failed, r.Found = 20, &child.Found{Verdict: c.Verdict}
		return r, nil
	}
	w.clock.pass(limits.Time)
	return r, nil
}

// search takes all its time, and makes ten runs of each target.
func (w *world) search(ctx context.Context, c search.Config) (*search.Report, error) {
	n := len(w.searched)
	w.searched = append(w.searched, c)
	w.clock.pass(c.Duration)
	r := &search.Report{Environment: corpus.Environment{Go: "go1", CPUs: 2}}
	for _, d := range c.Targets {
		r.Targets = append(r.Targets, search.TargetReport{Target: d.Name, Schedules: 1, Tally: wire.Tally{Runs: 10, Overlapped: 9}, Seen: everything()})
	}
	found := c.OnFinding
	c.OnFinding = func(f search.Finding) {
		for i := range r.Targets {
			if t := &r.Targets[i]; t.Target == f.Target {
				t.Findings = slices.DeleteFunc(t.Findings, func(g search.Finding) bool { return g.Verdict.Same(f.Verdict) })
				t.Findings = append(t.Findings, f)
			}
		}
		found(f)
	}
	if event := w.events[n]; event != nil {
		event(c)
	}
	r.Interrupted = ctx.Err() != nil
	return r, nil
}

// everything has been seen.
func everything() (s history.Seen) {
	for i := range s {
		s[i] = 1<<64 - 1
	}
	return s
}

// shrink leaves one worker.
func (w *world) shrink(_ context.Context, c *corpus.Case, limit time.Duration) (*corpus.Case, error) {
	w.shrunk++
	w.clock.pass(limit)
	smaller := *c
	smaller.Schedule = w.newCase(c.Target, 1).Schedule
	smaller.Verdict.Frames = []string{"other"}
	return &smaller, nil
}

// finds makes a search find something new, as search.Run does: it keeps it, tells
// of it, and tells again when it is measured.
func (w *world) finds(workers int, count uint64) func(search.Config) {
	return func(c search.Config) {
		name := c.Targets[len(c.Targets)-1].Name
		f := search.Finding{Target: name, Verdict: lost, Count: 1, Case: w.newCase(name, workers)}
		if older, ok := c.Store.Find(name, lost); ok {
			f.Case, f.Path, f.Known, f.Final, f.Count = older, older.File, true, true, count
			c.OnFinding(f)
			return
		}
		path, err := c.Store.Save(f.Case)
		if err != nil {
			w.t.Error(err)
		}
		f.Path = path
		c.OnFinding(f)
		f.Final, f.Count = true, count
		c.OnFinding(f)
	}
}

func (w *world) state() *State {
	w.t.Helper()
	data, err := os.ReadFile(filepath.Join(w.dir, "soak.json"))
	if err != nil {
		w.t.Fatal(err)
	}
	s, err := parseState(data)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// files returns what is in the corpus.
func (w *world) files() (names []string) {
	cases, errs := w.kept.LoadAll()
	if len(errs) > 0 {
		w.t.Error(errs)
	}
	for _, c := range cases {
		names = append(names, c.File)
	}
	return names
}

// A soak takes its duration, to the last slice, and exercises every target.
func TestClean(t *testing.T) {
	w := newWorld(t)
	r := w.soak(w.config())
	if got := time.Duration(r.Elapsed); got != minute || !r.Done || r.Interrupted || r.Resumed {
		t.Errorf("%+v after %v; want a minute", r, got)
	}
	if r.Seed != 77 || r.Slices != len(w.searched) || r.Bugs()+r.Failing() != 0 || r.Environment.Go != "go1" {
		t.Errorf("%+v after %d searches", r, len(w.searched))
	}
	for _, target := range r.Targets {
		if target.Tally.Runs < 100 || target.Tally.Overlapped*10 != target.Tally.Runs*9 || target.Unsafe != (target.Target == "map") ||
			target.Pairs == 0 || target.PairsSeen != target.Pairs {
			t.Errorf("%+v", target)
		}
	}
	for _, c := range w.searched {
		alone := len(c.Targets) == 1
		if !c.SkipKept || c.ShrinkTime >= 0 || c.Store == nil || alone != (len(c.Scenarios) == 1) {
			t.Errorf("a search with %+v", c)
		}
	}
	if probed := w.searched[r.Slices-1].Boundaries; len(probed) != len(r.Targets) {
		t.Errorf("the last search was told where %d targets grow, of %d", len(probed), len(r.Targets))
	}
	s := w.state()
	if !s.Done || s.Slices != r.Slices {
		t.Errorf("%+v was written", s)
	}
	for _, name := range []string{"soak.json", "junit.xml"} {
		if info, err := os.Stat(filepath.Join(w.dir, name)); err != nil || info.Mode().Perm() != 0o644 {
			t.Errorf("%v, %v", info, err)
		}
	}
}

// The corpus comes first: the cases of the targets, each once, with a result.
func TestReplaysFirst(t *testing.T) {
	w := newWorld(t)
	w.keep("sync.Map", 2, true)
	w.keep("sync.Map", 3, false)
	w.keep("map", 2, true)
	w.keep("another", 2, true)
	unfit := w.newCase("striped", 2)
	unfit.Scenario = "unfit"
	if _, err := w.kept.Save(unfit); err != nil {
		t.Fatal(err)
	}
	damaged := filepath.Join(filepath.Dir(w.dir), "corpus", "striped", "0.txtar")
	if err := os.WriteFile(damaged, []byte("\x00"), 0o666); err != nil {
		t.Fatal(err)
	}
	c := w.config()
	var told, problems []string
	c.OnReplayed = func(r *search.Replayed) { told = append(told, r.Case.ID()) }
	c.OnProblem = func(err error) { problems = append(problems, err.Error()) }
	c.Story = func(c *corpus.Case) string { return "story of " + c.File }
	r := w.soak(c)
	outcomes := map[Outcome]int{}
	for _, c := range r.Cases {
		outcomes[c.Outcome]++
		if c.Outcome == Failing && (c.Text != "story of "+c.Path || c.Rate.Failed != 20) {
			t.Errorf("%+v", c)
		}
	}
	if outcomes[Failing] != 2 || outcomes[Clean] != 1 || outcomes[Unreadable] != 2 || len(r.Cases) != 5 || r.Others != 1 {
		t.Errorf("%v, %d others: %+v", outcomes, r.Others, r.Cases)
	}
	if r.Failing() != 1 || r.Unreadable() != 2 || len(told) != 3 || len(problems) != 2 || len(w.replayed) != 4 {
		t.Errorf("%d failing, %d unreadable, told of %q, problems %q", r.Failing(), r.Unreadable(), told, problems)
	}
	if time.Duration(r.Elapsed) != minute {
		t.Errorf("took %v", time.Duration(r.Elapsed))
	}
}

// The corpus takes a quarter of the time at most, each case a fair share of it.
func TestReplayShares(t *testing.T) {
	w := newWorld(t)
	for i := range 30 {
		w.keep("sync.Map", i+1, false)
	}
	r := w.soak(w.config())
	var used search.Duration
	for _, c := range r.Cases {
		used += c.Elapsed
		if c.Outcome != Clean || time.Duration(c.Elapsed) != 500*time.Millisecond {
			t.Errorf("%+v", c)
		}
	}
	if len(r.Cases) != 30 || time.Duration(used) != 15*time.Second || time.Duration(r.Elapsed) != minute {
		t.Errorf("%d cases took %v of %v", len(r.Cases), time.Duration(used), time.Duration(r.Elapsed))
	}
}

// A finding is noted when it is kept, shrunk after its slice, and told twice; when
// a later slice meets it again it is counted, and neither told nor kept again,
// though its frames are others since it was shrunk.
func TestFinding(t *testing.T) {
	w := newWorld(t)
	w.events[1] = w.finds(4, 5)
	w.events[3] = w.finds(3, 7)
	c := w.config()
	var told []search.Finding
	c.OnFinding = func(f search.Finding) { told = append(told, f) }
	r := w.soak(c)
	if len(told) != 2 || told[0].Final || !told[1].Final || told[0].Known || told[1].Known {
		t.Errorf("told %+v", told)
	}
	if w.shrunk != 1 || r.Bugs() != 1 {
		t.Fatalf("%d shrunk, %d bugs", w.shrunk, r.Bugs())
	}
	var f search.Finding
	for _, target := range r.Targets {
		for _, f = range target.Findings {
			if f.Count != 12 || f.Known || !f.Final {
				t.Errorf("%+v; want it 5 and 7 times", f)
			}
		}
	}
	if files := w.files(); len(files) != 1 || files[0] != w.state().Findings[0].Path {
		t.Errorf("%q are kept; the finding is %s", files, w.state().Findings[0].Path)
	}
	if time.Duration(r.Elapsed) != minute {
		t.Errorf("took %v", time.Duration(r.Elapsed))
	}
}

// What the corpus had is known, and not shrunk.
func TestKnownFinding(t *testing.T) {
	w := newWorld(t)
	w.keep("striped", 2, false)
	w.events[0] = w.finds(2, 3)
	r := w.soak(w.config())
	f := r.Targets[len(r.Targets)-1].Findings
	if len(f) != 1 || !f[0].Known || f[0].Count != 3 || w.shrunk != 0 || r.Bugs() != 1 {
		t.Errorf("%+v, %d shrunk", f, w.shrunk)
	}
}

// An interrupted soak says so, and goes on where it was: it replays nothing again,
// keeps the counts, and takes the time that was left.
func TestInterrupted(t *testing.T) {
	w := newWorld(t)
	w.keep("sync.Map", 2, true)
	w.events[2] = func(c search.Config) {
		w.finds(4, 5)(c)
		w.cancel()
	}
	first := w.soak(w.config())
	if !first.Interrupted || first.Done || first.Slices != 3 || len(first.Cases) != 1 || first.Bugs() != 1 {
		t.Fatalf("%+v", first)
	}
	w.ctx = context.Background()
	c := Config{Dir: w.dir} // all else as it was
	c.Default, c.Work, c.now, c.ticks = nil, w.config().Work, w.config().now, w.config().ticks
	began := w.clock.now()
	second := w.soak(c)
	if !second.Resumed || !second.Done || second.Seed != 77 || second.Slices <= 3 || len(w.replayed) != 1 || w.shrunk != 1 || second.Bugs() != 1 {
		t.Errorf("%+v", second)
	}
	if total := time.Duration(first.Elapsed) + w.clock.now().Sub(began); total != minute || time.Duration(second.Elapsed) != minute {
		t.Errorf("%v in all; it says %v", total, time.Duration(second.Elapsed))
	}
	if n := second.Targets[0].Tally.Runs; n <= first.Targets[0].Tally.Runs {
		t.Errorf("%d runs, and %d before", n, first.Targets[0].Tally.Runs)
	}
	seen := map[uint64]bool{}
	for _, c := range w.searched {
		if seen[c.Seed] {
			t.Errorf("seed %d was searched twice", c.Seed)
		}
		seen[c.Seed] = true
	}
	// What is finished begins anew.
	if third := w.soak(w.config()); third.Resumed || len(w.replayed) != 3 {
		t.Errorf("%+v after %d replays", third, len(w.replayed))
	}
}

// killed does something, and returns a world in which only what is on disk by then
// is left.
func (w *world) killed(then func()) *world {
	w.t.Helper()
	again := *w
	disk := filepath.Join(w.t.TempDir(), "out")
	then()
	if err := os.CopyFS(filepath.Dir(disk), os.DirFS(filepath.Dir(w.dir))); err != nil {
		w.t.Fatal(err)
	}
	again.dir, again.kept = disk, corpus.Open(filepath.Join(filepath.Dir(disk), "corpus"))
	again.searched, again.replayed, again.events = nil, nil, map[int]func(search.Config){}
	return &again
}

// A soak that was killed in the middle of a slice, after a finding was kept, goes
// on with that slice: what was found and replayed is there.
func TestKilled(t *testing.T) {
	w := newWorld(t)
	w.keep("sync.Map", 2, true)
	var again *world
	w.events[4] = func(c search.Config) {
		again = w.killed(func() { w.finds(4, 5)(c) })
		w.cancel()
	}
	w.soak(w.config())
	c := again.config()
	c.Corpus = "" // it is where the first one said
	s := again.state()
	if s.Done || s.Slices != 4 || len(s.Cases) != 1 || len(s.Findings) != 1 || s.Findings[0].Final || s.Findings[0].Count != 1 {
		t.Fatalf("on disk:\n%s", s.format())
	}
	again.ctx = context.Background()
	before := time.Duration(s.Used)
	r := again.soak(c)
	if !r.Resumed || !r.Done || len(again.replayed) != 0 || again.shrunk != 1 || r.Bugs() != 1 {
		t.Errorf("%+v", r)
	}
	if again.searched[0].Seed != w.searched[4].Seed {
		t.Error("the slice that was cut off was not searched again")
	}
	var took time.Duration
	for _, c := range again.searched {
		took += c.Duration
	}
	if total := before + took + shrinkTime(time.Minute, false); total != minute {
		t.Errorf("%v in all", total)
	}
}

// A soak that was killed between keeping the smaller case and noting that finds it.
func TestKilledWhileShrinking(t *testing.T) {
	w := newWorld(t)
	w.events[1] = func(c search.Config) {
		w.finds(4, 5)(c)
		w.cancel()
	}
	w.soak(w.config())
	found := w.state().Findings[0]
	old, err := corpus.ReadFile(found.Path)
	if err != nil {
		t.Fatal(err)
	}
	smaller := *old
	smaller.File, smaller.Schedule = "", w.newCase(old.Target, 2).Schedule
	path, err := w.kept.Replace(old, &smaller)
	if err != nil {
		t.Fatal(err)
	}
	w.ctx = context.Background()
	r := w.soak(w.config())
	if len(w.replayed) != 0 || r.Bugs() != 1 || w.shrunk != 1 {
		t.Errorf("%d replayed, %d bugs, %d shrunk", len(w.replayed), r.Bugs(), w.shrunk)
	}
	if files := w.files(); len(files) != 1 || files[0] == path {
		t.Errorf("%q are kept; want one, smaller than %s", files, path)
	}
}

// What cannot go on is refused, and nothing is written.
func TestRefused(t *testing.T) {
	w := newWorld(t)
	w.events[1] = func(search.Config) { w.cancel() }
	w.soak(w.config())
	w.ctx = context.Background()
	file := filepath.Join(w.dir, "soak.json")
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		change func(*Config)
		want   string
	}{
		{func(c *Config) { c.Duration = time.Hour }, "has the duration 1m0s, not 1h0m0s"},
		{func(c *Config) { c.Seed = 5 }, "has the seed 77, not 5"},
		{func(c *Config) { c.Targets = []string{"map", "striped"} }, "has the targets map map+mutex map+rwmutex sync.Map striped, not map striped"},
		{func(c *Config) { c.Scenarios = []string{"drain"} }, ",churn,delete-reinsert,drain,"},
		{func(c *Config) { c.Corpus = "elsewhere" }, "corpus, not elsewhere"},
		{func(c *Config) {
			c.Work.Describe = func(context.Context, []string) ([]wire.Description, error) { return nil, errors.New("no such target") }
		}, "go on with the soak that is not finished: no such target; begin anew, or take another directory"},
		{func(c *Config) { c.Duration = -1 }, "must not be negative"},
	} {
		c := w.config()
		test.change(&c)
		r, err := Run(w.ctx, c)
		if r != nil || err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v, %v; want %s", r, err, test.want)
		}
		if after, err := os.ReadFile(file); err != nil || string(after) != string(before) {
			t.Errorf("%s: the state was changed: %v", test.want, err)
		}
	}
	if err := os.WriteFile(file, before[:40], 0o666); err != nil {
		t.Fatal(err)
	}
	_, err = Run(w.ctx, w.config())
	if err == nil || !strings.Contains(err.Error(), "soak.json: damaged: unexpected EOF in what begins") || !strings.HasSuffix(err.Error(), "it is left as it is") {
		t.Errorf("damaged: %v", err)
	}
	if after, err := os.ReadFile(file); err != nil || string(after) != string(before[:40]) {
		t.Errorf("the damaged state was changed: %v", err)
	}
	c := w.config()
	c.Fresh = true
	if r := w.soak(c); r.Resumed || !r.Done {
		t.Errorf("%+v; want a fresh one", r)
	}
}

// Where a target grows is believed once two probes agree.
func TestLearnGrowth(t *testing.T) {
	s := &soak{probed: map[string]history.Boundaries{}, grows: map[string]history.Boundaries{}}
	for i, test := range []struct {
		up       []int
		believed bool
	}{{nil, false}, {[]int{8, 14}, false}, {[]int{8}, false}, {[]int{8, 14}, false}, {[]int{8, 14}, true}} {
		s.learnGrowth(&search.TargetReport{Target: "m", Boundaries: history.Boundaries{Up: test.up}})
		if b, ok := s.grows["m"]; ok != test.believed || ok && !slices.Equal(b.Up, test.up) {
			t.Errorf("after probe %d: %v, %v; want %v", i, b, ok, test.believed)
		}
	}
}

// Two soaks do not write to the same directory.
func TestLocked(t *testing.T) {
	w := newWorld(t)
	w.events[1] = func(search.Config) {
		if _, err := Run(w.ctx, w.config()); err == nil || !strings.Contains(err.Error(), "another soak is at work in "+w.dir) {
			if unlock, err := dirlock.Lock(w.dir); errors.Is(err, errors.ErrUnsupported) {
				t.Skip(err)
			} else if err == nil {
				unlock()
			}
			t.Errorf("a second soak: %v", err)
		}
	}
	w.soak(w.config())
}

// On a machine where children take seconds to begin, a slice is begun again with more time, and the
// others have that, too.
func TestSlowMachine(t *testing.T) {
	w := newWorld(t)
	c := w.config()
	work, begins := c.Work.Search, time.Duration(0)
	c.Work.Search = func(ctx context.Context, c search.Config) (*search.Report, error) {
		if len(w.searched) == 0 {
			begins = 3 * c.Duration
		}
		r, err := work(ctx, c)
		for i := range r.Targets {
			if c.Duration < begins {
				r.Targets[i].Tally = wire.Tally{}
			}
		}
		return r, err
	}
	r := w.soak(c)
	for i := range 3 {
		got, want := w.searched[i], w.searched[0]
		if got.Seed != want.Seed || got.Duration != want.Duration<<i {
			t.Errorf("search %d: seed %d, %v; want seed %d, %v", i, got.Seed, got.Duration, want.Seed, want.Duration<<i)
		}
	}
	if next, first := w.searched[3], w.searched[0]; next.Seed == first.Seed || next.Duration != 4*first.Duration {
		t.Errorf("then seed %d, %v; want another slice of %v", next.Seed, next.Duration, 4*first.Duration)
	}
	// The two that were begun again do not count, and the last one may be cut off.
	if n := len(w.searched) - 2; !r.Done || r.Slices != n && r.Slices != n-1 {
		t.Errorf("done %v after %d searches: %d slices", r.Done, len(w.searched), r.Slices)
	}
}

// A slice that fails is a problem; three in a row are the end, with a report.
func TestBrokenSearch(t *testing.T) {
	w := newWorld(t)
	c := w.config()
	n, broken := 0, errors.New("no processes left")
	work := c.Work.Search
	c.Work.Search = func(ctx context.Context, c search.Config) (*search.Report, error) {
		if n++; n == 2 || n == 3 || n >= 6 {
			return nil, broken
		}
		return work(ctx, c)
	}
	var problems []error
	c.OnProblem = func(err error) { problems = append(problems, err) }
	r, err := Run(w.ctx, c)
	if !errors.Is(err, broken) || !strings.HasSuffix(err.Error(), "(3 slices failed in a row)") || r == nil || r.Done || n != 8 {
		t.Errorf("%+v, %v after %d searches", r, err, n)
	}
	if len(problems) != 1 || !errors.Is(problems[0], broken) {
		t.Errorf("told of %v; want it once", problems)
	}
}

// While a slice goes on, the time is written down, and progress told.
func TestTicks(t *testing.T) {
	w := newWorld(t)
	c := w.config()
	ticks := make(chan time.Time)
	c.ticks, c.Every = ticks, 3*time.Second
	var told []Progress
	c.OnProgress = func(p Progress) { told = append(told, p) }
	w.events[1] = func(sc search.Config) {
		sc.OnProgress(search.Progress{Tally: wire.Tally{Runs: 1000}})
		w.clock.pass(4 * time.Second)
		now := w.clock.now()
		ticks <- now
		ticks <- now // the first is over by now, and it is too soon for another
	}
	w.soak(c)
	if len(told) != 1 || told[0].Tally.Runs != 1000+uint64(10*len(w.searched[0].Targets)) || told[0].Doing != "free search" {
		t.Errorf("told %+v", told)
	}
}

// Files of a writer that was killed are removed, and no others.
func TestRemoveTemps(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{tempStart + "1" + tempEnd, "soak.json", "mine.tmp", tempStart + "mine"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	removeTemps(dir)
	if left, _ := os.ReadDir(dir); len(left) != 3 {
		t.Errorf("%v are left", left)
	}
	if err := writeFile(filepath.Join(dir, "none", "file"), nil, true); err == nil {
		t.Error("no error where there is no directory")
	}
}
