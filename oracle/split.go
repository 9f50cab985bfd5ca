package oracle

import (
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle/linear"
)

// split sorts the history by key: it gives a slot to every key that an op
// touched or a view shows changed, and each slot its ops. Keys of the prefill
// that neither touched nor changed cost next to nothing.
//
// A Clear is a delete of each key, at any moment of its interval. That is all
// that level PerKey promises, and it is sound but not complete for an atomic
// Clear: a Clear that is not atomic is missed unless one key alone shows it.
func (j *Judge) split(h *history.History) {
	j.reset()
	clears := 0
	for i := range h.Events {
		e := &h.Events[i]
		if e.Inside {
			j.within(h.Events, i)
		}
		switch {
		case e.Kind.Keyed():
			j.touch(e)
		case e.Kind == history.Clear:
			clears++
			j.clearUnchecked = j.clearUnchecked || !j.checked(history.Clear)
		case e.Kind == history.Range || e.Kind == history.Clone:
			if j.seen(e.Kind) && e.Ret != history.Pending {
				j.addView(e.Seen, i, e.Inv, e.Ret)
			}
		}
	}
	j.addView(h.Rest, atRest, restTime, restTime)
	if clears > 0 || j.wholeCustom {
		for i := range h.Prefill {
			j.keys.add(h.Prefill[i].Key)
		}
	}
	if j.wholeCustom && h.Rest != nil {
		for i := range h.Rest.Loads {
			j.keys.add(h.Rest.Loads[i].Key)
		}
	}
	for i := range j.views {
		j.differences(&j.views[i], h.Prefill)
	}
	j.start(h.Prefill, clears+len(j.views))
	j.fill(h.Events)
}

func (j *Judge) reset() {
	j.keys.reset()
	j.views, j.entries, j.slotOf = j.views[:0], j.entries[:0], j.slotOf[:0]
	j.clearUnchecked, j.wholeCustom = false, false
}

// touch notes that a keyed event concerns its key.
func (j *Judge) touch(e *history.Event) {
	n := j.keys.add(e.Key)
	j.slotOf = append(j.slotOf, int32(n))
	s := &j.keys.slots[n]
	s.room++
	s.counted = s.counted || e.Kind == history.Increment
	if e.Kind == history.Custom {
		j.touchCustom(s, e)
	}
	s.unchecked = s.unchecked || e.Kind.Writes() && !j.checked(e.Kind) || e.Panics && !j.Contract.InCompute.Panics
}

// start sets each slot's initial state and reserves room for its ops: its own
// and one for each op on the whole map.
func (j *Judge) start(prefill []history.Entry, shared int) {
	total := 0
	for i := range j.keys.slots {
		s := &j.keys.slots[i]
		if at, ok := slices.BinarySearchFunc(prefill, s.key, compareKey); ok {
			s.initial = linear.State{Value: prefill[at].Value, Present: true}
		}
		s.room += shared
		s.unchecked = s.unchecked || j.clearUnchecked || s.counted && j.lossy()
		if (s.custom || j.wholeCustom) && !s.unchecked {
			s.custom, s.unchecked = true, true
		} else {
			s.custom = false
		}
		total += s.room
	}
	j.ops = slices.Grow(j.ops[:0], total)
	from := 0
	for i := range j.keys.slots {
		s := &j.keys.slots[i]
		s.ops = j.ops[from : from : from+s.room]
		from += s.room
	}
}

// fill deals the events out to the slots, in order of Inv.
func (j *Judge) fill(events []history.Event) {
	keyed, views := 0, j.views
	for i := range events {
		e := &events[i]
		switch {
		case e.Kind.Keyed():
			s := &j.keys.slots[j.slotOf[keyed]]
			keyed++
			if e.Kind == history.Load && !j.checked(history.Load) {
				continue
			}
			if op, ok := normalise(e, j.lossy()); ok {
				op.ID = i
				s.ops = append(s.ops, op)
			}
		case e.Kind == history.Clear:
			op, _ := normalise(e, j.lossy())
			op.ID = i
			for n := range j.keys.slots {
				j.keys.slots[n].ops = append(j.keys.slots[n].ops, op)
			}
		case len(views) > 0 && views[0].event == i:
			j.sight(&views[0])
			views = views[1:]
		}
	}
	if len(views) > 0 {
		j.sight(&views[0])
	}
}

// sight adds the view's sighting of each slot's key.
func (j *Judge) sight(v *view) {
	for n := range j.keys.slots {
		s := &j.keys.slots[n]
		state, known := v.find(s.key)
		if !known || !state.Present && j.lossy() {
			continue
		}
		op := linear.Op{Inv: v.inv, Ret: v.ret, ID: v.event, Pre: linear.Absent}
		if state.Present {
			op.Pre, op.PreValue = linear.Is, state.Value
		}
		s.ops = append(s.ops, op)
	}
}
