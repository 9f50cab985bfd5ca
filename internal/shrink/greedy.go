package shrink

import (
	"context"
	"slices"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
)

// Greedy makes a case smaller where one failing run is as good as many, since it can be made
// again. Fails makes that many runs of a candidate, and reports whether one failed; then the
// candidate, with what came of that run, is the case from now on. The efforts are how many
// runs a candidate gets, fewest first: while a schedule is long its runs take their time,
// and other candidates are as good. Timing plans are left alone.
//
// It reports whether it came to an end: whether all that the passes propose was refused at
// the last effort.
func Greedy(ctx context.Context, c *corpus.Case, space scenarios.Space, efforts []int, fails func(s *scheduler.Schedule, runs int) bool) (done bool) {
	g := &greedy{c, map[string]int{}, fails}
	passes := slices.DeleteFunc(passes(space, func() *corpus.Case { return c }), func(p scenarios.Pass) bool {
		return p.Name == "timing" || p.Name == "procs"
	})
	for _, effort := range efforts {
		for progress := true; progress && ctx.Err() == nil; {
			progress = false
			for _, pass := range passes {
				if progress && slices.Contains(lastResort, pass.Name) {
					break
				}
				progress = g.exhaust(ctx, pass, effort) || progress
			}
		}
	}
	return ctx.Err() == nil
}

// A greedy takes whatever fails.
type greedy struct {
	best    *corpus.Case
	refused map[string]int // by text, after how many runs
	fails   func(*scheduler.Schedule, int) bool
}

// exhaust lets one pass help as long as it does.
func (g *greedy) exhaust(ctx context.Context, pass scenarios.Pass, effort int) (helped bool) {
	for at, more := (place{}), true; more; helped = helped || more {
		at, more = g.attempt(ctx, pass, at, effort)
	}
	return helped
}

// attempt takes the first candidate of a pass that fails, if one does.
func (g *greedy) attempt(ctx context.Context, pass scenarios.Pass, from place, effort int) (at place, taken bool) {
	walk := newWalk(pass, g.best.Schedule, from)
	for s, text, at := walk.next(); s != nil && ctx.Err() == nil; s, text, at = walk.next() {
		if g.refused[text] >= effort || s.Timing != g.best.Schedule.Timing {
			continue
		}
		if g.fails(s, effort) {
			return at, true
		}
		g.refused[text] = effort
	}
	return at, false
}
