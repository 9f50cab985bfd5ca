package search

import (
	"context"
	"math/rand"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/child"
)

// noises are at one of how many accesses a schedule's workers are disturbed, as often each: 0 is
// none.
var noises = []int{0, 16, 64, 256, 1024}

// noisy has a candidate's workers disturbed within ops.
func (c candidate) noisy(rng *rand.Rand) candidate {
	if n := noises[rng.Intn(len(noises))]; !c.sequential {
		plan := *c.schedule
		plan.Timing.Noise = n
		c.schedule = &plan
	}
	return c
}

// later keeps a kept case whose schedule has noise until there is a lane for it, if there will be.
func (l *lane) later(t *state, c *corpus.Case) {
	if _, ok := l.besideAfter(); !ok || l.race || t.target.Contract.Unsafe {
		l.problem("case %s has noise in its timing, for which this search has no children; going on without it", c.File)
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	t.loud = append(t.loud, c)
}

// replayLoud runs the kept cases that have waited for noise.
func (l *lane) replayLoud(ctx context.Context, t *state) error {
	for ctx.Err() == nil {
		l.mu.Lock()
		if len(t.loud) == 0 {
			l.mu.Unlock()
			return nil
		}
		c := t.loud[0]
		t.loud = t.loud[1:]
		l.mu.Unlock()
		if err := l.replayCase(ctx, t, c); err != nil {
			return err
		}
	}
	return nil
}

// loud counts the runs of a schedule with noise.
func (s *search) loud(t *state, o *child.Outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.report.Noisy += o.Tally.Runs
}
