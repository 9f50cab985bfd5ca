// Package shrink makes a schedule that fails smaller, though it fails only by
// chance.
//
// It knows schedules, and how many of their runs failed; who runs them, and what
// failing is, is a Runner's affair. What it returns is smaller, and fails; that
// nothing smaller does is said with the odds of the tests that were made.
package shrink

import (
	"context"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
)

// Config says how to shrink. Lanes must not be empty; the zero values of the rest
// are valid.
type Config struct {
	Space scenarios.Space
	// Lanes run candidates, each another one. What comes of a shrink does not
	// depend on how many there are.
	Lanes []Runner
	// Time bounds it; 0 is no bound.
	Time time.Duration
	// MinRate is how often the outcome must fail at least, run by run, as a
	// share of what the schedule as it was found does. 0 means a half; and less, down to a
	// hundredth, for what has fewer ops or workers, as long as it still fails
	// twenty times a second.
	MinRate float64
	// Tried is told of each candidate, Save of each smaller case, before the
	// shrink goes on. Nil ones are not.
	Tried func(Step)
	Save  func(*corpus.Case)

	now func() time.Time // nil means time.Now; other in tests
}

// A Step is one candidate of a shrink.
type Step struct {
	Pass     string
	Schedule *scheduler.Schedule
	Rate     corpus.Rate // all its runs so far
	Accepted bool
}

// Run returns a case with the smallest schedule it could find that still fails
// often enough, and its rate and that of the schedule as it was found, measured
// in turns. The case says how far it came: one that ran out of time can be given
// to Run again. The given case is not changed, and its Reproduced must be of here
// and now.
//
// What it does, in this order:
//
//   - reduce tries what the passes propose, and takes what fails often enough: as
//     often as the best so far first, and then less, step by step;
//   - amplify looks for a timing plan with which the outcome fails more often, and
//     reduce takes that further, if there is one;
//   - settle measures.
//
// If ctx ends, Run returns the best so far with ctx's error.
func Run(ctx context.Context, c *corpus.Case, config Config) (*corpus.Case, error) {
	s := begin(c, config)
	err := s.run(ctx)
	return s.best, err
}

func (s *shrinking) run(ctx context.Context) error {
	if err := s.measure(ctx); err != nil {
		return err
	}
	s.start()
	done, err := s.reduce(ctx)
	for more := done; more && err == nil; { // each turn but the last makes the schedule smaller
		ops := s.best.Schedule.Ops()
		if more, err = s.amplify(ctx); more && err == nil {
			done, err = s.reduce(ctx)
			more = done && s.best.Schedule.Ops() < ops
		}
	}
	if err != nil {
		return err
	}
	s.end(done)
	return s.settle(ctx)
}

// end notes whether the shrink is over, and where it stands if not.
func (s *shrinking) end(done bool) {
	next := *s.best
	next.Shrunk.Done, next.Shrunk.Least = done, s.level/s.found
	next.Shrunk.Refused = ""
	if !done {
		next.Shrunk.Refused = s.round.String()
	}
	s.best = &next
}

// A shrinking is a shrink under way. All of it is written by the goroutine that
// called Run; those that try candidates only read it, while that one waits.
type shrinking struct {
	Config
	started    time.Time
	best       *corpus.Case
	found      float64       // chance that a run that counts fails, of the schedule as found, carefully put
	own        corpus.Rate   // of the best, in runs that count
	level      float64       // chance of failing that is often enough now; see ladder
	bold       bool          // only what may well fail more often is tried; see ladder
	held       float64       // chance of failing that is given up for fewer ops or workers alone
	perRun     time.Duration // that a run takes, and
	perMeeting time.Duration // one that counts
	records    map[string]*record
	round      refusals        // what was refused since the schedule or the level changed
	before     map[string]bool // what an earlier shrink refused at this level
	paid       map[string]bool // passes that helped in the last round
	open       bool            // a candidate was put off in this round
	spoilt     int             // rounds that a change of the machine spoilt
	control    int             // runs of the best for control
}

// begin prepares a shrink, or the rest of one that ran out of time.
func begin(c *corpus.Case, config Config) *shrinking {
	next := *c
	if next.Original == nil {
		next.Original = c.Schedule
	}
	if next.Shrunk.From == 0 {
		next.Shrunk.From = c.Schedule.Ops()
	}
	next.Shrunk.Done = false
	if share, known := c.Share(); known && share < config.MinRate {
		startOver(&next)
	}
	if config.now == nil {
		config.now = time.Now
	}
	return &shrinking{
		Config: config, started: config.now(), best: &next,
		records: map[string]*record{}, before: parseRefusals(next.Shrunk.Refused), paid: map[string]bool{},
	}
}

// startOver goes back to the schedule as it was found: the one that it was shrunk
// to fails too seldom for what is wanted now.
func startOver(c *corpus.Case) {
	c.Schedule, c.Reproduced = c.Original, *c.Shrunk.Rate
	c.Shrunk = corpus.Shrunk{From: c.Shrunk.From}
	c.History, c.Evidence = "", "" // of the other schedule
}

// Of the time that there is, so much may have gone by when a part ends.
const (
	reduceUntil  = 0.80
	amplifyUntil = 0.90
)

// left returns the time until that share of all of it is over, at least 1 ns
// unless it is; over is true then. Without a bound both are zero.
func (s *shrinking) left(share float64) (left time.Duration, over bool) {
	if s.Time == 0 {
		return 0, false
	}
	left = time.Duration(share*float64(s.Time)) - s.now().Sub(s.started)
	return left, left <= 0
}

// take makes a schedule the best so far, with a failing run to show for it.
func (s *shrinking) take(schedule *scheduler.Schedule, f *Failing, rate corpus.Rate) {
	next := *s.best
	next.Schedule, next.Reproduced = schedule, rate
	if procs := schedule.Timing.Procs; procs > 0 {
		next.Found.GOMAXPROCS = procs
	}
	sequential := next.Verdict.Sequential
	next.Verdict, next.History, next.Evidence = f.Verdict, f.History, f.Evidence
	next.Verdict.Sequential = sequential
	next.Shrunk.Refused = ""
	s.best = &next
	s.round = nil
	s.before = nil
}

// save hands the best to whoever keeps it.
func (s *shrinking) save() {
	s.best.Shrunk.Least = s.level / s.found
	if s.Save != nil {
		s.Save(s.best)
	}
}
