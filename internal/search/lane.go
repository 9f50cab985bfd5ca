package search

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

const (
	// turnTime is how long a target is searched before it is the next one's turn.
	turnTime = 250 * time.Millisecond
	// tryTime is how long one schedule is run: long enough for a thousand short
	// runs, and for the system to spread the workers over the processors, which
	// takes a few milliseconds; short enough for many schedules.
	tryTime = 20 * time.Millisecond
	// lifeTime bounds the life of one map that lasts for several rounds, which is what a
	// schedule of these is tried for: what it forces may come in the last of them.
	lifeTime = time.Second / 2
	// tryFailures ends a schedule that fails again and again.
	tryFailures = 3
	// maxRuns bounds the runs of a job that is limited by its time.
	maxRuns = 1 << 30
	// runsPerTry spreads a limited number of runs over several schedules.
	runsPerTry = 1000
	// probeLimit is up to which size a target's growth is probed.
	probeLimit = 1000
)

// probeTime is how long that may take at least, which a map that takes milliseconds for a store
// needs more of. A test makes it shorter.
var probeTime = 10 * time.Second

// A lane runs one schedule after the other, in a session of its own.
type lane struct {
	*search
	session    *child.Session
	goVersion  string // of the children
	controlled bool   // its children run one worker at a time
	noisy      bool   // they have hooks, and workers that run free are disturbed within ops
	race       bool   // they have the race detector

	other   *lane // for controlled runs beside its own; nil if there are none yet
	louder  *lane // for noisy ones, by the same children
	refused bool  // there can be none
}

// lane searches until ctx ends or nothing is left to do.
func (s *search) lane(ctx context.Context) error {
	session, err := child.NewSession(s.Child)
	if err != nil {
		return err
	}
	defer session.Close()
	born := time.Now()
	hello, err := session.Hello(ctx)
	if err != nil {
		return err
	}
	life := lifeOf(time.Since(born))
	if s.Engine == Controlled && !hello.Hooks {
		return ErrNoHooks
	}
	s.setEnvironment(hello)
	l := &lane{
		search: s, session: session, goVersion: hello.GoVersion, race: hello.Race,
		controlled: s.Engine == Controlled, noisy: s.Noise,
	}
	defer func() {
		if l.other != nil {
			l.other.session.Close()
		}
	}()
	for ctx.Err() == nil {
		if err := l.attemptNow(ctx); err != nil {
			return err
		}
		t := s.take()
		if t == nil {
			return nil
		}
		started := time.Now()
		if started.Sub(born) > life && !l.controlled {
			session.Renew()
			born = started
		}
		turn, besides := l, l.beside(t)
		if besides != nil {
			turn = besides
		}
		err := turn.turn(ctx, t)
		s.spent(t, time.Since(started))
		if err != nil && turn != l && ctx.Err() == nil {
			l.without(t, err)
			continue
		}
		if err != nil {
			return fmt.Errorf("target %s: %w", t.target.Name, err)
		}
	}
	return nil
}

// turn searches one target for a while.
func (l *lane) turn(ctx context.Context, t *state) (err error) {
	t.prepare.Do(func() { t.broken = l.prepare(ctx, t) })
	if err = t.broken; err == nil && l.controlled {
		err = l.gate(ctx, t)
	}
	if err == nil && l.noisy {
		err = l.replayLoud(ctx, t)
	}
	for started := time.Now(); err == nil && ctx.Err() == nil && time.Since(started) < turnTime; {
		runs := maxRuns
		if l.Runs > 0 {
			if runs = l.grant(t); runs == 0 {
				break
			}
		}
		var found bool
		if l.controlled {
			found, err = l.tryControlled(ctx, t, runs)
		} else {
			found, err = l.try(ctx, t, l.next(t), runs)
		}
		if found {
			break // looking at it took long enough; others wait
		}
	}
	if err == nil && !l.controlled && l.due(t) {
		l.remember(t)
	}
	return err
}

