package shrink

import (
	"context"
	"errors"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/scheduler"
)

const (
	// glance and glanceFailures bound a first look at how often a schedule fails.
	glance         = 200 * time.Millisecond
	glanceFailures = 20
	// settleFailures is how many failures of either schedule tell the rates well:
	// to a third or so.
	settleFailures = 40
	// settleTime bounds them, and settleTurns is in how many turns they are run,
	// so that what else the machine does hits both alike.
	settleTime  = time.Second
	settleTurns = 4
)

// measure finds out how often the schedule fails here and now, and the one that was
// found, if that is another. If one does not fail in the time, what is known of it
// stays.
func (s *shrinking) measure(ctx context.Context) error {
	s.perRun, s.perMeeting = usualRun, usualRun
	now, err := s.look(ctx, s.best.Schedule)
	if err != nil {
		return err
	}
	var first seen
	first.add(&now)
	s.clock(&first)
	next := *s.best
	s.own = next.Reproduced
	if now.Failed > 0 {
		next.Reproduced, s.own = now.Rate, corpus.Rate{Failed: now.Failed, Runs: counting(&now)}
	}
	if now.Failing != nil && next.History == "" {
		next.Verdict, next.History, next.Evidence = now.Failing.Verdict, now.Failing.History, now.Failing.Evidence
		next.Verdict.Sequential = s.best.Verdict.Sequential
	}
	original, found := next.Reproduced, s.own
	if s.smaller() {
		if original, found, err = s.lookAtOriginal(ctx); err != nil {
			return err
		}
	}
	next.Shrunk.Rate = &original
	s.best, s.found = &next, careful(found)
	return nil
}

// clock notes how long runs take now, unless they are so few that it says more of how
// long a process takes to start.
func (s *shrinking) clock(r *seen) {
	if r.Runs >= 50 {
		s.perRun = max(r.time/time.Duration(r.Runs), 1)
		s.perMeeting = max(r.time/time.Duration(max(r.counted, 1)), 1)
	}
}

// usualRun is how long a run takes, until that is known.
const usualRun = 10 * time.Microsecond

// smaller reports whether the best is not the schedule as it was found.
func (s *shrinking) smaller() bool { return s.best.Original.Text() != s.best.Schedule.Text() }

// lookAtOriginal measures the schedule as it was found: how many of its runs fail, and
// how many of those that count.
func (s *shrinking) lookAtOriginal(ctx context.Context) (all, met corpus.Rate, err error) {
	outcome, err := s.look(ctx, s.best.Original)
	switch known := s.best.Shrunk.Rate; {
	case err != nil && !errors.Is(err, ErrUnfit):
		return all, met, err
	case outcome.Failed > 0:
		return outcome.Rate, corpus.Rate{Failed: outcome.Failed, Runs: counting(&outcome)}, nil
	case known != nil && known.Failed > 0:
		return *known, *known, nil
	}
	return s.best.Reproduced, s.own, nil
}

// look runs a schedule for a moment.
func (s *shrinking) look(ctx context.Context, schedule *scheduler.Schedule) (Outcome, error) {
	limit := glance
	if s.Time > 0 {
		limit = min(limit, s.Time/20)
	}
	return s.runFor(ctx, schedule, 0, glanceFailures, limit)
}

// runFor runs a schedule on the first lane, for about that long.
func (s *shrinking) runFor(ctx context.Context, schedule *scheduler.Schedule, first, failures int, limit time.Duration) (Outcome, error) {
	runs := 4 * int(limit/max(s.perRun, time.Nanosecond)) // a run may take less than it did
	return s.Lanes[0].Run(ctx, schedule, Limit{First: first, Runs: max(runs, 1), Failures: failures, Time: max(limit, 1)})
}

// settle measures how often the outcome fails, and how often the schedule did as it
// was found.
func (s *shrinking) settle(ctx context.Context) error {
	next := *s.best
	schedules := []*scheduler.Schedule{next.Schedule}
	if s.smaller() {
		schedules = append(schedules, next.Original)
	}
	rates, err := s.inTurns(ctx, schedules)
	if err != nil {
		return err
	}
	if rates[0].Failed == 0 {
		rates[0] = rates[0].Add(next.Reproduced)
	}
	next.Reproduced = rates[0]
	if before := rates[len(rates)-1]; before.Runs > 0 {
		next.Shrunk.Rate = &before
	}
	s.best = &next
	return nil
}

// inTurns runs each schedule for its share of the time that is left, in turns.
func (s *shrinking) inTurns(ctx context.Context, schedules []*scheduler.Schedule) ([]corpus.Rate, error) {
	rates := make([]corpus.Rate, len(schedules))
	for range settleTurns {
		for i, schedule := range schedules {
			limit := settleTime / time.Duration(settleTurns*len(schedules))
			left, over := s.left(1)
			if s.Time > 0 {
				limit = min(limit, left)
			}
			wanted := settleFailures - rates[i].Failed
			if over || wanted <= 0 {
				continue
			}
			outcome, err := s.runFor(ctx, schedule, firstSettled+rates[i].Runs, wanted, limit)
			if err != nil {
				return nil, err
			}
			rates[i] = rates[i].Add(outcome.Rate)
		}
	}
	return rates, nil
}

// The numbers of runs that are not for deciding begin where no trial comes.
const (
	firstControl   = 1 << 28
	firstSettled   = 1 << 29
	firstAmplified = 3 << 28
)
