package search

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/internal/shrink"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/scheduler/controlled"
)

// An Attempt is what came of having a finding of workers that ran free fail in controlled runs,
// too, where its decisions make it fail every time.
type Attempt struct {
	// Reason says why it could not be had; empty if it was.
	Reason string `json:"reason,omitempty"`
	// Tried is how many runs were made, with other decisions each, until one failed.
	Tried uint64   `json:"tried"`
	Took  Duration `json:"took"`
	// Verdict is that of the run that failed: the finding's class and rule, if one could be
	// had that breaks the same rule.
	Verdict    *oracle.Verdict `json:"verdict,omitempty"`
	Reproduced *corpus.Rate    `json:"reproduced,omitempty"`
	Path       string          `json:"path,omitempty"` // of its case, beside the finding's
	// Case and Trace are those of a run that failed.
	Case  *corpus.Case      `json:"-"`
	Trace []controlled.Step `json:"-"`
}

// attempts are the findings that are still to be tried in controlled runs, and the children
// for it, which are built while the search goes on.
type attempts struct {
	build func() (child.Config, error)
	begun sync.Once
	built chan struct{} // closed when there are children, or an error

	with   child.Config // what follows is read once built is closed
	failed error

	mu      sync.Mutex
	waiting []attempted // guarded by mu
	kept    []keptCase  // guarded by mu
	apology sync.Once   // that these could not be run
}

// attempted is a finding to try.
type attempted struct {
	of      *state
	finding Finding
}

// attemptTime is how long one finding is tried in controlled runs at most, and lastTime how long one with
// which the search ends: see attemptLimit.
const (
	attemptTime = 10 * time.Second
	lastTime    = 4 * attemptTime
)

// attemptLimit is how long one finding is tried: a fifth of the search, but two seconds in any case; or
// what is left of it, if it ended with the finding, but attemptTime in any case.
func (s *search) attemptLimit() time.Duration {
	switch {
	case s.StopOnFinding && s.Duration == 0:
		return lastTime
	case s.StopOnFinding:
		s.mu.Lock()
		defer s.mu.Unlock()
		return min(lastTime, max(attemptTime, s.Duration-s.elapsed))
	case s.Duration == 0:
		return attemptTime
	}
	return min(attemptTime, max(s.Duration/5, 2*time.Second))
}

// tryLater has a finding tried in controlled runs. What one worker alone fails every time has no
// need of it; where it fails now and then, the map has a goroutine of its own. Of a survey nobody
// asks for it.
func (s *search) tryLater(t *state, f Finding) {
	if s.Engine != Auto || f.Unsafe || f.Known || f.Verdict.Sequential && f.Case.Reproduced.Chance() == 1 {
		return
	}
	a := &s.attempts
	a.mu.Lock()
	a.waiting = append(a.waiting, attempted{t, f})
	a.mu.Unlock()
	a.begin()
}

// begin has the children built, unless somebody had.
func (a *attempts) begin() {
	a.begun.Do(func() {
		go func() { // end waits for it
			a.with, a.failed = a.build()
			close(a.built)
		}()
	})
}

// end waits for children that are being built, of which nobody has a use any more.
func (a *attempts) end() {
	a.begun.Do(func() { close(a.built) })
	<-a.built
}

// children returns how to start children for controlled runs, if they have been built by now.
func (a *attempts) children() (*child.Config, error) {
	a.begin()
	select {
	case <-a.built:
		return &a.with, a.failed
	default:
		return nil, nil
	}
}

// next returns the next finding to try.
func (a *attempts) next() (u attempted, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.waiting) == 0 {
		return u, false
	}
	u, a.waiting = a.waiting[0], a.waiting[1:]
	return u, true
}

// attemptNow runs the kept cases that wait, and tries the findings that do, if children have been
// built by now. One for which ctx left no time waits on.
func (l *lane) attemptNow(ctx context.Context) error {
	a := &l.attempts
	select {
	case <-a.built:
	default:
		return nil
	}
	if err := l.runKept(ctx, l.replayFree); err != nil {
		return err
	}
	for ctx.Err() == nil {
		u, ok := a.next()
		if !ok {
			return nil
		}
		l.attempt(ctx, u)
	}
	return nil
}

