package shrink

import (
	"context"
	"errors"

	"github.com/mapstress/mapstress/scheduler"
)

// A record is what is known of a schedule that was tried.
type record struct {
	seen
	refused float64 // the least chance of failing that it was refused for; 0 if it was not
}

// A trial is one candidate being tried.
type trial struct {
	pass     string
	schedule *scheduler.Schedule
	text     string
	need     float64 // chance of failing that is wanted
	place    place   // among the pass's candidates
	decision decision
	record   // as it was before, and when the trial has ended, with its runs
	err      error
}

// share is which part of all the time a candidate may take at a time, unless it is
// likelier to be taken than not; after that it is put off. So a schedule that fails
// once in a second is not stuck at its first candidate.
const share = 20

// chunk is how many runs are asked for at a time, at most.
const chunk = 1 << 16

// run tries the candidate until there is a decision, or the time is up. It reads
// of s only what does not change meanwhile.
func (t *trial) run(ctx context.Context, s *shrinking, lane Runner) {
	test := newRatioTest(t.need, t.met())
	for started := s.now(); ; {
		t.decision = test.decide()
		if t.decision == taken || t.decision == refused && t.Runs >= s.least(t.schedule) {
			return
		}
		left, over := s.left(reduceUntil)
		if over {
			t.decision = undecided
			return
		}
		if s.Time > 0 && s.now().Sub(started) > s.Time/share && test.ratio() <= 0 {
			t.decision = putOff
			return
		}
		outcome, err := lane.Run(ctx, t.schedule, Limit{
			First: t.Runs, Runs: min(max(t.runsFor(test.enough()), s.least(t.schedule)-t.Runs), chunk),
			Failures: test.wanted(), Time: min(left, s.Time/share),
		})
		if errors.Is(err, ErrUnfit) {
			t.decision = refused
			return
		}
		t.add(&outcome)
		test.Rate = t.met()
		if err != nil || outcome.Runs == 0 { // no time was left to run any
			t.decision, t.err = undecided, err
			return
		}
	}
}

// runsFor returns about how many runs it takes for so many of them to count.
func (t *trial) runsFor(counted int) int {
	if t.counted == 0 {
		return counted
	}
	return int(float64(counted) * float64(t.Runs) / float64(t.counted))
}
