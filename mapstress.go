// Package mapstress finds concurrency bugs in Go maps: it runs concurrent
// schedules of operations against a map while disturbing goroutine timing,
// judges what came of them, makes what failed smaller, and keeps it as a file
// that replays.
//
// It proves nothing of a map that it finds clean: a clean report says how much
// was exercised, and no more.
//
// A program that uses this package must call Serve first thing in its main
// function: schedules run in child processes, which are the same program.
package mapstress

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/buggy"
	"github.com/mapstress/mapstress/internal/build"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/child/serve"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/internal/nearest"
	"github.com/mapstress/mapstress/internal/search"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/target"
)

// What a search reports.
type (
	Report       = search.Report
	TargetReport = search.TargetReport
	Finding      = search.Finding
	Progress     = search.Progress
	Duration     = search.Duration
	Account      = search.Account
	Rate         = search.Rate
	Policy       = search.Policy
	Replayed     = search.Replayed
	Limits       = search.Limits
	Engine       = search.Engine
	Strategy     = search.Strategy
	Attempt      = search.Attempt
	Step         = search.Step
	Tally        = wire.Tally
)

// How a search spends its time.
const (
	Uniform  = search.Uniform  // it tries everything, each in its usual share
	Learning = search.Learning // half of its tries follow what pays
)

// How schedules are run.
const (
	Stress     = search.Stress     // workers run free, in parallel
	Controlled = search.Controlled // one at a time, and each decision is kept
	Auto       = search.Auto       // free, and what that finds is then tried one at a time
)

// A RequestError means that a schedule does not fit its target.
type RequestError = child.RequestError

// A BrokenError means that mapstress itself failed, in a child process.
type BrokenError = child.BrokenError

// A WorkDirError means that nothing can be made in the directory for temporary files, where
// children work.
type WorkDirError = child.WorkDirError

// Serve serves as a child process, and does not return, if this process was
// started as one; else it does nothing.
func Serve() {
	if set, requested := serve.Set(); requested && set == builtin {
		serve.Main(Targets())
	}
}

// Targets returns every target that mapstress knows without being told: the
// default ones first, then the maps with planted bugs, and the same repaired,
// that mapstress itself is tested with.
func Targets() []target.Target {
	return append(append(target.Builtin(), buggy.Targets()...), buggy.Repaired()...)
}

// FindTarget returns the target of that name, which is none of an expression.
func FindTarget(name string) (target.Target, error) {
	var names []string
	for _, t := range Targets() {
		if t.Name == name {
			return t, nil
		}
		names = append(names, t.Name)
	}
	if strings.ContainsAny(name, "/@()[") || name == "." {
		return target.Target{}, fmt.Errorf("unknown target %q; a map of a package is named by the package, a space and an expression that makes one, such as %q or %q",
			name, "github.com/puzpuzpuz/xsync/v4@v4.5.0 NewMap[int,int]()", "./internal/cache New()")
	}
	return target.Target{}, fmt.Errorf("unknown target %q; %smapstress targets lists them all", name, nearest.Hint(name, names))
}

// Config is what to search, and how. The zero Config searches the built-in
// targets until its context ends, and keeps nothing.
type Config struct {
	Targets   []string      // names, each counting once; empty means the built-in targets
	Scenarios []string      // names; empty means all
	Without   []string      // ops that are not called, such as clear: their bugs are known, or nobody calls them
	Duration  time.Duration // 0: no end
	Runs      uint64        // runs of each target; 0: no end
	// Seed is where all that is random comes from. With the Uniform policy the
	// same seed tries the same schedules in the same order; Learning goes by
	// what came of them, too.
	Seed   uint64
	Policy Policy
	// Engine says how schedules are run. Controlled takes the go command, which builds the
	// children, and an amd64 processor; Scenarios count for nothing then. With Auto, what is
	// found on a map that promises to be safe is tried in controlled runs, for 10 s at most, or with
	// StopOnFinding for what is left of Duration, 40 s at most, and
	// a fifth of Duration unless StopOnFinding: Finding.Controlled says what came of it. A
	// Duration of 40 s or more, or none, has controlled runs beside the free ones, too, and one
	// of 12 s where such children were built before: TargetReport.Beside.
	Engine Engine
	// Strategy decides in controlled runs who goes on; empty is several in turn.
	Strategy Strategy
	// Noise has workers that run free disturbed in the midst of ops, too, at accesses to memory;
	// it takes what Controlled takes.
	Noise  bool
	Build  Build
	Corpus string // directory of cases, and of what is learned; empty: nothing is kept
	// ShrinkTime bounds the shrinking of each finding; 0 means 5 s, and never
	// more than a tenth of Duration, unless StopOnFinding, when controlled runs have 15 s
	// for it. Less than 0: none.
	ShrinkTime time.Duration
	// StopOnFinding ends the search at the first bug, once it is shrunk.
	StopOnFinding bool
	// Explain has the report say what each setting bought: TargetReport.Choices and Strategies.
	Explain bool

	// OnFinding is told of each finding as soon as it is kept, and again when
	// it is final; OnProgress, every 3 s, where the search is; OnProblem of
	// what went wrong without ending the search. They are called by one
	// goroutine at a time; nil ones are not.
	OnFinding  func(Finding)
	OnProgress func(Progress)
	OnProblem  func(error)
}

