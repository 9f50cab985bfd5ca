package search

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/internal/shrink"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/scheduler/controlled"
	"github.com/mapstress/mapstress/scheduler/strategy"
)

const (
	// decidedRuns is how many runs a schedule has, each with other decisions: as many
	// again find less than another schedule does.
	decidedRuns = 200
	// fewRuns is how many a smaller schedule has at first, while there are others.
	fewRuns = 40
	// fewOps is up to how many ops a schedule is worth more runs than others: they are
	// soon made, and where a bug takes certain hashes, say, most of them cannot fail.
	fewOps = 16
	// Replays is how often what a controlled run found is run again before it is told of.
	Replays = 100
	// replaysTime bounds that: most take some milliseconds, but each run of them may end a process.
	replaysTime = 10 * time.Second
)

// ControlledScenario is what is told as the scenario of the schedules of controlled runs.
const ControlledScenario = "few"

// ErrNoHooks means that children were not built for controlled runs.
var ErrNoHooks = errors.New("the children were built without hooks, so their runs cannot be controlled")

// tryControlled is try for controlled runs.
func (l *lane) tryControlled(ctx context.Context, t *state, runs int) (found bool, err error) {
	seed := l.nextFew(t)
	c := candidate{schedule: scenarios.Few(t.space, seed), scenario: ControlledScenario, seed: seed}
	outcome, err := l.session.Run(ctx, child.Job{
		Target: t.target.Name, Schedule: c.schedule, Count: min(runs, runsOf(c.schedule)), StopAfter: 3,
		Boundaries: t.space.Boundaries, Controlled: &wire.Controlled{Strategy: l.Strategy.String(), Seed: seed, Races: true, SyncOnly: true},
	})
	l.recordControlled(t, &outcome)
	if l.Runs > 0 {
		l.giveBack(t, runs, outcome.Tally.Runs)
	}
	for _, f := range outcome.Found {
		isNew, failed := l.examineControlled(ctx, t, c, f, outcome.Counts[f.Verdict.Signature()])
		found = found || isNew
		if failed != nil && err == nil {
			err = failed
		}
	}
	l.pay(t, byDecision, outcome.CPU, found)
	return found, err
}

// A map that is filled takes up to fifty times as long for a run, nearly all of it to be filled and
// read, and so has fewer runs of a schedule: as many as take about as long, from smallFill entries
// on, but leastRuns at least.
const (
	smallFill = 32
	leastRuns = 40
)

// runsOf is how many runs a schedule has.
func runsOf(s *scheduler.Schedule) int {
	return min(max(decidedRuns*smallFill/max(s.Prefill, s.Peak, 1), leastRuns), decidedRuns)
}

// nextFew returns the seed of a target's next schedule.
func (l *lane) nextFew(t *state) uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Engine == Controlled {
		t.tried++
	}
	t.few++
	return fewSeed(t.seed, t.few)
}

// fewSeed is the seed of a target's nth schedule of a few ops.
func fewSeed(seed, n uint64) uint64 { return seed + n*0x9e3779b97f4a7c15 }

// examineControlled looks at a failing run, as examine does. No clock was in the game, so
// there is nothing to confirm but that the run can be made again.
func (l *lane) examineControlled(ctx context.Context, t *state, c candidate, f child.Found, count uint64) (isNew bool, err error) {
	signature := f.Verdict.Signature()
	if !l.claim(t, signature) {
		return false, nil
	}
	finding := l.newFinding(t, c, f, signature)
	finding.Count, finding.Case.Decisions, finding.decided, finding.Strategy = count, f.Recipe, true, strategyOf(f.Recipe)
	if older, ok := l.kept(t, f.Verdict); ok && older.Decisions != "" {
		finding.Case, finding.Path, finding.Known, finding.Final = older, older.File, true, true
		l.publish(t, finding)
		return true, nil
	}
	l.keep(&finding, nil)
	l.publish(t, finding)
	first := finding.Case
	d := &decided{session: l.session, space: t.space, verdict: f.Verdict, target: t.target.Name}
	limit := l.decided
	if finding.Unsafe {
		limit = l.surveyTime(!l.hasClass(t, &finding))
	}
	next := *first
	if limit > 0 {
		d.shrink(ctx, &next, limit)
	}
	// The time may be up by now, but what was found is told whole. It must come in another process,
	// too, not only where it was found.
	l.session.Renew()
	r, err := replayControlled(l.whole, l.session, &next, Limits{Runs: Replays, Time: replaysTime}, true)
	if err != nil && l.whole.Err() == nil {
		return true, err
	}
	if err != nil { // nobody waits any more, and what is known is told
		r = &Replayed{Rate: corpus.Rate{Failed: 1, Runs: 1}}
	}
	next.Reproduced, finding.Trace = r.Rate, r.Trace
	if r.Found != nil {
		next.Verdict, next.History, next.Evidence = r.Found.Verdict, r.Found.History, r.Found.Evidence
	}
	if r.Misfit != "" {
		l.problem("%s in %s: it does not do the same each time: %s", f.Verdict.Rule, t.target.Name, r.Misfit)
	}
	finding.Case, finding.Verdict, finding.Final = &next, next.Verdict, true
	if shrunkTo := next.Verdict.Signature(); l.claim(t, shrunkTo) {
		finding.also = shrunkTo
	}
	l.keep(&finding, first)
	l.publish(t, finding)
	return true, nil
}

