// Package controlled runs schedules one worker at a time.
//
// In a program that package instrument has built, a goroutine stops at every access to
// memory, atomic op, lock and wait; a strategy then says who goes on. What a run does
// depends on the decisions alone, so that the same decisions make the same run.
//
// It knows nothing of what maps promise, nor of how a strategy comes by its decisions. The
// goroutines that a target starts are workers, too. In a program built without hooks the
// package compiles, and no Engine can be made.
package controlled

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/scheduler/hb"
	"github.com/mapstress/mapstress/scheduler/strategy"
	"github.com/mapstress/mapstress/target"
)

// ErrNoHooks means that the program was not built for this.
var ErrNoHooks = errors.New("this program was built without hooks at memory accesses, so nobody can decide who runs next; mapstress builds one that has them")

// A Config says how an Engine runs. The zero Config is valid.
type Config struct {
	// Steps is how many points there may be without the return of an op; 0 means 1,048,576.
	// A run that has more is taken for a livelock: it went on although, for most of them,
	// all workers had the same share.
	Steps int
	// Addresses says that strategies are told at which addresses workers are about to be.
	Addresses bool
	// Races says that data races are looked for.
	Races bool
	// SyncOnly, with Races, has workers stop at plain accesses only where these have raced
	// in an earlier run: see package hb for why that is enough.
	SyncOnly bool
	// Spins is after how many points in a row at which it wrote nothing a worker yields; 0 means
	// 60. It may be in a loop that waits for others.
	Spins int
	// Suspend, if not nil, stops a worker in each run, for as long as others can go on: those
	// who come to wait for it are told of in Run.Waited.
	Suspend *Suspend
	// Record, if not nil, also gets the decisions of the run under way, and its trace.
	Record *Record
}

const defaultSteps = 1 << 20

// An Engine runs one schedule again and again. It is for one goroutine, and there must be
// one Engine at a time.
type Engine struct {
	inner  *scheduler.Engine
	config Config
	bound  int
	spins  int
	spun   bool // in this run somebody has, by then

	daemons   map[string]int // goroutines that are left of a map that is only made and closed, by who starts them
	left      int            // points until one worker is suspended
	suspended *worker        // nil: nobody is
	waited    []Waiting

	news    *news
	home    uintptr // the goroutine that drives the workers
	workers []*worker
	own     int     // how many of them, the first ones, are the schedule's
	cur     *worker // who runs, or ran last
	held    []holding
	numbers numbers
	places  places

	detector  hb.Detector
	stacks    stacks
	detecting bool
	firing    bool
	placed    int               // how many places were racing when they were last noted
	frozen    map[uint64]string // the racing places that were given

	strategy  strategy.Strategy
	recording bool
	decisions strategy.Decisions
	record    *Record
	view      strategy.View
	changed   bool // who can go on may have
	steps     int
	granted   int // of steps that the runtime need not tell; see news.quiet
	since     int // steps by the last return of an op
	turn      int // steps by the beginning of the fair turn under way
	stamp     int64
	trace     *Trace
	stuck     *Stuck
}

// New makes an engine for a valid schedule. Logs and phase are as in scheduler.NewEngine.
// The schedule's timing plan counts for nothing.
func New(v *target.Variant, s *scheduler.Schedule, logs scheduler.Logs, phase func(scheduler.Phase), c Config) (*Engine, error) {
	if !Available {
		return nil, ErrNoHooks
	}
	c.Addresses = c.Addresses || c.Races
	e := &Engine{config: c, bound: c.Steps, spins: c.Spins, own: len(s.Workers), record: c.Record}
	if e.bound <= 0 {
		e.bound = defaultSteps
	}
	if e.spins <= 0 {
		e.spins = spinsAfter
	}
	current = e
	e.news = setup(hook)
	e.home = self()
	for range s.Workers {
		w := e.newWorker(0)
		w.done = true
		w.g = start(func() { e.serve(w) })
	}
	e.reset(0)
	var err error
	if e.inner, err = scheduler.NewConducted(v, s, logs, phase, e); err == nil && e.stuck == nil {
		e.daemons = e.settle()
	}
	return e, err
}

// Close ends the workers of an engine whose last run came to its end.
func (e *Engine) Close() {
	for _, w := range e.workers[:e.own] {
		if w.job = nil; w.done {
			switchTo(w.g)
		}
	}
}

// A Run is what came of one run. It is valid until the next one.
type Run struct {
	// History has logical stamps. It has no Rest if the run came to no end; then Stuck says
	// why, and the process is of no further use.
	History   *history.History
	Stuck     *Stuck
	Decisions strategy.Decisions
	Steps     int
	Trace     *Trace
	Races     []Race
	// Suspended says that a worker was, and Waited are the others that came to wait for it
	// then. For is how: for the lock of that worker, or in a loop.
	Suspended bool
	Waited    []Waiting
	Left      []string // functions that started goroutines which were still there when all was over
	Spun      bool     // a worker yielded since it only read
	Racing    []string // the places at which it was decided who goes on, as they had raced before
}

