package oracle

import (
	"fmt"
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle/linear"
	"github.com/mapstress/mapstress/target"
)

// Of a target's own methods there is a model, and nothing else is known. So keys that such
// an op touches are not for linear, which has to know what an op does; they are searched
// as a map is that is looked at as a whole, with the model for a step: each key by itself,
// or all together if an op concerns others than its own.

// model returns the model of a custom op, or nil.
func (j *Judge) model(name string) *target.Model {
	for i := range j.Models {
		if j.Models[i].Name == name {
			return &j.Models[i]
		}
	}
	return nil
}

// touchCustom notes that a custom op concerns its key, or all.
func (j *Judge) touchCustom(s *slot, e *history.Event) {
	switch m := j.model(e.Name); {
	case m == nil:
		s.unchecked = true
	case m.Whole:
		j.wholeCustom = true
	default:
		s.custom = true
	}
}

// run has a model do an op to a map. It reports whether the op, if it returned, answered
// as it must.
func (j *Judge) run(e *history.Event, m map[uint64]uint64) bool {
	model := j.model(e.Name)
	answer, err := model.Do(m, e.Key, e.Value)
	if err == nil {
		err = model.Strays(m, e.Key)
	}
	if err != nil && j.modelError == nil {
		j.modelError = err
	}
	return err == nil && (e.Ret == history.Pending || answer == e.Answer)
}

// custom does a custom op to the map of the replay.
func (r *replay) custom(e *history.Event) bool {
	model := r.judge.model(e.Name)
	if model == nil {
		return false
	}
	m := map[uint64]uint64{}
	concerns := func(i int) bool { return model.Whole || r.loads[i].Key == e.Key }
	for i, held := range r.state {
		if concerns(i) && held.Present {
			m[r.loads[i].Key] = held.Value
		}
	}
	if !r.judge.run(e, m) {
		return false
	}
	for i := range r.state {
		if !concerns(i) {
			continue
		}
		key := r.loads[i].Key
		if value, there := m[key]; there {
			r.put(&r.state[i], value)
		} else {
			r.remove(&r.state[i])
		}
		delete(m, key)
	}
	return len(m) == 0 // else it put in a key that was not read at rest
}

// customs checks the keys that custom ops touched.
func (j *Judge) customs(h *history.History) Verdict {
	if j.wholeCustom {
		other := func(s slot) bool { return !s.custom }
		if j.lossy() || slices.ContainsFunc(j.keys.slots, other) {
			return Verdict{Class: Clean} // of some key, nothing is promised
		}
		return j.searchCustom(h, j.keys.slots, "all keys together")
	}
	for i := range j.keys.slots {
		s := &j.keys.slots[i]
		if !s.custom || j.lossy() {
			continue
		}
		if v := j.searchCustom(h, j.keys.slots[i:i+1], fmt.Sprintf("k%d", s.key)); v.Class != Clean {
			return v
		}
	}
	return Verdict{Class: Clean}
}

// searchCustom looks for an order of the ops on those slots.
func (j *Judge) searchCustom(h *history.History, slots []slot, what string) Verdict {
	w := &j.whole
	w.judge, w.beyond = j, false
	w.steps, w.initial = w.steps[:0], w.initial[:0]
	for i := range slots {
		w.initial = append(w.initial, slots[i].initial)
	}
	j.customSteps(h, slots)
	outcome := w.check()
	switch {
	case outcome == linear.Ok:
		return Verdict{Class: Clean}
	case outcome == linear.Unknown || w.beyond || j.modelError != nil:
		return Verdict{Class: Unknown, Detail: what + ": too many ops overlap for the budget, or a model went beyond the keys that were looked at"}
	}
	w.dropObservers()
	v := corrupt(NonLinearizable, "")
	reading, names := "", []string{}
	for i := range w.steps {
		s := &w.steps[i]
		if s.event == atRest {
			reading = s.reading()
			continue
		}
		v.Events = append(v.Events, s.event)
		if s.custom != nil && !slices.Contains(names, s.custom.Name) {
			names = append(names, s.custom.Name)
		}
	}
	slices.Sort(v.Events)
	v.Events = slices.Compact(v.Events)
	v.Detail = fmt.Sprintf("%s: no order of these %d ops explains their answers%s, as the model of custom:%s has it",
		what, len(v.Events), reading, join(names))
	return v
}