// Fuzz searches for schedules that make the targets fail. The error is not nil
// if it could not do its work; even then the report, unless nil, has what was
// found. What was found is confirmed and in the corpus within a second, whatever
// happens after.
func Fuzz(ctx context.Context, c Config) (*Report, error) {
	config, err := c.search(ctx)
	if err != nil {
		return nil, err
	}
	reproducers := map[string]string{} // by the path of the case
	config.OnFinding = func(f Finding) {
		// A program for others is tried with the toolchain at hand.
		if c.Build.Go != "" {
			f.Reproducer = ""
		} else if f.Controlled != nil {
			f.Reproducer = reproducers[f.Path]
		} else if err := withReproducer(ctx, &f); err != nil && c.OnProblem != nil && ctx.Err() == nil {
			c.OnProblem(err)
		}
		if reproducers[f.Path] = f.Reproducer; c.OnFinding != nil {
			c.OnFinding(f)
		}
	}
	report, err := search.Run(ctx, *config)
	if report != nil {
		for i := range report.Targets {
			for n := range report.Targets[i].Findings {
				f := &report.Targets[i].Findings[n]
				f.Reproducer = reproducers[f.Path]
			}
		}
	}
	return report, err
}

func (c *Config) search(ctx context.Context) (*search.Config, error) {
	if c.Duration < 0 {
		return nil, fmt.Errorf("duration %v is negative", c.Duration)
	}
	if c.Noise && c.Engine == Controlled {
		return nil, errors.New("noise is for workers that run free; in controlled runs one goes on at a time")
	}
	if err := c.Strategy.Check(c.Engine); err != nil {
		return nil, err
	}
	children, targets, err := subjects(ctx, c.Targets, c.Build, c.Engine == Controlled || c.Noise)
	if err != nil {
		return nil, err
	}
	s := &search.Config{
		Child: children, Targets: targets, Without: c.Without, Duration: c.Duration, Runs: c.Runs, Seed: c.Seed,
		ShrinkTime: c.ShrinkTime, StopOnFinding: c.StopOnFinding, Policy: c.Policy, Engine: c.Engine, Strategy: c.Strategy, Noise: c.Noise, Explain: c.Explain,
		OnProblem: c.OnProblem, OnProgress: c.OnProgress, Store: opened(c.Corpus, c.OnProblem),
		Quick: build.HooksAtHand(),
	}
	s.Children = func(ctx context.Context) (child.Config, error) {
		config, _, err := subjects(ctx, c.Targets, Build{Go: c.Build.Go}, true)
		return config, err
	}
	for _, name := range c.Scenarios {
		scenario, err := scenarios.Find(name)
		if err != nil {
			return nil, err
		}
		s.Scenarios = append(s.Scenarios, scenario)
	}
	return s, nil
}

// Replay runs a kept case again, within the limits.
func Replay(ctx context.Context, c *corpus.Case, limits Limits) (*Replayed, error) {
	return ReplayWith(ctx, c, limits, Build{})
}

// ReplayWith is Replay in children that are built in another way.
func ReplayWith(ctx context.Context, c *corpus.Case, limits Limits, how Build) (*Replayed, error) {
	var r *Replayed
	err := inCase(ctx, c, how, 1, func(s []*child.Session, _ *wire.Description) (err error) {
		r, err = search.Replay(ctx, s[0], c, limits)
		return err
	})
	return r, err
}

