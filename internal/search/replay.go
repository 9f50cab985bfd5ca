package search

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/child/wire"
)

// A Replayed is what came of running a kept case again.
type Replayed struct {
	Case *corpus.Case       `json:"-"`
	Here corpus.Environment `json:"ran"`
	// Rate is how many of the runs failed in the way the case did.
	Rate corpus.Rate `json:"rate"`
	// Found is the first such run, if there was one, and Other the first of
	// each other way in which the schedule failed; all are confirmed.
	Found  *child.Found  `json:"-"`
	Other  []child.Found `json:"-"`
	Tally  wire.Tally    `json:"runs"`
	Deaths int           `json:"deaths"`
}

// Failing reports whether the case still fails, in whatever way.
func (r *Replayed) Failing() bool { return r.Found != nil || len(r.Other) > 0 }

// Limits bound a replay; a zero one is no limit.
type Limits struct {
	Runs     int
	Failures int // end after that many failing runs
	Time     time.Duration
}

// Replay runs a case again. A wrong history counts as a failure only if it
// needs no clock, or if one under atomic stamps confirms it.
func Replay(ctx context.Context, session *child.Session, c *corpus.Case, limits Limits) (*Replayed, error) {
	hello, err := session.Hello(ctx)
	if err != nil {
		return nil, err
	}
	r := &Replayed{Case: c, Here: environmentOf(hello)}
	if procs := c.Schedule.Timing.Procs; procs > 0 {
		r.Here.GOMAXPROCS = procs
	}
	job := child.Job{Target: c.Target, Schedule: c.Schedule, Count: limits.Runs, Time: limits.Time, StopAfter: limits.Failures}
	if job.Count == 0 {
		job.Count = maxRuns
	}
	outcome, err := session.Run(ctx, job)
	r.Tally, r.Deaths = outcome.Tally, outcome.Deaths
	r.Rate = corpus.Rate{Failed: matching(outcome.Counts, c.Verdict), Runs: int(outcome.Tally.Runs)}
	var refused *child.RequestError
	if errors.As(err, &refused) {
		return nil, fmt.Errorf("case %s: %w", c.File, err)
	}
	for _, f := range outcome.Found {
		confirmed, ok, failed := confirm(ctx, session, job, f)
		if err == nil {
			err = failed
		}
		switch {
		case ok && f.Verdict.Class == c.Verdict.Class && f.Verdict.Rule == c.Verdict.Rule:
			if r.Found == nil {
				r.Found = &confirmed
			}
		case ok:
			r.Other = append(r.Other, confirmed)
		}
	}
	return r, err
}

// confirm returns a failing run like f that is beyond doubt: f itself if no
// clock had a part in it, else one under atomic stamps, whose order is certain.
func confirm(ctx context.Context, session *child.Session, job child.Job, f child.Found) (child.Found, bool, error) {
	if f.ClockFree {
		return f, true, nil
	}
	job.First, job.Count, job.Time = f.Run, maxRuns, confirmTime
	job.StopAfter, job.Atomic, job.Found = 1, true, nil
	outcome, err := session.Run(ctx, job)
	for _, again := range outcome.Found {
		if again.Verdict.Class == f.Verdict.Class && again.Verdict.Rule == f.Verdict.Rule {
			return again, true, err
		}
	}
	return child.Found{}, false, err
}
