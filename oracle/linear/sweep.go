package linear

import "math"

// A sweep finds out whether the key is absent as often as ops demand. That is the
// one thing that blocks do not settle, as the absent state, unlike a value, comes
// again, and who removed what tells nothing of who finds it gone.
//
// It goes through time with the state that the key is in, absent or held, and
// delays every point to the end of its time, so that the state changes only if it
// has to or if that is free:
//
//   - a point that needs the key absent and leaves it so (a miss) is free while
//     it is absent;
//   - a point that needs nothing and leaves a value (a store) is free while a
//     value is held;
//   - before something that will not leave the key absent, or needs nothing to
//     make it so, the insertion that is due first is free;
//   - if a point that is due needs the key absent and it is held, a removal is
//     spent: of those that may take effect now, the one that is due first. If
//     there is none, nothing can help.
//
// Each choice can be exchanged into any explanation there is: see docs/oracle.md.
type sweep struct {
	inserts heap // ends of open points that need the key absent and leave a value
	removes heap // ends of open points that need nothing and leave it absent
	misses  int64
	stores  int64 // earliest ends of the open points that look, or store; Pending if none is open
	absent  bool
}

// sweepAll sweeps the history, but for pieces that are searched.
func (c *Checker) sweepAll() bool {
	if !c.demanding() {
		return true
	}
	w := &c.sweep
	w.start(!c.initial.Present)
	points := c.points
	current := 0
	for n := 0; ; n++ {
		if len(c.pieces) > 0 && c.pieces[current].wild {
			end := c.pieces[current].zone
			if end == nobody {
				return true
			}
			for n = int(end); len(points) > 0 && points[0].a <= c.zones[n].f; {
				points = points[1:]
			}
			w.start(!c.zones[n].held)
			current++
			continue
		}
		for len(points) > 0 && (n == len(c.zones) || points[0].a <= c.zones[n].f) {
			if !w.run(points[0].a, false) {
				return c.tooOften()
			}
			w.open(&points[0])
			points = points[1:]
		}
		if n == len(c.zones) {
			if !w.run(math.MaxInt64, false) {
				return c.tooOften()
			}
			return true
		}
		z := &c.zones[n]
		if !w.run(z.f, true) || !w.pass(z) {
			return c.tooOften()
		}
		if z.cut {
			current++
		}
	}
}

// demanding reports whether there is anything to sweep for: an op that needs the
// key absent, and one that may leave a value.
func (c *Checker) demanding() bool {
	asks, held := false, c.initial.Present
	for n := range c.points {
		asks, held = asks || c.points[n].asks, held || c.points[n].held
	}
	for n := range c.zones {
		asks, held = asks || c.zones[n].asks, held || c.zones[n].held
	}
	return asks && held
}

// tooOften blames nobody: who asked once too often is a matter of taste.
func (c *Checker) tooOften() bool {
	c.accuse("the key was found absent more often than removals can explain")
	return false
}

func (w *sweep) start(absent bool) {
	w.inserts, w.removes = w.inserts[:0], w.removes[:0]
	w.misses, w.stores, w.absent = Pending, Pending, absent
}

// open admits a point whose time begins.
func (w *sweep) open(p *point) {
	switch {
	case p.asks && p.held:
		w.inserts.push(p.b)
	case p.asks:
		if !w.absent {
			w.misses = min(w.misses, p.b)
		}
	case p.held:
		if w.absent {
			w.stores = min(w.stores, p.b)
		}
	default:
		w.removes.push(p.b)
	}
}

// run does what is due before t, or at t if that is included.
func (w *sweep) run(t int64, included bool) bool {
	for {
		due, insert, remove := min(w.misses, w.stores), w.inserts.least(), w.removes.least()
		due = min(due, insert, remove)
		if due == Pending || due > t || due == t && !included {
			return true
		}
		switch due {
		case insert:
			if !w.clear() {
				return false
			}
			w.inserts.pop()
			w.hold()
		case remove:
			w.use()
			w.removes.pop()
			w.vacate()
		case w.misses:
			if !w.clear() {
				return false
			}
		default:
			w.use()
			w.hold()
		}
	}
}

// pass lets a zone hold the key.
func (w *sweep) pass(z *zone) bool {
	if z.asks && !w.clear() {
		return false
	}
	if !z.asks {
		w.use()
	}
	if z.held {
		w.hold()
	} else {
		w.vacate()
	}
	return true
}

// clear makes the key absent, if need be by a removal.
func (w *sweep) clear() bool {
	if w.absent {
		return true
	}
	if len(w.removes) == 0 {
		return false
	}
	w.removes.pop()
	w.vacate()
	return true
}

// use does, if the key is absent, what is free before it is no longer, or before
// it is made so again.
func (w *sweep) use() {
	if !w.absent {
		return
	}
	if len(w.inserts) > 0 {
		w.inserts.pop()
	}
	w.hold()
}

// vacate leaves the key absent, for all that look.
func (w *sweep) vacate() { w.absent, w.misses = true, Pending }

// hold leaves a value, and with it the stores that are open.
func (w *sweep) hold() { w.absent, w.stores = false, Pending }
