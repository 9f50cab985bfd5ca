package search

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/scheduler/controlled"
	"github.com/mapstress/mapstress/scheduler/strategy"
)

// maxSwitches is how many switches a run may have of which fewer are sought: there are as many
// candidates as pairs of them.
const maxSwitches = 300

// calm looks for decisions with fewer switches.
func (d *decided) calm(ctx context.Context, c *corpus.Case, take func(*scheduler.Schedule, child.Found)) {
	recipe, err := controlled.ParseRecipe(c.Decisions)
	if err != nil {
		panic("search: a recipe that no child would write: " + err.Error())
	}
	if recipe.Decisions.Switches() > maxSwitches {
		return
	}
	var last child.Found
	strategy.Shrink(recipe.Decisions, func(fewer strategy.Decisions) bool {
		if ctx.Err() != nil {
			return false
		}
		tried := *recipe
		tried.Decisions = fewer
		f, fails := d.failing(ctx, c.Schedule, 1, &wire.Controlled{Recipe: tried.String(), Races: true})
		if fails {
			last = f
		}
		return fails
	})
	if last.Recipe != "" {
		take(c.Schedule, last) // with all decisions, those too that are as they would be anyway
	}
}

// ShrinkControlled makes a case smaller whose run was controlled: see Shrink. Time of 0 is
// no bound.
func ShrinkControlled(ctx context.Context, session *child.Session, c *corpus.Case, space scenarios.Space, limit time.Duration) (*corpus.Case, error) {
	r, err := replayControlled(ctx, session, c, Limits{Runs: 1}, false)
	if err != nil {
		return c, err
	}
	if r.Found == nil {
		return c, fmt.Errorf("%w: it %s", ErrOtherwise, r.Ends())
	}
	if limit == 0 {
		limit = math.MaxInt64
	}
	shrunk := *c
	if shrunk.Original == nil {
		shrunk.Original, shrunk.Shrunk.From = c.Schedule, c.Schedule.Ops()
	}
	d := &decided{session: session, space: space, verdict: r.Found.Verdict, target: c.Target}
	d.shrink(ctx, &shrunk, limit)
	again, err := replayControlled(ctx, session, &shrunk, Limits{Runs: Replays}, false)
	if err != nil {
		return c, ignoreEnd(ctx, err)
	}
	shrunk.Reproduced, shrunk.Found = again.Rate, again.Here
	return &shrunk, nil
}

// ErrOtherwise means that a run that was to be made again came out otherwise.
var ErrOtherwise = errors.New("the case does not fail as it did")

// Ends says how a replay differed from what it was to repeat.
func (r *Replayed) Ends() string {
	switch {
	case r.Misfit != "":
		return r.Misfit
	case len(r.Other) > 0:
		return "fails with " + r.Other[0].Verdict.Signature()
	}
	return "does not fail, though all decisions fit"
}
