package scheduler

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// A worker calls its ops one after the other and logs them. Everything in it is
// written by its goroutine while a run is under way, and by the engine's
// between runs; the crew's counts order the two.
type worker struct {
	engine *Engine
	number int
	told   []history.Op // as the schedule and its histories have them
	ops    []history.Op // as they are called
	log    history.Log
	lanes  [2]*target.Map[uint64, uint64] // by lane
	m      *target.Map[uint64, uint64]    // the run's
	odd    *odd
	clock  history.Clock
	disturber
	held    bool                         // it is the stalled one
	inside  bool                         // in call
	wake    chan *sync.WaitGroup         // a run starts, done when the ops are; closed: there are no more
	ended   chan struct{}                // closed when its goroutine, if it is kept, has nothing more to do
	fresh   func()                       // what a new goroutine does, made once, so that go allocates nothing
	seen    []history.Contents           // by op: what Range yielded, what a clone held
	clones  []target.Map[uint64, uint64] // by op: what Clone returned
	answers []string                     // by op: what a Custom answered; nil if there is none
	reader  *reader
	pause   func()                            // pauseWithin, made once; nil if the plan disturbs nobody
	old     func(uint64, bool) (uint64, bool) // Compute's callback, made once
	oldOp   history.Op
	oldAt   int // which op it is
	callbacks
	oldOut  uint64
	oldOK   bool
	spread  int64         // when it was last told to, by its meeting
	claimed atomic.Uint64 // the last round in which somebody calls its ops
}

func newWorker(e *Engine, number int, ops []history.Op, log history.Log) *worker {
	w := &worker{engine: e, number: number, told: ops, ops: ops, log: log, odd: e.odd,
		held: e.schedule.Timing.Stalled == number+1,
		wake: make(chan *sync.WaitGroup), ended: make(chan struct{}),
		reader: e.reader.another()}
	w.enter(e.lane)
	w.m = w.lanes[e.lane.number]
	if t := &e.schedule.Timing; t.Gosched > 0 || t.Spin > 0 || w.held {
		w.pause = w.pauseWithin
	}
	w.fresh = func() { w.run(&e.crew.done) }
	if e.age != nil {
		w.ops = slices.Clone(ops) // each round has its own values
	}
	for _, op := range ops {
		if op.Kind == history.Range || op.Kind == history.Clone {
			w.seen = make([]history.Contents, len(ops))
			w.clones = make([]target.Map[uint64, uint64], len(ops))
			break
		}
	}
	if slices.ContainsFunc(ops, func(op history.Op) bool { return op.Kind == history.Custom }) {
		w.answers = make([]string, len(ops))
	}
	w.old = func(old uint64, loaded bool) (uint64, bool) {
		w.log.Called(w.oldAt)
		w.oldOut, w.oldOK = old, loaded
		return w.oldOp.Value, false
	}
	if w.callsBack = slices.ContainsFunc(ops, func(op history.Op) bool { return op.Inside || op.Panics }); w.callsBack {
		w.withFunctions()
	}
	return w
}

// prepare readies the worker for the run. The worker does it itself, so that what
// it needs is in its own processor's cache by the time it starts; fetching it
// takes longer than a short op.
func (w *worker) prepare() {
	next := &w.engine.crew.meeting.next
	w.clock = next.clock
	w.m = w.lanes[next.lane]
	w.log.Reset(next.turn)
	w.reset(&w.engine.schedule.Timing, w.number, next.number)
	if w.engine.age != nil {
		w.renumber(w.engine.age)
	}
}

// enter has the worker call the methods of a lane's maps.
func (w *worker) enter(l *lane) { w.lanes[l.number] = l.methods() }

// renumber gives the ops the values of the round.
func (w *worker) renumber(a *age) {
	for i, op := range w.told {
		w.ops[i].Value, w.ops[i].Old = a.value(op.Value), a.comparand(op)
	}
}

// serve runs a worker that is kept alive, parked between runs.
func (w *worker) serve() {
	defer close(w.ended)
	if w.held {
		holdBack()
	}
	for done := range w.wake {
		w.prepare()
		w.run(done)
	}
}

