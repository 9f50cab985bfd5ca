package strategy

// A telling is a call of enable.
type telling struct {
	steps     int // that had been done by then
	by, other int
	clock     []uint32 // what by had done, and what came before that
}

// resume begins a run that does again what the last one did, up to so many steps, of which the
// order keeps all that it knows: in a depth first search, that is nearly the whole run. Where the
// run does otherwise after all, the rest is forgotten.
func (o *order) resume(steps int) {
	o.races = o.races[:0]
	told := 0 // what was told after the last of them is told again
	for told < len(o.told) && o.told[told].steps < steps {
		told++
	}
	o.rewind(steps, told)
	o.again, o.retold = 0, 0
}

// repeatStep reports whether a step is that of the last run.
func (o *order) repeatStep(worker int, p Point) bool {
	untold := o.retold < len(o.told) && o.told[o.retold].steps <= o.again
	if s := &o.steps[o.again]; s.worker == worker && s.p == p && !untold {
		o.again++
		return true
	}
	o.rewind(o.again, o.retold)
	return false
}

// repeatTelling reports whether the last run told the same at this point.
func (o *order) repeatTelling(by, other int) bool {
	if o.retold < len(o.told) {
		if t := &o.told[o.retold]; t.steps == o.again && t.by == by && t.other == other {
			o.retold++
			return true
		}
	}
	o.rewind(o.again, o.retold)
	return false
}

// rewind forgets all but so many steps, and all but so much of what was told.
func (o *order) rewind(steps, told int) {
	for len(o.steps) > steps {
		o.undo()
	}
	o.told, o.retold = o.told[:told], told
	clear(o.now)
	last, missing := o.until, o.stride // step of each worker, and 1
	clear(last)
	for k := len(o.steps); k > 0 && missing > 0; k-- {
		if w := o.steps[k-1].worker; last[w] == 0 {
			last[w] = uint32(k)
			copy(o.before(w), o.clock(k-1))
			missing--
		}
	}
	for _, t := range o.told {
		if t.steps >= int(last[t.other]) {
			merge(o.before(t.other), t.clock)
		}
	}
}
