package search

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/oracle"
)

// newFinding makes a finding, and its case, of a failing run.
func (l *lane) newFinding(t *state, c candidate, f child.Found, signature string) Finding {
	l.mu.Lock()
	environment := l.environment
	l.mu.Unlock()
	if procs := c.schedule.Timing.Procs; procs > 0 {
		environment.GOMAXPROCS = procs
	}
	return Finding{
		Target: t.target.Name, Unsafe: t.target.Contract.Unsafe,
		Verdict: f.Verdict, Count: 1, After: Duration(time.Since(l.started)), signature: signature,
		Case: &corpus.Case{
			Target: t.target.Name, Unsafe: t.target.Contract.Unsafe, Verdict: f.Verdict,
			Found: environment, Scenario: c.scenario, Seed: l.Seed,
			Shrunk:   corpus.Shrunk{From: c.schedule.Ops()},
			Schedule: c.schedule, History: f.History, Evidence: f.Evidence,
			Reproduced: corpus.Rate{Failed: 1, Runs: f.Run + 1},
		},
	}
}

// keep writes a finding's case to the store, in place of an older form of it if
// there is one. A case that cannot be written is a problem, not the end: the
// finding is still reported. Why is told once.
func (l *lane) keep(f *Finding, older *corpus.Case) {
	if l.Store == nil {
		return
	}
	var path string
	var err error
	if older == nil || f.Path == "" {
		path, err = l.Store.Save(f.Case)
	} else {
		path, err = l.Store.Replace(older, f.Case)
	}
	if err != nil && l.Store.Fresh(f.Target, err) {
		l.problem("%w", err)
	}
	if path != "" {
		f.Path = path
	}
}

// keptTime is how long an earlier case is replayed at the start of a search.
const keptTime = 500 * time.Millisecond

// replayKept runs the cases of earlier searches first. One that still fails is
// a finding of this search, too.
func (l *lane) replayKept(ctx context.Context, t *state) error {
	if l.Store == nil || l.SkipKept {
		return nil
	}
	cases, errs := l.Store.Load(t.target.Name)
	for _, err := range errs {
		l.problem("%w; going on without it", err)
	}
	cases = slices.DeleteFunc(cases, func(c *corpus.Case) bool { return calls(c.Schedule, l.Without) })
	if l.Engine == Auto {
		var err error
		if cases, err = l.laterDecided(ctx, t, cases); err != nil {
			return err
		}
	}
	for started, i := time.Now(), 0; i < len(cases) && ctx.Err() == nil; i++ {
		if l.Duration > 0 && time.Since(started) > l.Duration/4/time.Duration(len(l.Targets)) {
			l.problem("%d of %d kept cases of %s were not replayed: they took a quarter of its time already", len(cases)-i, len(cases), t.target.Name)
			return nil
		}
		c := cases[i]
		if err := l.replayCase(ctx, t, c); err != nil {
			return err
		}
	}
	return nil
}

// replayCase runs a case as it was found.
func (l *lane) replayCase(ctx context.Context, t *state, c *corpus.Case) error {
	switch {
	case l.Engine == Controlled && c.Decisions == "":
		return nil // it is for workers that run free
	case l.Engine == Controlled:
		r, err := l.replayDecided(ctx, l.session, t, c)
		if err != nil {
			return err
		}
		for _, f := range r.Other {
			_, failed := l.examineControlled(ctx, t, candidate{schedule: c.Schedule, scenario: c.Scenario}, f, 1)
			if err == nil {
				err = failed
			}
		}
		return err
	}
	return l.replayFree(ctx, t, c)
}

// replayFree runs a case with workers that run free.
func (l *lane) replayFree(ctx context.Context, t *state, c *corpus.Case) error {
	job := child.Job{
		Target: t.target.Name, Schedule: c.Schedule, Count: maxRuns,
		Time: keptTime, StopAfter: tryFailures, Boundaries: t.space.Boundaries,
	}
	if c.Schedule.Timing.Noise > 0 && !l.noisy {
		l.later(t, c)
		return nil
	}
	outcome, err := l.session.Run(ctx, job)
	var refused *child.RequestError
	if errors.As(err, &refused) {
		l.problem("case %s: %w; going on without it", c.File, err)
		return nil
	}
	l.record(t, &outcome)
	for _, f := range outcome.Found {
		failed := l.stillFails(ctx, t, c, job, f, outcome.Counts[f.Verdict.Signature()])
		if err == nil {
			err = failed
		}
	}
	return err
}

// stillFails looks at a failing run of a kept case: the old finding if it breaks
// the same rule, whatever the frames are by now, and else a new one.
func (l *lane) stillFails(ctx context.Context, t *state, c *corpus.Case, job child.Job, f child.Found, count uint64) error {
	if !sameRule(f.Verdict, c.Verdict) {
		_, err := l.examine(ctx, t, candidate{schedule: c.Schedule, scenario: c.Scenario}, f, count)
		return err
	}
	signature := f.Verdict.Signature()
	if !l.claim(t, signature) {
		return nil
	}
	if _, ok, err := confirm(ctx, l.session, job, f); !ok {
		l.unclaim(t, signature)
		return err
	}
	l.publish(t, Finding{
		Target: t.target.Name, Unsafe: t.target.Contract.Unsafe, Verdict: c.Verdict,
		Count: count, Known: true, Final: true, Case: c, Path: c.File,
		After: Duration(time.Since(l.started)), signature: signature,
	})
	return nil
}

// kept returns an earlier search's case of the same finding.
func (l *lane) kept(t *state, v oracle.Verdict) (*corpus.Case, bool) {
	if l.Store == nil {
		return nil, false
	}
	return l.Store.Find(t.target.Name, v)
}

// surveyShare is the part of a finding's time to shrink that a further one of a
// class gets, in a survey: there are many, and they are no bugs. The first of each
// class has all of it, but no more than a tenth of the target's part of the search.
const surveyShare = 5

func (l *lane) surveyTime(first bool) time.Duration {
	limit := l.ShrinkTime
	if l.Duration > 0 {
		limit = min(limit, l.Duration/10/time.Duration(len(l.Targets)))
	}
	if !first {
		limit /= surveyShare
	}
	return limit
}

// shrink makes the finding's case smaller for as long as it may, and keeps each
// smaller case as soon as there is one: what is lost when the process is killed is
// the step under way.
func (l *lane) shrink(ctx context.Context, t *state, f *Finding) error {
	limit := l.ShrinkTime
	if f.Unsafe {
		limit = l.surveyTime(!l.hasClass(t, f))
	}
	shrunk, err := Shrink(ctx, []*child.Session{l.session}, f.Case, ShrinkConfig{
		Space: t.space, Time: limit, Save: func(c *corpus.Case) { l.supersede(f, c) },
	})
	l.supersede(f, shrunk)
	if shrunkTo := f.Verdict.Signature(); l.claim(t, shrunkTo) {
		f.also = shrunkTo // other frames now, and no other finding
	}
	return err
}

// supersede keeps a case of the finding in place of the one it has.
func (l *lane) supersede(f *Finding, c *corpus.Case) {
	old := f.Case
	f.Case, f.Verdict = c, c.Verdict
	l.keep(f, old)
}

// hasClass reports whether there is another finding of the class.
func (l *lane) hasClass(t *state, f *Finding) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range t.report.Findings {
		if other := &t.report.Findings[i]; other.signature != f.signature && other.Verdict.Class == f.Verdict.Class {
			return true
		}
	}
	return false
}
