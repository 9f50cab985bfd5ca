package controlled

// current is the engine whose run is under way: the hook has no other way to find it.
var current *Engine

// hook is called at every point of the worker that runs, and returns when it may go on.
//
// Between it and the switch to another worker there are no functions that could be done
// without: a processor foresees where functions return to, but not on another stack.
func hook(addr, size, pc uintptr, kind uint32) {
	e := current
	e.hear()
	var where uint64
	if kind <= write {
		if !e.recording {
			return // one goroutine fills or reads the map: what it waits for, if anything, it synchronises with
		}
		k := e.places.of(pc)
		if k.skip {
			return
		}
		where = k.where
	}
	w := e.cur
	if e.goesOn(w, addr, size, kind, where) {
		return
	}
	if g := e.choose(w, e.stops(w, addr, size, kind)); g != 0 {
		switchTo(g)
	}
	if e.detecting && kind != lock && kind != block {
		if where == 0 && e.trace != nil {
			where = e.places.named(w.where)
		}
		e.passes(w, where)
	}
	if kind == unlock {
		e.give(addr)
	}
}

// spinsAfter is how many points in a row at which a worker writes nothing make it yield, unless
// the Config says otherwise, and again after a third of them: then it may be in a loop that
// waits for others.
const spinsAfter = 60

// goesOn notes what is not to be decided upon, and reports whether it is that.
func (e *Engine) goesOn(w *worker, addr, size uintptr, kind uint32, where uint64) bool {
	if e.detecting && (kind == taken || kind == touch || kind <= write && e.config.SyncOnly && !e.detector.Racing(where)) {
		if e.news.count > 0 {
			e.adopt()
		}
		e.set(w, kind, addr, size)
		if e.trace != nil && kind <= write {
			w.where = e.places.names[where]
			e.traced(w)
		}
		e.passes(w, where)
		if e.steps++; kind <= write && e.steps-e.since <= e.bound {
			return true
		}
	}
	switch kind {
	case taken:
		e.take(w, addr)
		return true
	case touch:
		return true
	case load, store, change, swap:
		if e.alone() {
			if e.steps++; e.steps-e.since > e.bound {
				e.fail(w)
			}
			e.quieten()
			return true
		}
	}
	return false
}

// stops notes what a worker is about to do, and reports whether it yields.
func (e *Engine) stops(w *worker, addr, size uintptr, kind uint32) (yields bool) {
	e.set(w, kind, addr, size)
	switch kind {
	case write, store, change, unlock:
		w.idle = 0
	case yield:
		yields = true
	default:
		if w.idle++; w.idle >= e.spins {
			w.idle, yields = e.spins-e.spins/3, true
			e.spun = e.spun || e.recording
		}
	}
	if e.config.Suspend != nil && e.recording {
		e.suspend(w, kind, yields)
	}
	if kind == block || kind == lock && e.holder(addr) != nil {
		w.blocked, e.changed = addr, true
	}
	if e.steps++; e.steps-e.since > e.bound {
		e.fail(w)
	}
	if e.trace != nil {
		w.where = place()
	}
	return yields
}

// alone reports whether a worker fills or reads the map by itself, and nobody else could go on:
// there is nothing to be decided, and nothing to be told.
func (e *Engine) alone() bool {
	n := e.news
	return !e.recording && !e.changed && len(e.view.Enabled) == 1 && n.count == 0 && (n.due == 0 || n.clock < n.due)
}

// quieten has the runtime tell nothing of accesses and atomics until something happens by which
// the worker is not alone any more, or it has had its points.
func (e *Engine) quieten() {
	e.granted = max(e.bound-(e.steps-e.since), 0)
	e.news.quiet = e.granted
}

// hear has the runtime tell all, and counts what it has not told.
func (e *Engine) hear() {
	if e.granted > 0 {
		e.steps += e.granted - e.news.quiet
		e.granted, e.news.quiet = 0, 0
	}
}

