package search

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
)

// ExploreConfig says what to explore. Child must be built for controlled runs.
type ExploreConfig struct {
	Child  child.Config
	Target wire.Description
	Bounds scenarios.Bounds
	// Preemptions is how many a run has at most; less than 0 is any number. A preemption is a
	// switch from a worker that could have gone on.
	Preemptions int
	Duration    time.Duration // 0: no end
	// LockFreeReads holds a Load to returning wherever another worker has stopped, even if the
	// target's contract does not promise it.
	LockFreeReads bool
	// From is how many schedules to leave out at first, which an earlier exploration went through.
	From int
	// KeepGoing explores on after a finding, but for the schedule that has it.
	KeepGoing  bool
	Seed       uint64 // of what the target draws
	Store      *corpus.Store
	OnFinding  func(Finding)  // as in Config
	OnProblem  func(error)    // likewise
	OnProgress func(Explored) // every 3 s
}

// Explored is what an exploration came to.
type Explored struct {
	Target      string `json:"target"`
	Unsafe      bool   `json:"unsafe"`
	Preemptions int    `json:"preemptions"` // less than 0 is any number
	// Of so many Schedules within the bounds, so many were Explored: every run up to the bound on
	// preemptions was made, or one that is equivalent. In Complete of them more preemptions
	// would show nothing new.
	Schedules int        `json:"schedules"`
	Explored  int        `json:"explored"`
	Complete  int        `json:"complete"`
	From      int        `json:"from"` // of Schedules, those that were left out at first
	Next      int        `json:"next"` // and those at first that it is through with: the From to go on with
	Tally     wire.Tally `json:"runs"`
	// Redundant runs turned out to be equivalent to another, and Most is how many runs the
	// schedule took that took most.
	Redundant   uint64             `json:"redundant"`
	Most        uint64             `json:"most"`
	Stops       int                `json:"stops"`            // points at which a worker was stopped to see whether reads return
	Doubts      []string           `json:"doubts,omitempty"` // why what looks explored was not counted, each once
	CPU         Duration           `json:"cpu"`
	Elapsed     Duration           `json:"elapsed"`
	Interrupted bool               `json:"interrupted"`
	Environment corpus.Environment `json:"environment"`
	Findings    []Finding          `json:"findings"`
}

// Whole says that all schedules were explored, and found clean.
func (e *Explored) Whole() bool {
	return e.Explored == e.Schedules-e.From && len(e.Findings) == 0 && e.Tally.Unknown == 0
}

// Explore makes all runs of all schedules within the bounds, each schedule by itself, on as
// many processors as there are. An error means that it could not do its work; even then what
// was explored is returned, unless it is nil.
func Explore(ctx context.Context, c ExploreConfig) (*Explored, error) {
	space := spaceFor(&c.Target, history.Boundaries{})
	all, err := scenarios.Every(space, c.Bounds)
	if err != nil {
		return nil, fmt.Errorf("target %s: %w", c.Target.Name, err)
	}
	if c.From < 0 || c.From >= len(all) {
		return nil, fmt.Errorf("target %s: %d of its schedules left out; want a number from 0 to %d", c.Target.Name, c.From, len(all)-1)
	}
	x := &exploration{c: c, schedules: all, next: c.From, through: make([]bool, len(all)), so: Explored{
		Target: c.Target.Name, Unsafe: c.Target.Contract.Unsafe, Preemptions: c.Preemptions, Schedules: len(all), From: c.From, Next: c.From, Findings: []Finding{},
	}}
	const shrinkTime = 5 * time.Second
	x.s = &search{started: time.Now(), whole: ctx, decided: shrinkTime, Config: Config{
		Targets: []wire.Description{c.Target}, Engine: Controlled, Store: c.Store, Seed: c.Seed, StopOnFinding: !c.KeepGoing,
		ShrinkTime: shrinkTime, OnFinding: c.OnFinding, OnProblem: c.OnProblem,
	}}
	x.t = newState(&x.s.Config, &c.Target)
	x.t.space = space
	limited, cancel := context.WithCancel(ctx)
	if c.Duration > 0 {
		limited, cancel = context.WithTimeout(ctx, c.Duration)
	}
	defer cancel()
	x.s.stop = cancel
	if x.holds() {
		x.s.fail(x.inLane(limited, func(l *lane) error { return x.holdReads(limited, l) }))
	}
	var lanes, progress sync.WaitGroup
	for range min(runtime.NumCPU(), len(all)) {
		lanes.Add(1)
		go func() {
			defer lanes.Done()
			x.s.fail(x.inLane(limited, func(l *lane) error { return x.lane(limited, l) }))
		}()
	}
	over := make(chan struct{})
	progress.Add(1)
	go func() {
		defer progress.Done()
		x.report(over)
	}()
	lanes.Wait()
	close(over)
	progress.Wait()
	so := x.sum()
	so.Interrupted = ctx.Err() != nil
	return &so, x.s.failed
}