// prepare finds out where the target grows, and runs what is to be run first.
func (l *lane) prepare(ctx context.Context, t *state) error {
	boundaries, known := l.Boundaries[t.target.Name]
	if !known && spaceFor(t.target, boundaries).Inserts() {
		var err error
		if boundaries, err = l.probe(ctx, t); err != nil {
			return err
		}
	}
	t.space = spaceFor(t.target, boundaries)
	l.mu.Lock()
	t.report.Boundaries = boundaries
	l.mu.Unlock()
	t.mix = scenarios.NewMix(t.space, l.Scenarios)
	t.policy = l.policy(t)
	if !l.controlled {
		l.recall(t)
	}
	return l.replayKept(ctx, t)
}

// probe finds out where the target grows, if it can. Its error is that ctx ended.
func (l *lane) probe(ctx context.Context, t *state) (history.Boundaries, error) {
	limited, cancel := context.WithTimeout(ctx, max(probeTime, l.Duration/4))
	defer cancel()
	growth, err := l.session.Probe(limited, t.target.Name, target.Shape{}, probeLimit)
	switch {
	case err != nil && ctx.Err() != nil:
		return history.Boundaries{}, err
	case limited.Err() != nil && err != nil:
		l.problem("probe where %s grows: to fill it with %d entries takes too long; going on without knowing it", t.target.Name, probeLimit)
	case err != nil:
		l.problem("%w; going on without knowing it", err)
	}
	if known, ok := scheduler.KnownBoundaries(l.goVersion, probeLimit); ok && t.target.Name == "map" {
		return known, nil // whatever was in the probe's way
	}
	return growth.Boundaries, nil
}

func spaceFor(d *wire.Description, boundaries history.Boundaries) scenarios.Space {
	return scenarios.SpaceOf(d.Variants, boundaries, runtime.NumCPU()).Under(&d.Contract)
}

// fits reports whether any of the scenarios makes sense in the space.
func fits(all []scenarios.Scenario, space scenarios.Space) bool {
	return slices.ContainsFunc(all, func(s scenarios.Scenario) bool { return s.Fits(space) })
}

// Describe tells of a target what a search needs to know.
func Describe(t *target.Target) wire.Description {
	return wire.Description{Name: t.Name, Doc: t.Doc, Contract: t.Contract, Variants: scheduler.Abilities(t)}
}

// SpaceOf returns what a target allows, with the boundaries that a child finds.
func SpaceOf(ctx context.Context, session *child.Session, d *wire.Description) (scenarios.Space, error) {
	space := spaceFor(d, history.Boundaries{})
	if !space.Inserts() {
		return space, nil
	}
	growth, err := session.Probe(ctx, d.Name, target.Shape{}, probeLimit)
	return spaceFor(d, growth.Boundaries), err
}

// A candidate is a schedule to try, and where it comes from.
type candidate struct {
	schedule *scheduler.Schedule
	scenario string
	seed     uint64
	// sequential says that one worker has all the ops: a few runs are enough,
	// as they hardly differ.
	sequential bool
}

// try runs one schedule, that many times at most, and looks at what it finds. It
// reports whether that was anything new.
func (l *lane) try(ctx context.Context, t *state, c candidate, runs int) (found bool, err error) {
	job := child.Job{
		Target: t.target.Name, Schedule: c.schedule, Count: runs,
		Time: tryTime, StopAfter: tryFailures, Boundaries: t.space.Boundaries,
	}
	if c.sequential {
		job.Count = min(runs, sequentialRuns)
	}
	if rounds := c.schedule.Rounds; rounds > 1 {
		job.Count, job.Time = min(runs, rounds), lifeTime
	}
	if l.Runs > 0 {
		job.Time = 0
	}
	outcome, err := l.session.Run(ctx, job)
	fresh := l.record(t, &outcome)
	if c.schedule.Timing.Noise > 0 {
		l.loud(t, &outcome)
	}
	if l.Runs > 0 {
		l.giveBack(t, runs, outcome.Tally.Runs)
	}
	// What was found just before the end is still kept.
	for _, f := range outcome.Found {
		isNew, failed := l.examine(ctx, t, c, f, outcome.Counts[f.Verdict.Signature()])
		found = found || isNew
		if failed != nil && err == nil {
			err = failed
		}
	}
	l.pay(t, l.way(), outcome.CPU, found)
	l.learn(t, c, &outcome, fresh, found)
	return found, err
}
