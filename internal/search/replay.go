package search

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler/controlled"
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
	// Controlled says that the case has decisions, which were followed: all runs are to fail.
	// Misfit says how one differed all the same, and Trace has the points of a failing run.
	Controlled bool              `json:"controlled,omitempty"`
	Misfit     string            `json:"misfit,omitempty"`
	Trace      []controlled.Step `json:"-"`

	cpu time.Duration // of the children, for a search's books
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
//
// A case with decisions is run by them, a hundred times unless limits.Runs says otherwise.
func Replay(ctx context.Context, session *child.Session, c *corpus.Case, limits Limits) (*Replayed, error) {
	if c.Decisions != "" {
		if limits.Runs == 0 {
			limits.Runs = Replays
		}
		return replayControlled(ctx, session, c, Limits{Runs: limits.Runs}, true)
	}
	began := time.Now()
	hello, err := session.Hello(ctx)
	if err != nil {
		return nil, err
	}
	start := time.Since(began)
	r := &Replayed{Case: c, Here: environmentOf(hello)}
	if procs := c.Schedule.Timing.Procs; procs > 0 {
		r.Here.GOMAXPROCS = procs
	}
	job := child.Job{Target: c.Target, Schedule: c.Schedule, Count: limits.Runs, Time: limits.Time, StopAfter: limits.Failures, Patience: patienceFor(c.Verdict)}
	if job.Count == 0 {
		job.Count = maxRuns
	}
	for started := time.Now(); ; session.Renew() {
		outcome, err := r.run(ctx, session, slice(job, start))
		var refused *child.RequestError
		if errors.As(err, &refused) {
			return nil, err
		}
		job.First += int(outcome.Tally.Runs)
		job.Count -= int(outcome.Tally.Runs)
		enough := false
		if limits.Failures > 0 { // of which those count that could be confirmed
			job.StopAfter = limits.Failures - r.Rate.Failed
			enough = r.Failing() && (job.StopAfter <= 0 || r.Tally.Failed >= uint64(mostOthers*limits.Failures))
			job.StopAfter = max(job.StopAfter, 1)
		}
		if limits.Time > 0 {
			job.Time = limits.Time - time.Since(started)
		}
		if err != nil || enough || job.Count <= 0 || limits.Time > 0 && job.Time <= 0 {
			return r, err
		}
	}
}

// run does a job of the replay, and adds what came of it.
func (r *Replayed) run(ctx context.Context, session *child.Session, job child.Job) (child.Outcome, error) {
	outcome, err := untilFailing(ctx, session, job, r.Case.Verdict)
	var refused *child.RequestError
	if errors.As(err, &refused) {
		return outcome, fmt.Errorf("case %s: %w", r.Case.File, err)
	}
	r.Tally.Add(outcome.Tally)
	r.Deaths += outcome.Deaths
	r.Rate.Failed += matching(outcome.Counts, r.Case.Verdict)
	r.Rate.Runs += int(outcome.Tally.Runs)
	for _, f := range outcome.Found {
		confirmed, ok, failed := confirm(ctx, session, job, f)
		if err == nil {
			err = failed
		}
		switch {
		case ok && sameRule(f.Verdict, r.Case.Verdict):
			if r.Found == nil {
				r.Found = &confirmed
			}
		case ok:
			r.Other = append(r.Other, confirmed)
		}
	}
	return outcome, err
}

// mostOthers is how many runs may fail in another way for each that is to fail in the
// one that is asked for.
const mostOthers = 20

// untilFailing does a job whose StopAfter counts the runs that break the same rule as
// the verdict does: a schedule may fail in other ways ten times as often.
func untilFailing(ctx context.Context, session *child.Session, job child.Job, v oracle.Verdict) (child.Outcome, error) {
	return untilCounted(ctx, session, job, func(counts map[string]uint64) int { return matching(counts, v) })
}

// untilCounted is untilFailing, where it is said how many of the failing runs count.
func untilCounted(ctx context.Context, session *child.Session, job child.Job, count func(map[string]uint64) int) (child.Outcome, error) {
	var all child.Outcome
	wanted, limit, started := job.StopAfter, job.Time, time.Now()
	for {
		outcome, err := session.Run(ctx, job)
		all.Add(&outcome)
		failed := count(all.Counts)
		job.First += int(outcome.Tally.Runs)
		job.Count -= int(outcome.Tally.Runs)
		job.StopAfter = wanted - failed
		if limit > 0 {
			job.Time = limit - time.Since(started)
		}
		if err != nil || wanted == 0 || failed >= wanted || outcome.Tally.Failed == 0 ||
			all.Tally.Failed >= uint64(mostOthers*wanted) || job.Count <= 0 || job.Time < 0 || limit > 0 && job.Time == 0 {
			return all, err
		}
	}
}

// confirm returns a failing run like f that is beyond doubt: f itself if no
// clock had a part in it, else one under atomic stamps, whose order is certain.
func confirm(ctx context.Context, session *child.Session, job child.Job, f child.Found) (child.Found, bool, error) {
	if f.ClockFree {
		return f, true, nil
	}
	job.First, job.Count, job.StopAfter = f.Run, maxRuns, confirmFailures
	job.Atomic, job.Found = true, nil
	for started := time.Now(); ; {
		job.Time = confirmTime - time.Since(started)
		if job.Time <= 0 {
			return child.Found{}, false, nil
		}
		outcome, err := session.Run(ctx, job)
		for _, again := range outcome.Found {
			if sameRule(again.Verdict, f.Verdict) {
				return again, true, err
			}
		}
		if err != nil {
			return child.Found{}, false, err
		}
		job.First += int(outcome.Tally.Runs) // it failed in other ways; on with the next runs
	}
}

// sameRule reports whether two verdicts say that the same rule was broken,
// wherever that was.
func sameRule(v, w oracle.Verdict) bool { return v.Class == w.Class && v.Rule == w.Rule }
