package shrink

import (
	"context"
	"slices"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
)

// An Effort is how much is done to have a candidate fail. While a schedule is long its runs
// take their time, and other candidates are as good; what makes a short one shorter is
// worth the most.
type Effort int

const (
	Quick Effort = 1 + iota
	Thorough
	Stubborn
)

// A stage tries some passes.
type stage struct {
	passes  []string
	effort  Effort
	shorter bool // only candidates with fewer ops
	plainer bool // what they change makes nothing else possible: no stage before has to be repeated
}

var (
	// shortening are the passes that leave less to be run.
	shortening = []string{"window", "likely", "workers", "ops", "rounds", "before", "prefill"}
	// inPairs proposes most, and little of it is any good.
	inPairs = []string{"pairs"}
	plain   = []string{"kinds", "keys", "shape", "values"}
	moving  = []string{"move"}
)

// stages of Greedy. What is easier to read is not sought before the ops are few: each
// change makes a schedule whose other candidates all have to be tried again.
var stages = []stage{
	{passes: shortening, effort: Quick},
	{passes: inPairs, effort: Quick},
	{passes: shortening, effort: Thorough},
	{passes: plain, effort: Thorough, plainer: true},
	{passes: moving, effort: Thorough},
	{passes: shortening, effort: Stubborn, shorter: true},
	{passes: inPairs, effort: Thorough},
}

// Greedy makes a case smaller where one failing run is as good as many, since it can be made
// again. Fails makes runs of a candidate, and reports whether one failed; then the candidate,
// with what came of that run, is the case from now on. Timing plans are left alone.
//
// It reports whether it came to an end: whether all that the passes propose was refused.
func Greedy(ctx context.Context, c *corpus.Case, space scenarios.Space, fails func(s *scheduler.Schedule, e Effort) bool) (done bool) {
	g := &greedy{c, passes(space, func() *corpus.Case { return c }), map[string]Effort{}, fails}
	for at := 0; at < len(stages) && ctx.Err() == nil; {
		switch helped := g.try(ctx, &stages[at]); {
		case !helped:
			at++
		case !stages[at].plainer:
			at = 0
		}
	}
	return ctx.Err() == nil
}

// A greedy takes whatever fails.
type greedy struct {
	best    *corpus.Case
	passes  []scenarios.Pass
	refused map[string]Effort // by text
	fails   func(*scheduler.Schedule, Effort) bool
}

// try has each pass of a stage help as long as it does.
func (g *greedy) try(ctx context.Context, s *stage) (helped bool) {
	for _, pass := range g.passes {
		if !slices.Contains(s.passes, pass.Name) {
			continue
		}
		for at, more := (place{}), true; more; helped = helped || more {
			at, more = g.attempt(ctx, s, pass, at)
		}
	}
	return helped
}

// attempt takes the first candidate of a pass that fails, if one does.
func (g *greedy) attempt(ctx context.Context, s *stage, pass scenarios.Pass, from place) (at place, taken bool) {
	best := g.best.Schedule
	walk := newWalk(pass, best, from)
	for c, text, at := walk.next(); c != nil && ctx.Err() == nil; c, text, at = walk.next() {
		if g.refused[text] >= s.effort || c.Timing != best.Timing || s.shorter && c.Ops() >= best.Ops() {
			continue
		}
		if g.fails(c, s.effort) {
			return at, true
		}
		g.refused[text] = s.effort
	}
	return at, false
}