func join(names []string) (text string) {
	for i, name := range names {
		switch {
		case i > 0 && i == len(names)-1:
			text += " and custom:"
		case i > 0:
			text += ", custom:"
		}
		text += name
	}
	return text
}

// customSteps makes the steps of the ops that concern the slots.
func (j *Judge) customSteps(h *history.History, slots []slot) {
	w, views := &j.whole, j.views
	at := func(key uint64) int { return slices.IndexFunc(slots, func(s slot) bool { return s.key == key }) }
	for i := range h.Events {
		e := &h.Events[i]
		s := step{event: i, inv: e.Inv, ret: e.Ret, kind: e.Kind, slots: slots}
		switch {
		case e.Kind.Keyed():
			if s.slot = at(e.Key); s.slot < 0 || e.Kind == history.Load && !j.checked(history.Load) {
				continue
			}
			op, says := normalise(e, false)
			if s.op = op; e.Kind == history.Custom {
				s.custom = e
			} else if !says {
				continue
			}
			w.steps = append(w.steps, s)
		case e.Kind == history.Clear && promise(&j.Contract, history.Clear).Level == target.Linearizable:
			w.steps = append(w.steps, s)
		case e.Kind == history.Clear:
			s.op, _ = normalise(e, false)
			w.eachSlot(s, slots)
		case len(views) > 0 && views[0].event == i:
			j.viewSteps(s, &views[0], slots)
			views = views[1:]
		}
	}
	if len(views) > 0 {
		w.steps = append(w.steps, step{event: atRest, inv: restTime, ret: restTime, view: &views[0], slots: slots})
	}
}

// eachSlot makes a step on each slot, as of a Clear that goes from key to key.
func (w *whole) eachSlot(s step, slots []slot) {
	s.kind = history.Delete
	for n := range slots {
		s.slot = n
		w.steps = append(w.steps, s)
	}
}

// viewSteps makes the steps of a look at many keys: one, or one for each key.
func (j *Judge) viewSteps(s step, v *view, slots []slot) {
	if promise(&j.Contract, s.kind).Level == target.Linearizable {
		s.view = v
		j.whole.steps = append(j.whole.steps, s)
		return
	}
	s.kind = history.Load
	for n := range slots {
		state, known := v.find(slots[n].key)
		if !known {
			continue
		}
		s.slot, s.op = n, linear.Op{Pre: linear.Absent}
		if state.Present {
			s.op.Pre, s.op.PreValue = linear.Is, state.Value
		}
		j.whole.steps = append(j.whole.steps, s)
	}
}

// apply does a step to the map of the configuration that is being made, and reports whether
// it answers as it did.
func (w *whole) apply(number int32) bool {
	if s := &w.steps[number]; s.custom == nil {
		return s.apply(w.after)
	}
	return w.applyCustom(&w.steps[number], w.after)
}

// applyCustom does a custom op to the map of a configuration, and reports whether it
// answers as it did.
func (w *whole) applyCustom(s *step, state []linear.State) bool {
	w.explored += 16 // what a model takes, at least
	model := w.judge.model(s.custom.Name)
	m := make(map[uint64]uint64, len(state))
	for i := range state {
		if state[i].Present && (model.Whole || i == s.slot) {
			m[s.slots[i].key] = state[i].Value
		}
	}
	if !w.judge.run(s.custom, m) {
		return false
	}
	left := len(m)
	for i := range state {
		if !model.Whole && i != s.slot {
			continue
		}
		value, there := m[s.slots[i].key]
		state[i] = linear.State{Value: value, Present: there}
		if there {
			left--
		}
	}
	w.beyond = w.beyond || left > 0
	return true
}
