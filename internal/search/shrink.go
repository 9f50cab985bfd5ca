package search

import (
	"context"
	"errors"
	"runtime"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/shrink"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler"
)

// A ShrinkConfig says how to shrink; Shrink sets its Lanes.
type ShrinkConfig = shrink.Config

// A Step is one candidate of a shrink.
type Step = shrink.Step

// Shrink makes a case smaller, in as many sessions at once as there are: see
// shrink.Run. How often it fails is told of more than the children that shrank it.
func Shrink(ctx context.Context, sessions []*child.Session, c *corpus.Case, config ShrinkConfig) (*corpus.Case, error) {
	config.Lanes = nil
	for _, session := range sessions {
		config.Lanes = append(config.Lanes, &failing{
			session: session, target: c.Target, verdict: c.Verdict, boundaries: config.Space.Boundaries,
		})
	}
	shrunk, err := shrink.Run(ctx, c, config)
	if err != nil || ctx.Err() != nil || len(sessions) == 0 {
		return shrunk, err
	}
	told, err := elsewhere(ctx, sessions[0], shrunk, config.Space.Boundaries)
	if told != shrunk && config.Save != nil {
		config.Save(told)
	}
	return told, err
}

// A failing runner counts the runs that break the same rule as a verdict does.
type failing struct {
	session    *child.Session
	target     string
	verdict    oracle.Verdict
	boundaries history.Boundaries
}

// Run implements shrink.Runner.
func (f *failing) Run(ctx context.Context, s *scheduler.Schedule, limit shrink.Limit) (shrink.Outcome, error) {
	started := time.Now()
	outcome, err := untilFailing(ctx, f.session, child.Job{
		Target: f.target, Schedule: s, First: limit.First, Count: limit.Runs, StopAfter: limit.Failures,
		Time: limit.Time, Boundaries: f.boundaries, Patience: patienceFor(f.verdict), Known: true,
	}, f.verdict)
	var refused *child.RequestError
	if errors.As(err, &refused) {
		err = shrink.ErrUnfit
	}
	o := shrink.Outcome{
		Rate: corpus.Rate{Failed: matching(outcome.Counts, f.verdict), Runs: int(outcome.Tally.Runs)},
		Met:  int(outcome.Tally.Overlapped), Time: time.Since(started),
	}
	if len(s.Workers) == 1 {
		o.Met = o.Runs
	}
	for i := range outcome.Found {
		if found := &outcome.Found[i]; sameRule(found.Verdict, f.verdict) {
			o.Failing = &shrink.Failing{Verdict: found.Verdict, History: found.History, Evidence: found.Evidence}
		}
	}
	return o, err
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

// ShrinkLanes is how many candidates are tried at once: the workers of one schedule
// want two processors to meet on.
func ShrinkLanes() int { return max(1, runtime.NumCPU()/2) }
