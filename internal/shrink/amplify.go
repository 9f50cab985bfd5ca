package shrink

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/mapstress/mapstress/scheduler"
)

const (
	// oftenAlready is how often a schedule must fail for nothing to be gained.
	oftenAlready = 0.5
	// heatTime and finalTime bound the two rounds of a race.
	heatTime  = 800 * time.Millisecond
	finalTime = 800 * time.Millisecond
	// finalists are those that are run again, and finalTurns in how many turns.
	finalists  = 3
	finalTurns = 4
	// heatFailures are enough for a heat, and finalFailures for a turn.
	heatFailures  = 20
	finalFailures = 30
	// gain is how much more often a plan must fail to be worth its noise.
	gain = 1.5
)

// A runnerUp takes part in a race.
type runnerUp struct {
	schedule *scheduler.Schedule
	seen
}

// amplify looks for a timing plan, or a growth boundary, with which the best fails
// more often: a race in two rounds, of which the second alone decides, so that
// luck in the first is worth nothing. The winner must fail half as often again,
// and the 95 % intervals of the two must not meet: of equal plans the best of
// three does so in one of 100 races. It reports whether there was one.
func (s *shrinking) amplify(ctx context.Context) (changed bool, err error) {
	if s.best.Reproduced.Chance() >= oftenAlready {
		return false, nil
	}
	field := []*runnerUp{}
	for _, schedule := range s.Space.Amplify(s.best.Schedule) {
		field = append(field, &runnerUp{schedule: schedule})
	}
	if late, err := s.race(ctx, field, heatTime/time.Duration(max(len(field), 1)), heatFailures, 0); late || err != nil {
		return false, err
	}
	slices.SortStableFunc(field, func(a, b *runnerUp) int { return cmp.Compare(b.Chance(), a.Chance()) })
	own := &runnerUp{schedule: s.best.Schedule}
	field = append([]*runnerUp{own}, field[:min(finalists, len(field))]...)
	for _, r := range field {
		r.seen = seen{}
	}
	for turn := range finalTurns {
		slice := finalTime / time.Duration(finalTurns*len(field))
		if late, err := s.race(ctx, field, slice, finalFailures, 1+turn); late || err != nil {
			return false, err
		}
	}
	winner := slices.MaxFunc(field, func(a, b *runnerUp) int { return cmp.Compare(a.Chance(), b.Chance()) })
	low, _ := winner.Interval()
	if _, high := own.Interval(); low <= high || winner.Chance() < gain*own.Chance() {
		return false, nil
	}
	s.tell(&trial{pass: "amplify", schedule: winner.schedule, decision: taken, record: record{seen: winner.seen}})
	s.take(winner.schedule, winner.failing, winner.Rate)
	s.best.Shrunk.Amplified = true
	s.raise(winner.met(), true)
	s.save()
	return true, nil
}

// race runs all of the field, one after the other, and reports whether time ran
// out.
func (s *shrinking) race(ctx context.Context, field []*runnerUp, slice time.Duration, failures, turn int) (late bool, err error) {
	for _, r := range field {
		left, over := s.left(amplifyUntil)
		if over {
			return true, nil
		}
		if s.Time > 0 {
			slice = min(slice, left)
		}
		outcome, err := s.runFor(ctx, r.schedule, firstAmplified+turn<<20+r.Runs, failures, slice)
		if errors.Is(err, ErrUnfit) {
			continue
		}
		if err != nil {
			return false, err
		}
		r.add(&outcome)
	}
	return false, nil
}
