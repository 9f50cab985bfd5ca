// Package search looks for schedules that make a target fail: what to try next,
// and what to do with a failure: confirm it, keep it, shrink it.
//
// Nothing it reports comes unconfirmed, and what it found is on disk before it
// goes on.
package search

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/scenarios"
)

// Config says what to search and how long. Targets must not be empty; the zero
// values of the rest are valid.
type Config struct {
	Child     child.Config
	Targets   []wire.Description
	Scenarios []scenarios.Scenario // nil: all of the catalogue
	Without   []string             // ops that are left out: kinds, or methods of the targets' own
	Duration  time.Duration        // 0: no end but Runs or the context's
	Runs      uint64               // end once each target has had that many runs; 0: never
	Seed      uint64
	Store     *corpus.Store
	SkipKept  bool // do not first replay what the store has; it is still known
	// Boundaries are those of targets, by name, that need not be probed, which takes
	// some 0.2 s of CPU time each.
	Boundaries map[string]history.Boundaries
	// ShrinkTime bounds the shrinking of one finding; 0 means 5 s, and never
	// more than a tenth of Duration, unless StopOnFinding, when controlled runs have 15 s for
	// it. Less than 0: findings are kept as found.
	ShrinkTime    time.Duration
	StopOnFinding bool // end at the first finding on a target that promises to be safe
	Policy        Policy
	Engine        Engine   // of Controlled, Child must be built for it
	Strategy      Strategy // of controlled runs; what they find is shrunk by strategy.Usual in any case
	Noise         bool     // workers that run free are disturbed within ops, for which Child must be built
	// Children says, for Auto, how to start children that are built for controlled runs. It is
	// called once, when there is a finding or the search has gone on for a while, and must end
	// with its context.
	Children func(context.Context) (child.Config, error)
	// Ready says that Children has nothing to build, so that kept cases with decisions are run
	// before anything else is.
	Ready bool
	// Quick says that Children takes some seconds at most.
	Quick bool
	// BesideAfter is how long a search of Auto goes on without controlled runs beside its own;
	// 0 is 5 s, and a search of less than 40 s, or of Runs, has none; if Quick, 5 s or an eighth
	// of Duration, and one of less than 12 s.
	BesideAfter time.Duration
	Explain     bool // report what each setting came to
	// OnFinding is told of each finding, once it is kept and again once it is
	// shrunk; OnProgress of the counts, every Every. They are called by one
	// goroutine at a time.
	OnFinding  func(Finding)
	OnProblem  func(error) // something went wrong that the search survives
	OnProgress func(Progress)
	Every      time.Duration // 0 means 3 s

	lanes int // how many schedules run at the same time; 0 means what the machine is good for
}

// Progress is where a search is.
type Progress struct {
	Elapsed  Duration   `json:"elapsed"`
	Tally    wire.Tally `json:"runs"`
	Deaths   int        `json:"deaths"`
	Findings int        `json:"findings"`
	Target   string     `json:"target"` // the one under way
	// After says what is done once the search itself is over; empty until then.
	After string `json:"after,omitempty"`
}

// A search is one search under way.
type search struct {
	Config
	started time.Time
	stop    context.CancelFunc
	whole   context.Context // ends when nobody wants the search any more; that of a lane, with its time
	decided time.Duration   // as ShrinkTime, for controlled runs

	mu          sync.Mutex
	environment corpus.Environment // guarded by mu; the children's
	targets     []*state           // the slice never changes; what guards the states, see there
	current     string             // guarded by mu; whose turn it is, for progress
	failed      error              // guarded by mu; the first error that ended a lane
	elapsed     time.Duration      // guarded by mu; 0 until the search is over
	after       string             // guarded by mu; Progress.After

	attempts attempts
}

// Run searches until the time is up, the runs are done or ctx ends. An error
// means that the search could not do its work; even then the report has what
// was found, unless it is nil: then there was nothing to search.
func Run(ctx context.Context, c Config) (*Report, error) {
	if c.Scenarios == nil {
		c.Scenarios = scenarios.All()
	}
	if err := c.Strategy.Check(c.Engine); err != nil {
		return nil, err
	}
	var err error
	var decided time.Duration
	c.ShrinkTime, decided = shrinkTimes(&c)
	if c.Targets, err = leaveOut(c.Targets, c.Without); err != nil {
		return nil, err
	}
	s := &search{Config: c, started: time.Now(), whole: ctx, decided: decided}
	for i := range c.Targets {
		if d := &c.Targets[i]; !fits(c.Scenarios, spaceFor(d, history.Boundaries{})) {
			return nil, fmt.Errorf("target %s: none of the %d chosen scenarios fits what it can do: %v; most want load and an op that stores",
				d.Name, len(c.Scenarios), d.Variants[0].Kinds)
		}
		s.targets = append(s.targets, newState(&c, &c.Targets[i]))
	}
	building, enough := context.WithCancel(ctx)
	s.attempts = attempts{built: make(chan struct{}), build: func() (child.Config, error) { return c.Children(building) }}
	defer s.attempts.end()
	defer enough()
	limited := ctx
	if c.Duration > 0 {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, c.Duration)
		defer cancel()
	}
	limited, s.stop = context.WithCancel(limited)
	defer s.stop()

	var lanes, progress sync.WaitGroup
	for range s.laneCount() {
		lanes.Add(1)
		go func() {
			defer lanes.Done()
			s.fail(s.lane(limited))
		}()
	}
	over := make(chan struct{})
	progress.Add(1)
	go func() {
		defer progress.Done()
		s.reportProgress(over)
	}()
	lanes.Wait()
	s.over()
	s.attemptAll(ctx)
	close(over)
	progress.Wait()
	for _, t := range s.targets {
		if c.Engine != Controlled {
			s.remember(t)
		}
	}
	return s.report(ctx.Err() != nil), s.failed
}

// over notes that the search is, but for what is still to be tried in controlled runs.
func (s *search) over() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.elapsed = time.Since(s.started)
}

// shrinkTimes are how long one finding may be shrunk, and how long by controlled runs: see
// Config. Nothing else waits when the search has come to its end.
func shrinkTimes(c *Config) (t, decided time.Duration) {
	t, decided = c.ShrinkTime, c.ShrinkTime
	if t == 0 {
		t, decided = 5*time.Second, 15*time.Second
	}
	if !c.StopOnFinding {
		if c.Duration > 0 {
			t = min(t, c.Duration/10)
		}
		decided = t
	}
	return t, decided
}

// laneCount is how many schedules run at the same time: the workers of one want
// two processors to meet on.
func (s *search) laneCount() int {
	if s.lanes > 0 {
		return s.lanes
	}
	return max(1, runtime.NumCPU()/2)
}

func (s *search) fail(err error) {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed == nil {
		s.failed = err
	}
	s.stop()
}

// problem reports an error that does not end the search.
func (s *search) problem(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.OnProblem != nil {
		s.OnProblem(fmt.Errorf(format, args...))
	}
}

// setEnvironment notes where the children run.
func (s *search) setEnvironment(h wire.Hello) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.environment = environmentOf(h)
}

func environmentOf(h wire.Hello) corpus.Environment {
	return corpus.Environment{Go: h.GoVersion, GOOS: h.GOOS, GOARCH: h.GOARCH, CPUs: h.CPUs, GOMAXPROCS: h.CPUs}
}