// does notes what is done after the search.
func (s *search) does(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.after = what
}

// attemptAll does the same for all that wait, once the search is over.
func (s *search) attemptAll(ctx context.Context) {
	a := &s.attempts
	done := s.hasBug()
	a.mu.Lock()
	if done {
		a.kept = nil
	}
	n := len(a.waiting) + len(a.kept)
	a.mu.Unlock()
	if n == 0 {
		return
	}
	s.does("building children for controlled runs")
	<-a.built // it ends with ctx
	s.does("trying what was found in controlled runs")
	_ = s.runKept(ctx, nil) // without free it has no error
	for started := time.Now(); ctx.Err() == nil; {
		u, ok := a.next()
		switch {
		case !ok:
			return
		case time.Since(started) > 2*s.attemptLimit():
			u.finding.Controlled = &Attempt{Reason: "other findings took all of the time"}
			s.publish(u.of, u.finding)
		default:
			s.attempt(ctx, u)
		}
	}
}

// attempt tries a finding, and reports what came of it.
func (s *search) attempt(ctx context.Context, u attempted) {
	made, err := &Attempt{}, s.attempts.failed
	started := time.Now()
	if err == nil {
		err = s.makeControlled(ctx, u, made)
	}
	switch {
	case made.Case != nil || made.Reason != "":
	case ctx.Err() != nil:
		s.attempts.mu.Lock()
		s.attempts.waiting = append(s.attempts.waiting, u)
		s.attempts.mu.Unlock()
		return
	default:
		made.Reason = err.Error()
	}
	made.Took = Duration(time.Since(started))
	u.finding.Controlled = made
	s.publish(u.of, u.finding)
}

// makeControlled looks for decisions with which the finding's schedule fails, for the fewest
// ops and switches, and makes the run again as often as Replays says, or as there is time for.
func (s *search) makeControlled(ctx context.Context, u attempted, made *Attempt) error {
	session, err := child.NewSession(s.attempts.with)
	if err != nil {
		return err
	}
	defer session.Close()
	limit := s.attemptLimit()
	until := time.Now().Add(limit)
	f := &u.finding
	found, of, few, err := s.findControlled(ctx, session, u, limit/2, made)
	if err != nil || made.Reason != "" {
		return err
	}
	next := *f.Case
	next.File, next.Original, next.Shrunk = "", nil, corpus.Shrunk{From: max(f.Case.Shrunk.From, f.Case.Schedule.Ops())}
	if few {
		next.Shrunk.From = of.Ops()
	}
	next.Schedule = untimed(of)
	next.Verdict, next.History, next.Evidence, next.Decisions = found.Verdict, found.History, found.Evidence, found.Recipe
	d := &decided{session: session, space: u.of.space, verdict: found.Verdict, target: f.Target}
	if s.ShrinkTime > 0 {
		d.shrink(ctx, &next, max(time.Until(until), s.decided))
	}
	if next.ID() == f.Case.ID() {
		next.Schedule = untimed(next.Schedule)
		next.Schedule.Timing.Seed = 1 // it counts for nothing, and makes it another case
	}
	session.Renew()
	r, err := replayControlled(ctx, session, &next, Limits{Runs: Replays, Time: max(time.Until(until), limit/5)}, true)
	if err != nil {
		return err
	}
	next.Reproduced, made.Trace = r.Rate, r.Trace
	if r.Found == nil {
		made.Reason = "what failed did not fail again by its decisions: it " + r.Ends()
		return nil
	}
	next.Verdict, next.History, next.Evidence = r.Found.Verdict, r.Found.History, r.Found.Evidence
	s.comesAs(u, next.Verdict)
	if s.Store != nil {
		if made.Path, err = s.Store.Save(&next); err != nil {
			s.problem("%w", err)
		}
	}
	made.Case, made.Verdict, made.Reproduced = &next, &next.Verdict, &next.Reproduced
	return nil
}

// comesAs notes as what a finding comes in controlled runs. Those beside the free ones will meet it,
// and it is no other finding then, nor known before: its case is this search's own. A map may have
// several data races, and this be another one, where it is in other functions.
func (s *search) comesAs(u attempted, v oracle.Verdict) {
	elsewhere := func(frame string) bool { return !slices.Contains(u.finding.Verdict.Frames, frame) }
	if sameRule(v, u.finding.Verdict) && !slices.ContainsFunc(v.Frames, elsewhere) {
		s.claim(u.of, v.Signature())
	}
}

