package search

import (
	"context"
	"errors"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
)

// Shrink returns a case with the smallest schedule it could find that still
// fails in the same way, and often enough: see ratioTest. It stops when no pass
// can make the schedule smaller, or when the time is up, and the case says
// which. The given case is not changed.
//
// Tried, if not nil, is told of each candidate.
func Shrink(ctx context.Context, session *child.Session, c *corpus.Case, space scenarios.Space, limit time.Duration, tried func(Step)) (*corpus.Case, error) {
	smaller := *c
	if smaller.Shrunk.From == 0 {
		smaller.Shrunk.From = c.Schedule.Ops()
	}
	s := &shrinking{
		session: session, best: &smaller, space: space, rate: carefulRate(c.Reproduced),
		deadline: time.Now().Add(limit), tried: tried,
	}
	for progress := true; progress; {
		progress = false
		for _, pass := range scenarios.Passes(space) {
			shrunk, err := s.pass(ctx, pass)
			if err != nil {
				return s.best, err
			}
			progress = progress || shrunk
		}
		if time.Now().After(s.deadline) {
			return s.best, nil
		}
	}
	s.best.Shrunk.Done = true
	return s.best, nil
}

// A Step is one candidate of a shrink.
type Step struct {
	Pass     string
	Schedule *scheduler.Schedule
	Rate     corpus.Rate
	Accepted bool
}

type shrinking struct {
	session  *child.Session
	best     *corpus.Case
	space    scenarios.Space
	rate     float64 // how often the given schedule fails, at least
	deadline time.Time
	tried    func(Step)
}

// carefulRate is the rate that was seen, or less if it was seen in a few runs
// only.
func carefulRate(r corpus.Rate) float64 {
	low, _ := r.Interval()
	return max(low, float64(r.Failed)/float64(max(r.Runs, 1))/2)
}

// pass tries one way of making the schedule smaller until it does not help any
// more, and reports whether it helped.
func (s *shrinking) pass(ctx context.Context, pass scenarios.Pass) (shrunk bool, err error) {
	candidates := pass.Shrink(s.best.Schedule)
	for time.Now().Before(s.deadline) {
		next, ok := candidates()
		if !ok {
			break
		}
		schedule := next.(*scheduler.Schedule)
		accepted, rate, err := s.accept(ctx, schedule)
		if err != nil {
			return shrunk, err
		}
		if s.tried != nil {
			s.tried(Step{Pass: pass.Name, Schedule: schedule, Rate: rate, Accepted: accepted})
		}
		if accepted {
			shrunk = true
			candidates = pass.Shrink(schedule)
		}
	}
	return shrunk, nil
}

// hangPatience is how soon a child is looked at that may hang, once it is known
// that the target does hang: each candidate that fails takes that long.
const hangPatience = 100 * time.Millisecond

func patienceFor(v oracle.Verdict) time.Duration {
	if v.Class == oracle.Hang {
		return hangPatience
	}
	return 0
}

// chunk is how many runs are asked for at a time, at most.
const chunk = 1 << 16

// accept takes a schedule for the best if it fails often enough.
func (s *shrinking) accept(ctx context.Context, schedule *scheduler.Schedule) (bool, corpus.Rate, error) {
	test := newRatioTest(s.rate)
	var last *child.Found
	for {
		left := time.Until(s.deadline)
		if left <= 0 {
			return false, test.rate(), nil
		}
		outcome, err := s.session.Run(ctx, child.Job{
			Target: s.best.Target, Schedule: schedule, First: test.runs,
			Count: min(test.enough(), chunk), StopAfter: 1, Time: left,
			Boundaries: s.space.Boundaries, Patience: patienceFor(s.best.Verdict),
		})
		var refused *child.RequestError
		if errors.As(err, &refused) {
			return false, test.rate(), nil // not a schedule for this target
		}
		if err != nil {
			return false, test.rate(), err
		}
		for i := range outcome.Found {
			if f := &outcome.Found[i]; sameRule(f.Verdict, s.best.Verdict) {
				last = f
			}
		}
		switch test.add(matching(outcome.Counts, s.best.Verdict), int(outcome.Tally.Runs)) {
		case oftenEnough:
			s.take(schedule, last, test.rate())
			return true, test.rate(), nil
		case tooSeldom:
			return false, test.rate(), nil
		}
	}
}

func (t *ratioTest) rate() corpus.Rate { return corpus.Rate{Failed: t.failed, Runs: t.runs} }

// take makes the schedule the best so far, with the failing run to show for it.
func (s *shrinking) take(schedule *scheduler.Schedule, f *child.Found, rate corpus.Rate) {
	next := *s.best
	next.Schedule, next.Reproduced = schedule, rate
	if procs := schedule.Timing.Procs; procs > 0 {
		next.Found.GOMAXPROCS = procs
	}
	sequential := next.Verdict.Sequential
	next.Verdict, next.History, next.Evidence = f.Verdict, f.History, f.Evidence
	next.Verdict.Sequential = sequential
	s.best = &next
}
