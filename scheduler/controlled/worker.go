package controlled

import "github.com/mapstress/mapstress/scheduler/strategy"

// A worker is a goroutine of the run: one of the schedule's, which are kept from run to run,
// or one that the target has started. Only one of them runs at a time, and whoever runs may
// use the engine and all of them.
type worker struct {
	id        int
	g         uintptr
	job       func() // of one of the schedule's
	done      bool
	parked    bool    // waits in the runtime
	suspended bool    // see Config.Suspend
	blocked   uintptr // the lock that it waits for
	pending   strategy.Point
	kind      uint32  // of the pending point, as the runtime numbers them
	addr      uintptr // of the pending point
	idle      int     // points in a row at which it wrote nothing
	vain      int     // how often it has yielded while another was suspended, since somebody wrote
	op        int     // which of its ops it is in; -1 is none
	outer     int     // the op whose function called that; -1 is none
	where     Place   // of the pending point, if there is a trace
}

// enoughVain is how often a worker may yield while another is suspended until it is taken to
// wait for that one.
const enoughVain = 3

func (w *worker) enabled() bool {
	return !w.done && !w.parked && w.blocked == 0 && !w.suspended && w.vain < enoughVain
}

// newWorker numbers a worker on.
func (e *Engine) newWorker(g uintptr) *worker {
	w := &worker{id: len(e.workers), g: g, op: -1, outer: -1}
	e.workers = append(e.workers, w)
	e.view.Pending = append(e.view.Pending, strategy.Point{})
	e.set(w, begins, 0, 0)
	e.changed = true
	return w
}

// set says what a worker does next.
func (e *Engine) set(w *worker, kind uint32, addr, size uintptr) {
	w.kind, w.addr = kind, addr
	w.pending = strategy.Point{Kind: kindOf[kind], Size: uint32(size)}
	if e.config.Addresses && e.recording && addr != 0 {
		var room uint64
		w.pending.Addr, room = e.numbers.of(addr)
		w.pending.Size = uint32(min(uint64(size), room))
	}
	e.view.Pending[w.id] = w.pending
}

// employ gives the schedule's workers jobs, the first of them the first one.
func (e *Engine) employ(jobs []func()) {
	for i, job := range jobs {
		w := e.workers[i]
		w.job, w.done, w.op, w.outer, w.idle, w.vain = job, false, -1, -1, 0, 0
		e.set(w, begins, 0, 0)
	}
	e.changed = true
}

// serve is one of the schedule's workers, from its first job until there is none.
func (e *Engine) serve(w *worker) {
	for w.job != nil {
		w.job()
		setBits(draws)
		w.done, e.changed = true, true
		e.leave()
	}
}

// leave goes on with somebody else, and returns when the worker has a new job.
func (e *Engine) leave() {
	e.hear()
	if next := e.next(false); next != nil && !e.finished() {
		e.cur = next
		switchTo(next.g)
		return
	}
	switchTo(e.home)
}

// finished reports whether all jobs are done; the target's goroutines need not be.
func (e *Engine) finished() bool {
	for _, w := range e.workers[:e.own] {
		if !w.done {
			return false
		}
	}
	return true
}

// adopt takes notice of goroutines that were started and woken.
func (e *Engine) adopt() {
	n := e.news
	listener, listens := e.strategy.(strategy.Listener)
	for _, g := range n.goes[:n.fresh] {
		w := e.newWorker(g)
		by := e.cur
		if e.firing {
			by = nil
		}
		e.enables(by, w)
		if listens && e.cur != nil {
			listener.Enable(e.cur.id, w.id)
		}
	}
	for _, woke := range n.woke[:n.woken] {
		w, by := e.byG(woke[1]), e.byG(woke[0])
		if w == nil {
			continue // of an earlier run
		}
		w.parked, e.changed = false, true
		if e.firing {
			by = nil
		}
		e.enables(by, w)
		if listens && by != nil {
			listener.Enable(by.id, w.id)
		}
	}
	n.count, n.fresh, n.woken = 0, 0, 0
}

func (e *Engine) byG(g uintptr) *worker {
	for _, w := range e.workers {
		if w.g == g && !w.done { // a goroutine that has ended may be used again
			return w
		}
	}
	return nil
}
