package child

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/scheduler/controlled"
	"github.com/mapstress/mapstress/scheduler/strategy"
)

// A Job is runs of one schedule.
type Job struct {
	Target     string
	Schedule   *scheduler.Schedule
	First      int                // number of the first run: another number, other chances
	Count      int                // how many runs
	Atomic     bool               // under the atomic clock
	StopAfter  int                // end after that many failing runs; 0 is never
	Known      bool               // that it fails is known: no Found is looked at for ClockFree, which takes time
	Time       time.Duration      // end after that much time; 0 is never
	Boundaries history.Boundaries // sizes at which the target grows
	// Patience is how long a child may make no progress before it is looked at;
	// 0 means the Config's. Less finds hangs sooner: locks that are never
	// released are proved as surely, but what is slow passes for a livelock, and
	// a timer for a channel that nobody feeds, after 16 times the patience. So
	// it is for hangs that are known to be.
	Patience time.Duration
	// Controlled, if not nil, has the workers run one at a time; it takes a child that was
	// built for that.
	Controlled *wire.Controlled
	// Found is told at once of the first failing run of each signature; nil: of
	// none.
	Found func(Found)
}

// A Found is one failing run.
type Found struct {
	Verdict  oracle.Verdict
	History  string // text form; of a run that ended its process, as far as it got
	Evidence string // what the process printed, if it ended of the run
	// ClockFree says that no clock had a part in the verdict.
	ClockFree bool
	Run       int // number of the run
	// Recipe is what it takes to make a controlled run again, and Trace its points, if
	// they were asked for.
	Recipe string
	Trace  []controlled.Step
}

// An Outcome is what came of a Job.
type Outcome struct {
	Tally  wire.Tally
	Seen   history.Seen      // what the runs have shown
	Counts map[string]uint64 // failing runs by Verdict.Signature
	Found  []Found           // the first failing run of each signature
	Deaths int               // children that died of their target
	Lost   int               // children that ended for a reason that was not the target's
	// Stalled is for how long the run under way had made no progress when ctx ended; 0 if that is
	// less than Patience.
	Stalled time.Duration
	Misfit  string // how a replay of a controlled run differed from it, if it did
	// Points has the traces of all runs, as in wire.Done.
	Points string
	// Exhausted says that the strategy of controlled runs has no further run to make.
	Exhausted bool
	Shares    wire.Shares    // of controlled runs, by their strategies
	Suspended int            // runs in which a worker was suspended, as the recipe wants it
	Explored  *wire.Explored // by the last child that was asked, of the strategy wire.Exhaustive
	CPU       time.Duration  // CPU time of the children
}

// Add adds what came of a further Job.
func (o *Outcome) Add(more *Outcome) {
	o.Tally.Add(more.Tally)
	o.Seen.Add(&more.Seen)
	if o.Counts == nil {
		o.Counts = map[string]uint64{}
	}
	for signature, n := range more.Counts {
		o.Counts[signature] += n
	}
	for _, f := range more.Found {
		if !slices.ContainsFunc(o.Found, func(g Found) bool { return g.Verdict.Same(f.Verdict) }) {
			o.Found = append(o.Found, f)
		}
	}
	if o.Misfit == "" {
		o.Misfit = more.Misfit
	}
	o.Exhausted = o.Exhausted || more.Exhausted
	o.Shares.Add(&more.Shares)
	o.Stalled = max(o.Stalled, more.Stalled)
	o.Deaths, o.Lost, o.CPU = o.Deaths+more.Deaths, o.Lost+more.Lost, o.CPU+more.CPU
}

// Run does a job. The children that die of it are replaced, and the job goes on
// with the next run. When ctx ends, Run returns what came of the job so far and
// ctx's error.
func (s *Session) Run(ctx context.Context, job Job) (Outcome, error) {
	r := &running{session: s, job: &job, outcome: Outcome{Counts: map[string]uint64{}}}
	started := time.Now()
	for first := job.First; first < job.First+job.Count; {
		left := job.Time - time.Since(started)
		if job.Time > 0 && left <= 0 || job.StopAfter > 0 && r.outcome.Tally.Failed >= uint64(job.StopAfter) {
			break
		}
		done, err := r.once(ctx, first, left)
		if done || err != nil {
			return r.outcome, err
		}
		first = job.First + int(r.outcome.Tally.Runs)
	}
	return r.outcome, nil
}

type running struct {
	session *Session
	job     *Job
	outcome Outcome
}