// choose lets the strategy choose who goes on, and returns the goroutine to switch to; 0 if it
// is w.
func (e *Engine) choose(w *worker, yields bool) (g uintptr) {
	if n := e.news; n.count > 0 || n.due != 0 && n.clock >= n.due {
		e.attend()
	}
	switch next := e.next(yields); {
	case next == w:
		return 0
	case next == nil:
		return e.home // who knows of timers, and of deadlocks
	default:
		e.cur = next
		return next.g
	}
}

// attend fires the timers that are due, and takes notice of what the runtime tells.
func (e *Engine) attend() {
	e.adopt()
	for n := e.news; n.due != 0 && n.clock >= n.due && e.fires(); {
	}
}

// fires fires the next timer, if there is one, and takes notice of what comes of it.
func (e *Engine) fires() bool {
	if !fire() {
		return false
	}
	e.firing = true
	e.adopt()
	e.firing = false
	return true
}

// next returns who goes on; nil if nobody can.
func (e *Engine) next(yields bool) *worker {
	if e.changed {
		e.look()
	}
	v := &e.view
	var w *worker
	switch len(v.Enabled) {
	case 0:
		return nil
	case 1:
		w = e.workers[v.Enabled[0]]
	default:
		v.Current, v.Stays, v.Yields = -1, false, yields
		if e.cur != nil {
			v.Current, v.Stays = e.cur.id, e.cur.enabled()
		}
		var id int
		if e.recording && e.steps-e.since > fairAfter {
			id = e.fair(v)
		} else if id = e.strategy.Pick(v); e.recording {
			e.decide(id)
		}
		w = e.workers[id]
	}
	e.strategy.Step(w.id, w.pending)
	if e.trace != nil {
		e.traced(w)
	}
	return w
}

// look finds those who can go on.
func (e *Engine) look() {
	e.changed = false
	e.view.Enabled = e.view.Enabled[:0]
	for _, w := range e.workers {
		if w.enabled() {
			e.view.Enabled = append(e.view.Enabled, w.id)
		}
	}
}

func (e *Engine) decide(id int) {
	e.decisions = append(e.decisions, id)
	if e.record != nil {
		e.record.add(id)
	}
}

// A holding is a lock that is held.
type holding struct {
	lock uintptr
	by   *worker
}

// holder returns who holds a lock; nil if nobody is known to.
func (e *Engine) holder(addr uintptr) *worker {
	for i := range e.held {
		if e.held[i].lock == addr {
			return e.held[i].by
		}
	}
	return nil
}

// take notes that a worker has a lock, for which all who want it now have to wait.
func (e *Engine) take(w *worker, addr uintptr) {
	e.held = append(e.held, holding{addr, w})
	for _, o := range e.workers {
		if o != w && o.kind == lock && o.addr == addr && o.blocked == 0 && !o.done {
			o.blocked, e.changed = addr, true
		}
	}
}

// give notes that a lock is given back.
func (e *Engine) give(addr uintptr) {
	for i := range e.held {
		if e.held[i].lock == addr {
			e.held = append(e.held[:i], e.held[i+1:]...)
			break
		}
	}
	for _, o := range e.workers {
		if o.blocked == addr {
			o.blocked, e.changed = 0, true
		}
	}
}

// Call implements scheduler.Conductor.
func (e *Engine) Call(worker, op int) int64 {
	w := e.workers[worker]
	w.op, w.outer = op, w.op
	if e.trace != nil {
		w.where = Place{}
	}
	e.set(w, call, 0, 0)
	if g := e.choose(w, false); g != 0 {
		switchTo(g)
	}
	e.stamp++
	setBits(draws | points | plain)
	return e.stamp
}

// Return implements scheduler.Conductor.
func (e *Engine) Return(worker, op int) int64 {
	setBits(draws)
	w := e.workers[worker]
	if e.trace != nil {
		w.where = Place{}
	}
	e.set(w, back, 0, 0)
	if g := e.choose(w, false); g != 0 {
		switchTo(g)
	}
	w.op, w.outer = w.outer, -1
	e.since = e.steps
	e.stamp++
	if w.op >= 0 {
		setBits(draws | points | plain) // back in the map, whose function it was
	}
	return e.stamp
}
