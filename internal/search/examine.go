package search

import (
	"context"
	"strings"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/oracle"
)

const (
	// confirmTime bounds the search for a failing run under atomic stamps, so that
	// what is found is on disk within a second, and
	// confirmFailures is after how many it is seen whether one is such a run.
	confirmTime     = 800 * time.Millisecond
	confirmFailures = 3
	// rateTime and rateFailures bound the runs that tell how often a schedule fails.
	rateTime     = 300 * time.Millisecond
	rateFailures = 10
	// rareTime is for a schedule that did not fail in that time, though it has.
	rareTime = 2 * time.Second
	// sequentialRuns is how often one worker runs what several have failed.
	sequentialRuns = 20
)

// examine looks at a failing run: if it is new it is confirmed, kept, shrunk,
// and kept again. It reports whether it was new.
//
// Once the search's time is up (ctx has ended) a failure that needs no further
// run to be sure of is still kept.
//
// Count is how many runs failed like that.
func (l *lane) examine(ctx context.Context, t *state, c candidate, f child.Found, count uint64) (isNew bool, err error) {
	signature := f.Verdict.Signature()
	if !l.claim(t, signature) {
		return false, nil
	}
	f, ok, err := confirm(ctx, l.session, child.Job{
		Target: t.target.Name, Schedule: c.schedule, Boundaries: t.space.Boundaries,
	}, f)
	if !ok {
		l.unclaim(t, signature)
		return false, err
	}
	finding := l.newFinding(t, c, f, signature)
	finding.Count = count
	if older, ok := l.kept(t, f.Verdict); ok {
		finding.Case, finding.Path, finding.Known, finding.Final = older, older.File, true, true
		l.publish(t, finding)
		return true, nil
	}
	l.keep(&finding, nil)
	l.publish(t, finding)
	if err := l.complete(ctx, t, &finding); err != nil && ctx.Err() == nil {
		return true, err
	}
	finding.Final = true
	l.tryLater(t, finding)
	l.publish(t, finding)
	return true, nil
}

// complete finds out what else there is to say of a finding: whether it needs
// concurrency, how often it happens, and the smallest schedule that has it.
func (l *lane) complete(ctx context.Context, t *state, f *Finding) error {
	kept := f.Case
	defer func() {
		if f.Case != kept {
			l.keep(f, kept)
		}
	}()
	if err := l.trySequential(ctx, t, f); err != nil {
		return err
	}
	rate, err := l.rate(ctx, t, f, rateTime)
	if err == nil && rate.Failed == 0 {
		rate, err = l.rate(ctx, t, f, rareTime)
	}
	if err != nil {
		return err
	}
	next := *f.Case
	if rate.Failed > 0 {
		next.Reproduced = rate
	} else { // it has failed once, and smaller schedules may do so more often
		next.Reproduced = next.Reproduced.Add(rate)
	}
	f.Case = &next
	if l.ShrinkTime > 0 {
		l.keep(f, kept) // with its rate, and as the one that smaller ones replace
		kept = f.Case
		err = l.shrink(ctx, t, f)
		kept = f.Case
	} else {
		f.Case, err = elsewhere(ctx, l.session, f.Case, t.space.Boundaries)
	}
	return err
}

// trySequential finds out whether one worker alone fails too.
func (l *lane) trySequential(ctx context.Context, t *state, f *Finding) error {
	sequential := f.Case.Schedule.Sequential(nil)
	outcome, err := l.session.Run(ctx, child.Job{
		Target: t.target.Name, Schedule: sequential, Count: max(sequentialRuns, 2*sequential.Rounds),
		Time: confirmTime, StopAfter: 1, Patience: patienceFor(f.Verdict), Known: true,
	})
	for _, found := range outcome.Found {
		if !sameRule(found.Verdict, f.Verdict) {
			continue
		}
		next := *f.Case
		next.Schedule, next.Verdict = sequential, found.Verdict
		next.History, next.Evidence = found.History, found.Evidence
		next.Verdict.Sequential = true
		f.Case, f.Verdict = &next, next.Verdict
		break
	}
	return err
}

// rate runs a finding's schedule to see how often it fails in that way.
func (l *lane) rate(ctx context.Context, t *state, f *Finding, limit time.Duration) (corpus.Rate, error) {
	rate, _, err := rateOf(ctx, l.session, f.Case, t.space.Boundaries, child.Job{Count: maxRuns, Time: limit, StopAfter: rateFailures})
	return rate, err
}

// matching counts the failing runs, by signature, that broke the same rule. The
// frames may differ: a smaller schedule can take another way into the same hole.
func matching(counts map[string]uint64, v oracle.Verdict) (n int) {
	v.Frames = nil
	rule := v.Signature()
	for signature, count := range counts {
		if signature == rule || strings.HasPrefix(signature, rule+"|") {
			n += int(count)
		}
	}
	return n
}