// ShrinkConfig says how to shrink; the zero ShrinkConfig takes all the time it
// needs.
type ShrinkConfig struct {
	Time time.Duration // 0: no bound
	// MinRate is how often the outcome must fail, run by run, as a share of the
	// given schedule's rate. 0 means a half; and less, down to a hundredth, for
	// what has fewer ops or workers, as long as it still fails twenty times a
	// second.
	MinRate float64
	// Tried is told of each candidate, Save of each smaller case as soon as there
	// is one. They are called by one goroutine at a time; nil ones are not.
	Tried func(Step)
	Save  func(*corpus.Case)
}

// Shrink returns a case with a smaller schedule that still fails in the same way
// and often enough, as small as it could find in the time; one that ran out of time
// can be given to it again, and it goes on. The given case must still fail; it is
// not changed.
func Shrink(ctx context.Context, c *corpus.Case, config ShrinkConfig) (*corpus.Case, error) {
	if config.MinRate < 0 || config.MinRate > 1 {
		return c, fmt.Errorf("a least rate of %v; want a share of the found one, 0 to 1", config.MinRate)
	}
	shrunk := c
	err := inCase(ctx, c, Build{}, search.ShrinkLanes(), func(sessions []*child.Session, d *wire.Description) error {
		space, err := search.SpaceOf(ctx, sessions[0], d)
		if err != nil {
			return err
		}
		if c.Decisions != "" {
			shrunk, err = search.ShrinkControlled(ctx, sessions[0], c, space, config.Time)
			if err == nil && config.Save != nil {
				config.Save(shrunk)
			}
			return err
		}
		failing, left, err := stillFailing(ctx, sessions[0], c, config.Time)
		if err != nil {
			return err
		}
		shrunk, err = search.Shrink(ctx, sessions, failing, search.ShrinkConfig{
			Space: space, Time: left, MinRate: config.MinRate, Tried: config.Tried, Save: config.Save,
		})
		return err
	})
	return shrunk, err
}

// stillFailing returns the case as it fails here and now, and how much of the time
// is left then.
func stillFailing(ctx context.Context, s *child.Session, c *corpus.Case, limit time.Duration) (*corpus.Case, time.Duration, error) {
	const longest = 10 * time.Second
	started := time.Now()
	limits := Limits{Time: longest, Failures: 3}
	if limit > 0 {
		limits.Time = min(limit, longest)
	}
	r, err := search.Replay(ctx, s, c, limits)
	if err != nil {
		return nil, 0, err
	}
	if r.Found == nil {
		return nil, 0, fmt.Errorf("%w: 0 of %d runs failed in the same way", ErrNotFailing, r.Tally.Runs)
	}
	failing := *c
	failing.Verdict, failing.History, failing.Evidence = r.Found.Verdict, r.Found.History, r.Found.Evidence
	failing.Verdict.Sequential = c.Verdict.Sequential
	failing.Reproduced, failing.Found = r.Rate, r.Here
	if limit > 0 {
		limit = max(limit-time.Since(started), 1)
	}
	return &failing, limit, nil
}

// ErrNotFailing means that a case that was to be shrunk does not fail any more.
var ErrNotFailing = errors.New("the case does not fail any more")

// inCase does something with a case's target, in that many sessions of its own.
func inCase(ctx context.Context, c *corpus.Case, how Build, n int, do func([]*child.Session, *wire.Description) error) error {
	config, targets, err := subjects(ctx, []string{c.Target}, how, needsHooks(c))
	if err != nil {
		return fmt.Errorf("case %s: %w", c.File, err)
	}
	return inSessions(config, n, func(s []*child.Session) error { return do(s, &targets[0]) })
}

// needsHooks reports whether a case takes children that are built with hooks at accesses to memory.
func needsHooks(c *corpus.Case) bool { return c.Decisions != "" || c.Schedule.Timing.Noise > 0 }

// inSessions does something in that many sessions.
func inSessions(config child.Config, n int, do func([]*child.Session) error) error {
	var sessions []*child.Session
	for range n {
		session, err := child.NewSession(config)
		if err != nil {
			return err
		}
		defer session.Close()
		sessions = append(sessions, session)
	}
	return do(sessions)
}
