package search

import (
	"context"
	"errors"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/child"
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
	s := &shrinking{session: session, best: &smaller, space: space, deadline: time.Now().Add(limit), tried: tried}
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
	deadline time.Time
	tried    func(Step)
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

// chunk is how many runs are asked for at a time, at most.
const chunk = 1 << 16

// accept takes a schedule for the best if it fails often enough.
func (s *shrinking) accept(ctx context.Context, schedule *scheduler.Schedule) (bool, corpus.Rate, error) {
	low, _ := s.best.Reproduced.Interval()
	point := float64(s.best.Reproduced.Failed) / float64(max(s.best.Reproduced.Runs, 1))
	test := newRatioTest(max(low, point/2))
	var last *child.Found
	for {
		left := time.Until(s.deadline)
		if left <= 0 {
			return false, test.rate(), nil
		}
		outcome, err := s.session.Run(ctx, child.Job{
			Target: s.best.Target, Schedule: schedule, First: test.runs,
			Count: min(test.enough(), chunk), StopAfter: 1, Time: left,
			Boundaries: s.space.Boundaries,
		})
		var refused *child.RequestError
		if errors.As(err, &refused) {
			return false, test.rate(), nil // not a schedule for this target
		}
		if err != nil {
			return false, test.rate(), err
		}
		for i := range outcome.Found {
			if f := &outcome.Found[i]; f.Verdict.Class == s.best.Verdict.Class && f.Verdict.Rule == s.best.Verdict.Rule {
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
	sequential := next.Verdict.Sequential
	next.Verdict, next.History, next.Evidence = f.Verdict, f.History, f.Evidence
	next.Verdict.Sequential = sequential
	s.best = &next
}
