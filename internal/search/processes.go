package search

import (
	"context"
	"math"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/child"
)

// What a package draws once, as a seed for the hashes of all of its maps, is another one in each
// process: a schedule may fail in all runs of one, and in none of a hundred others. So the children of
// a search are replaced now and then, a replay takes one after the other, and how often a schedule
// fails is not told by the child alone in which it was found.
const (
	// childLife is how long a child of a search lives, and startShare how much of that at most it
	// takes to start one.
	childLife  = 3 * time.Second
	startShare = 1.0 / 50
	// sliceTime is how long one child runs a schedule at least that others are to run, too, and
	// startSlice how much of that at most it takes to start one.
	sliceTime  = 100 * time.Millisecond
	startSlice = 1.0 / 10
	// others is in how many new children a schedule is to fail, and missed the chance with which
	// it would not have, though it fails there seldomer times as seldom as before, since the machine
	// may have more to do by now.
	others   = 4
	missed   = 1e-3
	seldomer = 5
)

// lifeOf is how long children live that take so long to start.
func lifeOf(start time.Duration) time.Duration {
	return max(childLife, time.Duration(float64(start)/startShare))
}

// slice is as much of a job as one child is to do of it that takes so long to start.
func slice(job child.Job, start time.Duration) child.Job {
	each := max(sliceTime, time.Duration(float64(start)/startSlice))
	if job.Schedule.Rounds == 0 && (job.Time == 0 || job.Time > each) { // rounds are all on one map
		job.Time = each
	}
	return job
}

// elsewhere has a case run by a few new children, and if it does not fail in one of them by any
// means, by one after the other, which together say how often it does. Runs in which no workers met
// tell of the machine, and do not count for that. It returns the case, or one that tells that.
func elsewhere(ctx context.Context, session *child.Session, c *corpus.Case, boundaries history.Boundaries) (*corpus.Case, error) {
	runs := unlikely(c.Reproduced)
	if runs == 0 || c.Schedule.Rounds > 0 {
		return c, nil
	}
	var all corpus.Rate
	for n, passed := 0, false; !passed; n++ {
		if n == others {
			return c, nil
		}
		session.Renew()
		rate, met := corpus.Rate{}, 0
		for started := time.Now(); met < runs && rate.Failed == 0; {
			more, meeting, err := rateOf(ctx, session, c, boundaries, child.Job{Count: runs - met, Time: rateTime, StopAfter: 1})
			if rate, met = rate.Add(more), met+meeting; err != nil || rate.Failed == 0 && met < runs && time.Since(started) >= rareTime {
				return c, err // nor does the next one have time for it
			}
		}
		all, passed = all.Add(rate), rate.Failed == 0
	}
	for started := time.Now(); time.Since(started) < rareTime && ctx.Err() == nil; {
		session.Renew()
		rate, _, err := rateOf(ctx, session, c, boundaries, child.Job{Count: maxRuns, Time: sliceTime, StopAfter: rateFailures})
		if err != nil {
			return c, err
		}
		all = all.Add(rate)
	}
	next := *c
	if next.Reproduced = all; all.Failed == 0 { // but once, where it was found
		next.Reproduced = all.Add(corpus.Rate{Failed: 1, Runs: 1})
	}
	next.Shrunk.Rate = nil // of one child, that other schedule's: not to be compared with this one
	return &next, nil
}

// unlikely is how many runs in a row it is unlikely for a schedule to pass that fails seldomer times
// as seldom; 0 if it never did.
func unlikely(r corpus.Rate) int {
	chance := r.Chance()
	if chance <= 0 {
		return 0
	}
	return int(math.Ceil(math.Log(missed) / math.Log1p(-chance/seldomer)))
}

// rateOf does a job with a case's schedule, and says how often it failed in that way, and in how many
// of the runs workers met; of one worker, that is in all.
func rateOf(ctx context.Context, session *child.Session, c *corpus.Case, boundaries history.Boundaries, job child.Job) (rate corpus.Rate, met int, err error) {
	job.Target, job.Schedule, job.Known = c.Target, c.Schedule, true
	job.Boundaries, job.Patience = boundaries, patienceFor(c.Verdict)
	outcome, err := untilFailing(ctx, session, job, c.Verdict)
	rate = corpus.Rate{Failed: matching(outcome.Counts, c.Verdict), Runs: int(outcome.Tally.Runs)}
	if met = int(outcome.Tally.Overlapped); len(c.Schedule.Workers) == 1 {
		met = rate.Runs
	}
	return rate, met, err
}
