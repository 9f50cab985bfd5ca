package shrink

import (
	"context"

	"github.com/mapstress/mapstress/scheduler"
)

// maxSpoilt is how many rounds may be repeated.
const maxSpoilt = 3

// checkControl tests the best schedule as if it were a candidate, after a round
// in which all were refused. If it is refused too, then the machine has other
// things to do by now, and the refusals say nothing: they are forgotten, and the
// rates measured again.
func (s *shrinking) checkControl(ctx context.Context) (sound, late bool, err error) {
	t := &trial{
		pass: "control", schedule: s.best.Schedule, text: s.best.Schedule.Text(),
		need: min(s.level, careful(s.own)),
	}
	lane := numberedFrom{s.Lanes[0], firstControl + s.control}
	t.run(ctx, s, lane)
	s.control += t.Runs
	switch {
	case t.err != nil:
		return false, false, t.err
	case t.decision == undecided:
		return false, true, nil
	case t.decision == taken, s.spoilt == maxSpoilt:
		return true, false, nil
	}
	s.spoilt++
	s.records, s.round, s.before = map[string]*record{}, nil, nil
	level := s.level
	if err := s.measure(ctx); err != nil {
		return false, false, err
	}
	s.start()
	s.level = min(s.level, level)
	return false, false, nil
}

// A numberedFrom runner has runs of its own: its first is not number 0.
type numberedFrom struct {
	Runner
	number int
}

func (r numberedFrom) Run(ctx context.Context, s *scheduler.Schedule, limit Limit) (Outcome, error) {
	limit.First += r.number
	return r.Runner.Run(ctx, s, limit)
}