// spin runs a worker that is kept alive and awake between runs.
func (w *worker) spin(m *meeting) {
	defer close(w.ended)
	if w.held {
		holdBack()
	}
	for round := uint64(0); ; {
		switch occasion := m.attend(round, !w.held); occasion {
		case theEnd:
			return
		case aChore:
			m.chore.try()
			continue
		}
		round = m.round.Load()
		if !w.held {
			m.keepApart(w.number, &w.spread)
		}
		if w.claim(round) {
			w.come(m, round)
		}
	}
}

// come calls the worker's ops, and then those of others that have no processor.
func (w *worker) come(m *meeting, round uint64) {
	w.prepare()
	if w.held {
		m.follow()
	} else {
		m.meet(round)
	}
	w.call()
	m.finish()
	if !w.held {
		w.engine.crew.standIn(round)
	}
}

// claim reports whether the caller is to call the worker's ops in that round: its own goroutine, or
// another that stands in for it.
func (w *worker) claim(round uint64) bool {
	claimed := w.claimed.Load()
	return claimed < round && w.claimed.CompareAndSwap(claimed, round)
}

// run calls the ops of a worker that is counted in done.
func (w *worker) run(done *sync.WaitGroup) {
	w.call()
	done.Done()
}

// call calls every op once.
func (w *worker) call() {
	defer w.leave()
	w.inside = true
	lock := w.engine.schedule.Timing.Lock
	if lock {
		runtime.LockOSThread()
	}
	noise := w.engine.noise
	if noise != nil {
		noise.On(mix(w.rng))
	}
	switch {
	case w.callsBack:
		w.callWithin()
	case w.odd != nil:
		w.callOdd()
	default:
		w.callAll()
	}
	if noise != nil {
		noise.Off()
	}
	if lock {
		runtime.UnlockOSThread()
	}
	w.inside = false
}

// callAll is the loop of call for a schedule without odd keys.
func (w *worker) callAll() {
	for i, op := range w.ops {
		w.disturb()
		w.log.Begin(i, w.clock.Now())
		out, ok := w.do(i, op)
		w.log.End(i, w.clock.Now(), out, ok)
	}
}

// do makes one call. For kinds without an answer it returns zeros.
func (w *worker) do(i int, op history.Op) (out uint64, ok bool) {
	m := w.m
	switch op.Kind {
	case history.Load:
		return m.Load(op.Key)
	case history.Store:
		if m.Put != nil {
			return 0, m.Put(op.Key, op.Value)
		}
		m.Store(op.Key, op.Value)
	case history.LoadOrStore:
		return m.LoadOrStore(op.Key, op.Value)
	case history.LoadAndDelete:
		return m.LoadAndDelete(op.Key)
	case history.Delete:
		if m.Remove != nil {
			return 0, m.Remove(op.Key)
		}
		m.Delete(op.Key)
	case history.Swap:
		return m.Swap(op.Key, op.Value)
	case history.CompareAndSwap:
		return 0, m.CompareAndSwap(op.Key, op.Old, op.Value)
	case history.CompareAndDelete:
		return 0, m.CompareAndDelete(op.Key, op.Old)
	case history.Compute:
		w.oldOp, w.oldAt, w.oldOut, w.oldOK = op, i, 0, false
		m.Compute(op.Key, w.old)
		return w.oldOut, w.oldOK
	case history.Increment:
		m.Increment(op.Key)
	case history.Range:
		w.reader.pause = w.pause
		w.reader.entries(m, &w.seen[i])
		w.reader.pause = nil
	case history.Len:
		return uint64(m.Len()), true
	case history.IsEmpty:
		return 0, m.IsEmpty()
	case history.Clear:
		m.Clear()
	case history.Clone:
		w.clones[i] = m.Clone()
	case history.Custom:
		w.answers[i] = fmt.Sprint(custom(m, op.Name)(op.Key, op.Value))
	}
	return 0, false
}