// once asks one child for the runs that are left, and says whether that was all.
// Each child that dies counts one run at least.
func (r *running) once(ctx context.Context, first int, left time.Duration) (done bool, err error) {
	p, err := r.session.process(ctx, kindFor(r.job.Schedule))
	if err != nil {
		return false, err
	}
	req := wire.Request{
		Do: wire.RunTask, Target: r.job.Target, Schedule: r.job.Schedule.Text(),
		First: first, Count: r.job.First + r.job.Count - first, Atomic: r.job.Atomic, Known: r.job.Known,
		Boundaries: r.job.Boundaries, Controlled: r.job.Controlled,
	}
	if r.job.StopAfter > 0 {
		req.StopAfter = r.job.StopAfter - int(r.outcome.Tally.Failed)
	}
	if r.job.Time > 0 {
		req.Millis = max(int(left.Milliseconds()), 1)
	}
	reported := map[string]bool{}
	answer, err := p.ask(ctx, asking{
		Request: req, runs: r.job.Schedule, patience: looks(r.patience()),
		doubtful: r.session.prepare,
		failed: func(f wire.Failure) {
			reported[f.Verdict.Signature()] = true
			r.found(Found{Verdict: f.Verdict, History: f.History, ClockFree: f.ClockFree, Run: f.Run, Recipe: f.Recipe, Trace: f.Trace})
		},
	})
	var refused *RequestError
	switch {
	case err == nil:
		r.session.garbled = 0
		r.outcome.CPU += p.used(time.Duration(answer.CPUMillis) * time.Millisecond)
		r.outcome.Tally.Add(answer.Tally)
		r.outcome.Seen.Add(&answer.Seen)
		for signature, n := range answer.Counts {
			r.outcome.Counts[signature] += n
		}
		if r.outcome.Misfit == "" {
			r.outcome.Misfit = answer.Misfit
		}
		r.outcome.Exhausted, r.outcome.Explored = answer.Exhausted, answer.Explored
		r.outcome.Points += answer.Points
		r.outcome.Suspended += answer.Suspended
		r.outcome.Shares.Add(&answer.Shares)
		if answer.Worn {
			r.session.discard()
		}
		return !answer.Worn, nil
	case errors.As(err, &refused):
		return false, err
	}
	defer r.session.discard()
	r.outcome.CPU += p.used(0)
	tally, seen, shares := p.journal.Tally(), p.journal.Seen(), p.journal.Shares()
	r.outcome.Seen.Add(&seen)
	r.outcome.Shares.Add(&shares)
	for signature := range reported {
		n := uint64(1) // at least; the exact count died with the child
		if len(reported) == 1 {
			n = max(n, tally.Failed)
		}
		r.outcome.Counts[signature] += n
	}
	return false, r.ended(p, tally, first, err)
}

func (r *running) patience() time.Duration {
	if r.job.Patience > 0 {
		return r.job.Patience
	}
	return r.session.patience
}

// found keeps and reports the first of each signature.
func (r *running) found(f Found) {
	for _, earlier := range r.outcome.Found {
		if earlier.Verdict.Same(f.Verdict) {
			return
		}
	}
	r.outcome.Found = append(r.outcome.Found, f)
	if r.job.Found != nil {
		r.job.Found(f)
	}
}

// ended says why a child ended before it was done, and counts the run that it
// was in.
func (r *running) ended(p *process, tally wire.Tally, first int, why error) error {
	defer func() { r.outcome.Tally.Add(tally) }()
	var verdict oracle.Verdict
	evidence := p.printed.text()
	var stalled *stall
	switch {
	case errors.As(why, &stalled):
		verdict = stalled.verdict
		evidence = strings.TrimLeft(evidence+"\n"+stalled.stacks, "\n")
	case errors.Is(why, errDied):
		var err error
		if verdict, err = autopsy(p); err != nil {
			return err
		}
	case p.garbage != nil:
		if r.session.garbled++; r.session.garbled == maxGarbled {
			return fmt.Errorf("%w (%d children in a row; does the target write to descriptors that it did not open?)", why, maxGarbled)
		}
	default: // ctx ended
		if p.idle >= r.patience() {
			r.outcome.Stalled = p.idle
		}
		return why
	}
	run := first + int(tally.Runs)
	if run < r.job.First+r.job.Count {
		r.countLast(p, &tally)
	} else {
		run-- // it was counted, and died when its map was closed
	}
	if !verdict.Class.Finding() {
		tally.Unknown++
		r.outcome.Lost++
		return nil
	}
	tally.Failed = min(tally.Failed+1, tally.Runs)
	if number := p.journal.Strategy(); number >= 0 {
		r.outcome.Shares[number].Add(wire.Share{Runs: 1, Failed: 1})
	}
	r.outcome.Deaths++
	r.outcome.Counts[verdict.Signature()]++
	found := Found{
		Verdict: verdict, History: partialHistory(p, r.job.Schedule),
		Evidence: evidence, ClockFree: true, Run: run, Recipe: r.recipe(p, run),
	}
	if c := r.job.Controlled; c != nil && c.Trace {
		found.Trace = p.journal.Record().Trace()
	}
	r.found(found)
	return nil
}

// countLast counts the run that a child ended in.
func (r *running) countLast(p *process, tally *wire.Tally) {
	overlap, seen := partialOverlap(p, r.job)
	r.outcome.Seen.Add(&seen)
	if overlap.Events > 0 {
		tally.Overlapped++
	}
	if overlap.Growth > 0 {
		tally.Growth++
	}
	tally.Runs++
	tally.Ops += uint64(r.job.Schedule.Ops())
}

// recipe returns what it takes to make the controlled run again of which a child died.
func (r *running) recipe(p *process, run int) string {
	c := r.job.Controlled
	if c == nil {
		return ""
	}
	record := p.journal.Record()
	name := c.Strategy
	if number := p.journal.Strategy(); number >= 0 {
		name = strategy.Name(number)
	}
	recipe := controlled.Recipe{
		Strategy: name, Seed: c.RunSeed(run), SyncOnly: c.SyncOnly, Racing: record.Racing(), Decisions: record.Decisions(),
	}
	if replayed, err := controlled.ParseRecipe(c.Recipe); c.Strategy == "" && err == nil {
		replayed.Decisions = recipe.Decisions
		recipe = *replayed
	}
	return recipe.String()
}

// maxGarbled is how many children in a row may send garbage, each of which loses
// a run, before the session gives up.
const maxGarbled = 3

// A BrokenError means that the tester's own part of a child failed.
type BrokenError struct{ Printed string }

func (e *BrokenError) Error() string {
	return fmt.Sprintf("mapstress itself failed in a child, which printed:\n%s", cutText(e.Printed, 4000))
}
