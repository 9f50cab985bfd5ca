package mapstress

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/child/serve"
	"github.com/mapstress/mapstress/internal/search"
	"github.com/mapstress/mapstress/internal/story"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// A Map is the methods of the map under test, for Check; nil is a method that it
// lacks. Their meanings are those of target.Map, which are those of sync.Map where it has
// them. Methods that sync.Map does not have, and a model of each, are its Custom.
type Map[K comparable, V any] target.Map[K, V]

// A T is what Check needs of a *testing.T.
type T interface {
	Helper()
	Name() string
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// Check tests a map inside go test: it searches for schedules that make it fail, and
// fails the test with the story of each finding. What is found is kept in the package's
// testdata/mapstress, and is run first the next time.
//
// New makes a fresh map, with the same methods each time. It is called in child
// processes, which are the test binary run again for this test alone: what the test does
// before Check is done in each of them, too, and Check does not return there.
//
// A search takes 3 s, or a half with -short, if no option says otherwise, and ends in
// time for -timeout. Its workers run free; Using has them run one at a time. MAPSTRESS_DURATION is stronger than all of these, for a night's run:
//
//	MAPSTRESS_DURATION=1h go test -run '^TestMyMap$' -timeout 2h
func Check[K comparable, V any](t T, new func() Map[K, V], options ...Option) {
	t.Helper()
	if _, ok := t.(interface{ ResetTimer() }); ok {
		t.Fatalf("mapstress: Check is for tests; a benchmark cannot be run again for itself")
	}
	c := checking{t: t, duration: usualCheck, contract: target.Usual(), corpus: filepath.Join("testdata", "mapstress"), id: checkID(t)}
	if short() {
		c.duration = shortCheck
	}
	for _, option := range options {
		option(&c)
	}
	if c.inBubble() {
		t.Fatalf("mapstress: Check cannot run in a bubble of testing/synctest: its time would stand still; want the test itself to call it")
	}
	if new == nil {
		t.Fatalf("mapstress: Check has no function that makes a map; want one that makes a fresh one each time")
	}
	set, requested := serve.Set()
	if requested && set != c.id {
		return // a child for another Check, or for a search that a test began
	}
	key, err := codecFor(c.keys, target.CodecOf[K])
	if err != nil {
		t.Fatalf("mapstress: the keys: %v; give one with mapstress.Keys", err)
	}
	value, err := codecFor(c.values, target.ValueCodecOf[V])
	if err != nil {
		t.Fatalf("mapstress: the values: %v; give one with mapstress.Values", err)
	}
	tgt := target.Adapt(t.Name(), key, value, func() target.Map[K, V] { return target.Map[K, V](new()) }, c.contract)
	if requested {
		serve.Main([]target.Target{tgt})
	}
	c.check(&tgt)
}

// How long a search takes, if nothing else is said, and the longest that is tried if no run
// was made in that.
const (
	usualCheck  = 3 * time.Second
	shortCheck  = usualCheck / 2
	enoughCheck = time.Minute
)

// A checking is one Check.
type checking struct {
	t            T
	id           string // of the set of targets
	duration     time.Duration
	seed         uint64
	contract     target.Contract
	engine       Engine
	strategy     Strategy
	scenarios    []string
	keys, values any // codecs; nil for one of CodecOf
	corpus       string
}

func codecFor[X any](given any, usual func() (target.Codec[X], error)) (target.Codec[X], error) {
	if given == nil {
		return usual()
	}
	c, ok := given.(target.Codec[X])
	if !ok {
		return c, fmt.Errorf("got a %T", given)
	}
	return c, nil
}

// check searches, and tells the test.
func (c *checking) check(tgt *target.Target) {
	c.t.Helper()
	if err := c.made(c.context()); err != nil {
		c.t.Fatalf("mapstress: %v", err)
	}
	if err := checkMethods(tgt); err != nil {
		c.t.Fatalf("mapstress: %v", err)
	}
	config, err := c.config(tgt)
	if err != nil {
		c.t.Fatalf("mapstress: %v", err)
	}
	report, err := c.search(config)
	if report != nil {
		for _, f := range report.Targets[0].Findings {
			c.tell(&f, report.Seed)
		}
	}
	if err != nil {
		c.t.Fatalf("mapstress: %v", err)
	}
	tally := allRuns(report)
	if tally.Runs == 0 && c.context().Err() != nil {
		c.t.Errorf("mapstress: the test's context ended before a schedule was run: %v", c.context().Err())
	} else if tally.Runs == 0 {
		c.t.Errorf("mapstress: no schedule was run in %v; want more time", config.Duration)
	}
	overlapped := story.Percent(tally.Overlapped, tally.Runs)
	undecided := ""
	if tally.Unknown > 0 {
		undecided = fmt.Sprintf(", %s undecided", story.Count(tally.Unknown))
	}
	c.t.Logf("mapstress: %s, %s overlapped, %s%s, seed %d", story.Plural(tally.Runs, "run"), overlapped, story.Plural(tally.Growth, "growth overlap"), undecided, report.Seed)
}

// allRuns counts the free runs and the controlled ones.
func allRuns(r *search.Report) Tally {
	all := r.Targets[0].Tally
	if beside := r.Targets[0].Beside; beside != nil {
		all.Add(beside.Tally)
	}
	return all
}

// checkMethods says what is wrong with the map's methods, before any is called.
func checkMethods(tgt *target.Target) error {
	m := tgt.Variants[0].New()
	if m.Close != nil {
		defer m.Close()
	}
	if err := enough(&m.Map, scheduler.Methods(&m.Map)); err != nil {
		return err
	}
	for _, m := range tgt.Variants[0].Models() {
		if !history.IsName(m.Name) {
			return fmt.Errorf("a method called custom:%s; want a letter, and then letters, digits, dots, hyphens and underscores", m.Name)
		}
	}
	return target.CheckModels(&tgt.Variants[0])
}

// search searches, and once more for longer where the machine was so busy that the
// children had hardly begun.
func (c *checking) search(config *search.Config) (*search.Report, error) {
	ctx := c.context()
	for {
		report, err := search.Run(ctx, *config)
		longer := c.untilDeadline(4 * config.Duration)
		if err != nil || allRuns(report).Runs > 0 || ctx.Err() != nil || longer > enoughCheck || longer <= 0 {
			return report, err
		}
		config.Duration = longer
	}
}

func (c *checking) config(tgt *target.Target) (*search.Config, error) {
	switch {
	case c.engine > Auto:
		return nil, fmt.Errorf("%v; want Stress, Controlled or Auto", c.engine)
	case c.engine == Controlled && len(c.scenarios) > 0:
		return nil, errors.New("Trying is for workers that run free; controlled runs have schedules of their own, of a few ops")
	}
	if err := c.strategy.Check(c.engine); err != nil {
		return nil, err
	}
	var store *corpus.Store
	if c.corpus != "" {
		store = corpus.Open(c.corpus)
	}
	children, err := c.children()
	if err != nil {
		return nil, err
	}
	ready := c.engine == Auto && hasDecided(store, tgt.Name)
	if ready { // what is wrong is said by the search
		_, _ = c.hookedInTime()
	}
	if c.duration, err = c.bounded(); err != nil {
		return nil, err
	}
	config := &search.Config{
		Child: children, Duration: c.duration, Seed: c.seed, StopOnFinding: true, Engine: c.engine, Strategy: c.strategy,
		Children: c.hooked, Ready: ready, Store: store,
		OnProblem: func(err error) { c.t.Logf("mapstress: %v", err) },
	}
	if config.Seed == 0 {
		config.Seed = uint64(time.Now().UnixNano())
	}
	for _, name := range c.scenarios {
		s, err := scenarios.Find(name)
		if err != nil {
			return nil, err
		}
		config.Scenarios = append(config.Scenarios, s)
	}
	config.Targets = append(config.Targets, search.Describe(tgt))
	return config, nil
}

// bounded returns how long to search: as long as is asked for, and not until the test's
// deadline.
func (c *checking) bounded() (time.Duration, error) {
	d := c.duration
	if d <= 0 {
		return 0, fmt.Errorf("For(%v); want a time such as 10*time.Second", d)
	}
	if text := os.Getenv("MAPSTRESS_DURATION"); text != "" {
		var err error
		if d, err = time.ParseDuration(text); err != nil || d <= 0 {
			return 0, fmt.Errorf("MAPSTRESS_DURATION=%q; want a time such as 10m", text)
		}
	}
	if d = c.untilDeadline(d); d <= 0 {
		return 0, errors.New("no time is left before the test's deadline")
	}
	return d, nil
}

// inBubble reports whether the test is in a bubble of testing/synctest, where it must not ask for its
// deadline.
func (c *checking) inBubble() (in bool) {
	defer func() { in = recover() != nil }()
	c.untilDeadline(0)
	return false
}

// untilDeadline is d, or less if the test has less.
func (c *checking) untilDeadline(d time.Duration) time.Duration {
	if t, ok := c.t.(interface{ Deadline() (time.Time, bool) }); ok {
		if deadline, set := t.Deadline(); set {
			return min(d, time.Until(deadline)*8/10)
		}
	}
	return d
}

// context is the test's, where it has one.
func (c *checking) context() context.Context {
	if t, ok := c.t.(interface{ Context() context.Context }); ok {
		return t.Context()
	}
	return context.Background()
}