// An exploration is one under way.
type exploration struct {
	c         ExploreConfig
	s         *search
	t         *state
	schedules []*scheduler.Schedule

	mu      sync.Mutex
	next    int      // guarded by mu; the schedule that nobody has taken
	through []bool   // guarded by mu; which schedules have come to their end
	so      Explored // guarded by mu
}

// take returns the number of a schedule that nobody has taken, or false if there is none.
func (x *exploration) take() (n int, ok bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.next == len(x.schedules) {
		return 0, false
	}
	x.next++
	return x.next - 1, true
}

// pass says that a schedule has come to its end.
func (x *exploration) pass(n int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.through[n] = true
	for x.so.Next < len(x.through) && x.through[x.so.Next] {
		x.so.Next++
	}
}

// inLane does something in a lane with a session of its own.
func (x *exploration) inLane(ctx context.Context, do func(*lane) error) error {
	session, err := child.NewSession(x.c.Child)
	if err != nil {
		return err
	}
	defer session.Close()
	hello, err := session.Hello(ctx)
	if err != nil {
		return err
	}
	if !hello.Hooks {
		return ErrNoHooks
	}
	x.s.setEnvironment(hello)
	return do(&lane{search: x.s, session: session, goVersion: hello.GoVersion})
}

// lane explores one schedule after the other.
func (x *exploration) lane(ctx context.Context, l *lane) error {
	for ctx.Err() == nil {
		n, ok := x.take()
		if !ok {
			return nil
		}
		if err := x.explore(ctx, l, n); err != nil {
			return err
		}
	}
	return nil
}

// explore makes all runs of one schedule, until one fails.
func (x *exploration) explore(ctx context.Context, l *lane, n int) error {
	schedule := x.schedules[n]
	outcome, err := l.session.Run(ctx, child.Job{
		Target: x.t.target.Name, Schedule: schedule, Count: maxRuns, StopAfter: 1,
		Controlled: &wire.Controlled{Strategy: wire.Exhaustive, Seed: x.c.Seed, Races: true, SyncOnly: true, Preemptions: x.c.Preemptions},
	})
	x.count(&outcome)
	if outcome.Exhausted || ctx.Err() == nil { // whatever came of it, a doubt, too
		x.pass(n)
	}
	l.record(x.t, &outcome)
	for _, f := range outcome.Found {
		_, failed := l.examineControlled(ctx, x.t, candidate{schedule: schedule, scenario: "every"}, f, outcome.Counts[f.Verdict.Signature()])
		if failed != nil && err == nil {
			err = failed
		}
	}
	return err
}

// count adds what came of one schedule.
func (x *exploration) count(o *child.Outcome) {
	x.mu.Lock()
	defer x.mu.Unlock()
	so := &x.so
	so.Most = max(so.Most, o.Tally.Runs)
	e := o.Explored
	if e == nil {
		return
	}
	so.Redundant += uint64(e.Redundant)
	switch {
	case e.Doubt != "":
		x.doubt(e.Doubt)
	case o.Exhausted && o.Tally.Failed == 0 && uint64(e.Runs) < o.Tally.Runs:
		x.doubt("a child had to be replaced, and what it had explored was lost")
	case o.Exhausted && o.Tally.Failed == 0 && e.Ended:
		so.Explored++
		if e.Complete {
			so.Complete++
		}
	}
}

// maxDoubts is how many doubts are told.
const maxDoubts = 5

func (x *exploration) doubt(why string) {
	for _, known := range x.so.Doubts {
		if known == why {
			return
		}
	}
	if len(x.so.Doubts) < maxDoubts {
		x.so.Doubts = append(x.so.Doubts, why)
	}
}

// sum is what it came to by now.
func (x *exploration) sum() Explored {
	x.mu.Lock()
	so := x.so
	x.mu.Unlock()
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	r := &x.t.report
	so.Tally, so.CPU, so.Environment = r.Tally, r.CPU, x.s.environment
	so.Findings = append([]Finding{}, r.Findings...)
	so.Elapsed = Duration(time.Since(x.s.started))
	return so
}

// report tells the observer where it is, until over is closed.
func (x *exploration) report(over <-chan struct{}) {
	if x.c.OnProgress == nil {
		return
	}
	ticker := time.NewTicker(3 * time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			x.c.OnProgress(x.sum())
		case <-over:
			return
		}
	}
}