// Run runs the schedule once. The seed is for what the target draws: hash seeds, the cases
// of a select, random numbers. It returns nil if the strategy has no further run to make.
func (e *Engine) Run(s strategy.Strategy, seed uint64, traced bool) (*Run, error) {
	e.reset(seed)
	if traced {
		e.trace = newTrace()
	}
	if !s.Begin(e.own) {
		return nil, nil
	}
	e.strategy = s
	h, whole, err := e.inner.Conduct()
	if err != nil {
		return nil, err
	}
	if l, ok := s.(strategy.Listener); ok && !whole {
		for _, w := range e.workers {
			if !w.done {
				l.Left(w.id, w.pending)
			}
		}
	}
	s.Finish()
	var left []string
	if whole && len(e.workers) > e.own && e.daemons != nil {
		left = e.leftMore()
	}
	if !whole && e.stuck == nil {
		return nil, errors.New("the run came to no end for no reason")
	}
	if !whole && e.trace != nil {
		e.unfinished()
	}
	return &Run{
		History: h, Stuck: e.stuck, Decisions: e.decisions, Steps: e.steps, Trace: e.trace,
		Races: e.races(), Racing: e.racing(), Spun: e.spun,
		Suspended: e.config.Suspend != nil && e.left <= 0, Waited: e.waited, Left: left,
	}, nil
}

// reset forgets the last run.
func (e *Engine) reset(seed uint64) {
	begin(seed)
	e.numbers.reset()
	e.workers, e.view.Pending = e.workers[:e.own], e.view.Pending[:e.own]
	e.held, e.decisions, e.cur = e.held[:0], e.decisions[:0], nil
	e.steps, e.since, e.turn, e.stamp, e.changed = 0, 0, 0, 0, true
	e.trace, e.stuck, e.spun = nil, nil, false
	e.suspended, e.waited, e.left = nil, nil, 0
	for _, w := range e.workers {
		w.suspended = false
	}
	if e.config.Suspend != nil {
		e.left = e.config.Suspend.Point
	}
	if e.record != nil {
		e.record.reset()
	}
}

// Together implements scheduler.Conductor.
func (e *Engine) Together(calls []func()) bool {
	e.recording, e.cur = true, nil
	e.employ(calls)
	e.began()
	e.detecting = e.config.Races
	ok := e.drive()
	e.recording, e.detecting = false, false
	return ok
}

// drive runs the workers until all jobs are done; false if they never will be. It runs when
// no worker can go on by itself, or one has parked.
func (e *Engine) drive() bool {
	if e.stuck != nil {
		return false
	}
	setBits(draws)
	defer setBits(0)
	for outside := 0; ; {
		e.hear()
		e.attend()
		if e.finished() {
			return true
		}
		if e.stuck != nil {
			return false
		}
		next := e.next(false)
		if next == nil {
			switch {
			case e.release():
			case e.fires():
			case outside < maxOutside: // the program's own goroutines may yet wake one
				outside++
				time.Sleep(time.Millisecond)
			default:
				e.stuck = &Stuck{Rule: Deadlock, Who: e.waiting()}
				return false
			}
			continue
		}
		outside = 0
		e.goOn(next)
	}
}

// goOn switches to a worker, and returns when nobody can go on by himself, or one has parked or
// ended.
func (e *Engine) goOn(w *worker) {
	e.cur = w
	switch switchTo(w.g) {
	case parked:
		e.cur.parked = isParked(e.cur.g)
		e.set(e.cur, wait, 0, 0)
	case ended:
		e.cur.done = true
	}
	e.changed = true
}

// maxOutside is for how many milliseconds goroutines that are not the run's are waited for.
const maxOutside = 3

// fail ends the run of a worker that has used up the steps of all, and does not return.
func (e *Engine) fail(w *worker) {
	e.stuck = &Stuck{Rule: Livelock, Steps: e.bound, Who: e.waiting()}
	for {
		switchTo(e.home)
	}
}

// Why a run came to no end.
const (
	Deadlock = "deadlock"
	Livelock = "livelock"
)

// A Stuck says why a run came to no end.
type Stuck struct {
	Rule  string // Deadlock or Livelock
	Steps int    // of a livelock, the bound that was reached
	Who   []Waiting
}

// A Waiting is a worker that has not come to its end.
type Waiting struct {
	Worker int
	Op     int    // which one it is in; -1 is none
	For    string // "a lock that w1 holds", "chan receive"; empty if it could go on
	Where  Place  // known of a run with a trace only
}

// waiting lists the workers that are not done. Goroutines of the target that merely wait
// are none of them.
func (e *Engine) waiting() (who []Waiting) {
	for _, w := range e.workers {
		if w.done || w.id >= e.own && w.blocked == 0 {
			continue
		}
		v := Waiting{Worker: w.id, Op: w.op, Where: w.where}
		switch {
		case w.blocked != 0:
			v.For = "a lock that nobody gives back"
			if by := e.holder(w.blocked); by == w {
				v.For = "a lock that it holds itself"
			} else if by != nil {
				v.For = fmt.Sprintf("a lock that w%d holds", by.id)
			}
		case w.parked:
			v.For = reason(w.g)
		}
		who = append(who, v)
	}
	return who
}

// String tells it in one sentence.
func (s *Stuck) String() string {
	var parts []string
	for _, w := range s.Who {
		part := fmt.Sprintf("w%d ", w.Worker)
		if w.For == "" {
			part += "goes on for ever"
		} else {
			part += "waits for " + w.For
		}
		if w.Where.File != "" {
			part += " at " + w.Where.String()
		}
		parts = append(parts, part)
	}
	text := strings.Join(parts, "; ")
	if s.Rule == Livelock {
		text = fmt.Sprintf("no op has returned for %d points: %s", s.Steps, text)
	}
	return text
}