// untimed is a schedule without a timing plan, which counts for nothing in controlled runs.
func untimed(s *scheduler.Schedule) *scheduler.Schedule {
	plain := *s
	plain.Timing = scheduler.Timing{}
	return &plain
}

// findControlled returns a failing run, and the schedule that it is of: one that breaks the same
// rule as the finding, or the nearest thing to it once half of the time has gone in vain. Where the
// finding's schedule does not fail, what it was shrunk from has a turn now and then: that may have
// lost what decided runs need, such as an op during which a goroutine of the map's grows it. So have
// schedules of a few ops, and a first turn where free runs took many, and all of the time that is left
// if many failed: these may be enough, and many take long to be shrunk. Each
// run has a fresh map, so of a schedule of several rounds it is the round that failed.
func (s *search) findControlled(ctx context.Context, session *child.Session, u attempted, limit time.Duration, made *Attempt) (best child.Found, of *scheduler.Schedule, few bool, err error) {
	rank, f := 0, &u.finding
	usual := f.Case.Schedule
	if afresh := shrink.Afresh(u.of.space, f.Case); afresh != nil {
		usual = afresh
	}
	tried := uint64(0) // runs
	many := func() bool { return of != nil && !few && of.Ops() > 2*fewOps }
	run := func(schedule *scheduler.Schedule, seed uint64, runs int, left time.Duration, least int) error {
		outcome, err := session.Run(ctx, child.Job{
			Target: f.Target, Schedule: schedule, Count: runs, StopAfter: 3, Time: left,
			Controlled: &wire.Controlled{Strategy: s.Strategy.String(), Seed: seed, Races: true, SyncOnly: true},
		})
		for _, found := range outcome.Found {
			if n := nearness(found.Verdict, f.Verdict); n >= least && (n > rank || least > anyFinding && many()) {
				best, of, few, rank = found, schedule, least > anyFinding, n
				made.Tried = tried + uint64(found.Run) + 1
			}
		}
		tried += outcome.Tally.Runs
		return err
	}
	started := time.Now()
	left := func() time.Duration { return limit - time.Since(started) }
	for n := 0; left() > 0 && (many() || rank < sameClass || rank < sameOutcome && left() >= limit/2); n++ {
		seed, turn := s.Seed+uint64(n), min(left(), limit/8)
		switch inVain := rank == 0 && left() < limit*3/4; {
		case many() || n%3 == 0 && (inVain || usual.Ops() > 2*fewOps):
			least := sameOutcome
			if left() < limit/2 {
				least = sameClass // a bug of maps that lose keys may show in several ways
			}
			for end := time.Now().Add(2 * turn); err == nil && !few && time.Now().Before(end); seed += 1 << 32 {
				schedule := scenarios.Few(u.of.space, seed)
				err = run(schedule, seed, runsOf(schedule), time.Until(end), least)
			}
		case n%3 == 1 && inVain && f.Case.Original != nil:
			err = run(f.Case.Original, seed, decidedRuns, turn, anyFinding)
		default:
			err = run(usual, seed, decidedRuns, turn, anyFinding)
		}
		if err != nil {
			return best, of, few, err
		}
	}
	if rank == 0 {
		made.Tried = tried
		made.Reason = fmt.Sprintf("none of %d runs failed, with other decisions each", made.Tried)
		if n := f.Case.Schedule.Rounds; n > 1 {
			made.Reason += fmt.Sprintf(" and on a fresh map each; in free runs one lasts for %d", n)
		}
	}
	return best, of, few, nil
}

// How near a verdict is to the one that is looked for.
const (
	anyFinding = 1 + iota
	aRace
	sameClass
	sameOutcome
)

func nearness(v, wanted oracle.Verdict) int {
	switch {
	case sameRule(v, wanted):
		return sameOutcome
	case v.Class == wanted.Class:
		return sameClass
	case v.Class == oracle.DataRace:
		return aRace
	}
	return anyFinding
}