// ignoreEnd drops an error that only says that the search is over.
func ignoreEnd(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// replayControlled makes the run of a case again and again, within limits that have Runs.
func replayControlled(ctx context.Context, session *child.Session, c *corpus.Case, limits Limits, traced bool) (*Replayed, error) {
	if _, err := controlled.ParseRecipe(c.Decisions); err != nil {
		return nil, fmt.Errorf("case %s: %w", c.File, &child.RequestError{Reason: err.Error()}) // as a child would say
	}
	hello, err := session.Hello(ctx)
	if err != nil {
		return nil, err
	}
	if !hello.Hooks {
		return nil, ErrNoHooks
	}
	r := &Replayed{Case: c, Here: environmentOf(hello)}
	job := child.Job{Target: c.Target, Schedule: c.Schedule, Count: limits.Runs, Time: limits.Time, Controlled: &wire.Controlled{Recipe: c.Decisions, Races: true}}
	if err := r.again(ctx, session, job); err != nil || !traced {
		return r, err
	}
	job.Count, job.Controlled = 1, &wire.Controlled{Recipe: c.Decisions, Races: true, Trace: true}
	outcome, err := session.Run(ctx, job)
	for _, f := range outcome.Found {
		r.Trace = f.Trace
		if r.Found != nil && len(f.Trace) > 0 && f.Verdict.Same(r.Found.Verdict) {
			r.Found.Verdict = f.Verdict // which has the lines now, and the stacks
		}
	}
	return r, err
}

// again does the job of a controlled replay.
func (r *Replayed) again(ctx context.Context, session *child.Session, job child.Job) error {
	outcome, err := session.Run(ctx, job)
	var refused *child.RequestError
	if errors.As(err, &refused) {
		return fmt.Errorf("case %s: %w", r.Case.File, err)
	}
	r.Tally, r.Deaths, r.Misfit, r.cpu = outcome.Tally, outcome.Deaths, outcome.Misfit, outcome.CPU
	r.Rate = corpus.Rate{Failed: matchingAlike(outcome.Counts, r.Case.Verdict), Runs: int(outcome.Tally.Runs)}
	r.Controlled = true
	for i, f := range outcome.Found {
		if sameRule(f.Verdict, r.Case.Verdict) {
			if r.Found == nil || f.Verdict.Same(r.Case.Verdict) {
				r.Found = &outcome.Found[i]
			}
		} else {
			r.Other = append(r.Other, f)
		}
	}
	return err
}

// matchingAlike is matching for runs by the same decisions. One may show several data races or
// leaks, or several reads that wait, and is counted for each; but since all runs do the same, the
// most frequent is what counts.
func matchingAlike(counts map[string]uint64, v oracle.Verdict) (n int) {
	if v.Class != oracle.DataRace && v.Class != oracle.GoroutineLeak && v.Rule != BlockingRead {
		return matching(counts, v)
	}
	for signature, count := range counts {
		n = max(n, matching(map[string]uint64{signature: count}, v))
	}
	return n
}

// replayDecided makes the run of a kept case again, and returns what came of it. If it fails as
// it did, that is a finding of this search, too.
func (s *search) replayDecided(ctx context.Context, session *child.Session, t *state, c *corpus.Case) (*Replayed, error) {
	r, err := replayControlled(ctx, session, c, Limits{Runs: Replays, Time: replaysTime}, true)
	var refused *child.RequestError
	if errors.As(err, &refused) {
		s.problem("%w; going on without it", err)
		return &Replayed{}, nil
	}
	if err != nil {
		return nil, err
	}
	s.recordControlled(t, &child.Outcome{Tally: r.Tally, Deaths: r.Deaths, CPU: r.cpu})
	if r.Misfit != "" {
		s.problem("case %s: it does not do the same as it did: %s", c.File, r.Misfit)
	}
	if r.Found == nil || !s.claim(t, r.Found.Verdict.Signature()) {
		return r, nil
	}
	again := *c
	again.Verdict, again.History, again.Evidence, again.Reproduced = r.Found.Verdict, r.Found.History, r.Found.Evidence, r.Rate
	s.publish(t, Finding{
		Target: t.target.Name, Unsafe: t.target.Contract.Unsafe, Verdict: again.Verdict, Count: uint64(r.Rate.Failed),
		Known: true, Final: true, Case: &again, Path: c.File, Trace: r.Trace,
		After: Duration(time.Since(s.started)), signature: again.Verdict.Signature(), decided: true,
	})
	return r, nil
}

// A decided shrinks what a controlled run found.
type decided struct {
	session *child.Session
	space   scenarios.Space
	target  string
	verdict oracle.Verdict
}

// failing makes controlled runs of a schedule, and returns one that fails in the same way.
func (d *decided) failing(ctx context.Context, s *scheduler.Schedule, runs int, c *wire.Controlled) (child.Found, bool) {
	job := child.Job{Target: d.target, Schedule: s, Count: runs, StopAfter: 1, Controlled: c}
	outcome, err := untilCounted(ctx, d.session, job, func(counts map[string]uint64) (n int) {
		for signature, count := range counts {
			if inTheSameWay(signature, d.verdict) {
				n += int(count)
			}
		}
		return n
	})
	for _, f := range outcome.Found {
		if inTheSameWay(f.Verdict.Signature(), d.verdict) && err == nil {
			return f, true
		}
	}
	return child.Found{}, false
}

// inTheSameWay reports whether a finding may stand for another one that is made smaller: it breaks
// the same rule. A map may have several data races, often in one run, so that of them it must be the
// very same one; else the rare one shrinks to the frequent one, and neither is told as it was.
func inTheSameWay(signature string, v oracle.Verdict) bool {
	if v.Class == oracle.DataRace {
		return signature == v.Signature()
	}
	return matching(map[string]uint64{signature: 1}, v) > 0
}

// shrink makes a case smaller: fewest ops first, for each of which other decisions are
// sought, and then the fewest switches.
func (d *decided) shrink(ctx context.Context, c *corpus.Case, limit time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	ops, cancelOps := context.WithTimeout(ctx, limit/5*4) // and the rest for fewer switches
	defer cancelOps()
	take := func(s *scheduler.Schedule, f child.Found) {
		c.Schedule, c.Verdict, c.History, c.Evidence, c.Decisions = s, f.Verdict, f.History, f.Evidence, f.Recipe
	}
	seed := c.Seed
	c.Shrunk.Done = shrink.Greedy(ops, c, d.space, func(s *scheduler.Schedule, e shrink.Effort) bool {
		seed++
		runs := effortRuns(s, e)
		if runs == 0 {
			return false
		}
		f, fails := d.failing(ops, s, runs, &wire.Controlled{Strategy: strategy.Usual, Seed: seed, Races: true, SyncOnly: true})
		if fails {
			take(s, f)
		}
		return fails
	})
	d.calm(ctx, c, take)
}

// effortRuns is how many runs a smaller schedule has.
func effortRuns(s *scheduler.Schedule, e shrink.Effort) int {
	switch few := s.Ops() <= fewOps; {
	case e == shrink.Quick:
		return fewRuns
	case e == shrink.Thorough && few:
		return 2 * decidedRuns
	case e == shrink.Thorough:
		return decidedRuns
	case few:
		return 20 * runsOf(s)
	}
	return 0
}
