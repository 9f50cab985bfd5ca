package controlled

// suspend stops the worker that is to be, once it is at its point, and keeps account of those
// who may wait for it in a loop.
func (e *Engine) suspend(w *worker, kind uint32, yields bool) {
	if w.id == e.config.Suspend.Worker && w.op >= 0 {
		if e.left--; e.left == 0 {
			w.suspended, e.suspended, e.changed = true, w, true
		}
	}
	if e.suspended == nil {
		return
	}
	switch kind {
	case write, store, change, unlock:
		for _, o := range e.workers {
			if o != w && o.vain > 0 {
				o.vain, e.changed = 0, true
			}
		}
	}
	if yields && w != e.suspended {
		w.vain++
		e.changed = true
	}
}

// release lets the suspended worker go on, now that nobody else can, and notes who waits for
// it; false if nobody is suspended.
func (e *Engine) release() bool {
	if e.suspended == nil {
		return false
	}
	for _, v := range e.waiting() {
		w := e.workers[v.Worker]
		if w == e.suspended || w.id >= e.own || w.op < 0 {
			continue
		}
		if w.vain >= enoughVain {
			v.For = "what it reads to change"
		}
		e.waited = append(e.waited, v)
	}
	for _, w := range e.workers {
		w.vain = 0
	}
	e.suspended.suspended = false
	e.suspended, e.changed = nil, true
	return true
}
