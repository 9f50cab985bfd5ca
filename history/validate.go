package history

import "fmt"

// Validate says what no recorder of a real run can have written, if anything: an op
// that returned before it was called, events that are not in order of their calls,
// a worker in two calls at once, or readings at rest that leave out a key of the run.
func (h *History) Validate() error {
	var v Validator
	for _, e := range h.Prefill {
		v.Prefill(e)
	}
	for i := range h.Events {
		if err := v.Event(&h.Events[i]); err != nil {
			return err
		}
	}
	return v.Rest(h.Rest)
}

// A Validator is Validate for a history that is not held in memory: it is shown its
// parts in their order. It keeps each worker's last event, and each key.
type Validator struct {
	before map[int]Event // the last of each worker that was not inside another
	inside map[int]Event // the last of each worker inside that
	inv    int64
	named  map[uint64]string // keys, and what names them
}

// Prefill takes an entry of the prefill.
func (v *Validator) Prefill(e Entry) { v.name(e.Key, "the prefill") }

func (v *Validator) name(key uint64, by string) {
	if v.named == nil {
		v.named = map[uint64]string{}
	}
	if _, known := v.named[key]; !known {
		v.named[key] = by
	}
}

// Event takes the next event, and says what is wrong with it.
func (v *Validator) Event(e *Event) error {
	if v.before == nil {
		v.before, v.inside, v.inv = map[int]Event{}, map[int]Event{}, e.Inv
	}
	if e.Inside {
		return v.nested(e)
	}
	before, called := v.before[e.Worker]
	switch {
	case e.Ret < e.Inv:
		return fmt.Errorf("%s returned at %d, before it was called at %d", e, e.Ret, e.Inv)
	case e.Inv < v.inv:
		return fmt.Errorf("%s of %d comes after an event of %d; want them in order of their calls", e, e.Inv, v.inv)
	case called && before.Ret == Pending:
		return fmt.Errorf("w%d calls %s at %d, though its %s never returned", e.Worker, e.Op, e.Inv, before.Op)
	case called && e.Inv < before.Ret:
		return fmt.Errorf("w%d calls %s at %d, before its %s returns at %d; want one call at a time of each worker", e.Worker, e.Op, e.Inv, before.Op, before.Ret)
	}
	v.before[e.Worker] = *e
	delete(v.inside, e.Worker)
	v.take(e)
	return nil
}

func (v *Validator) take(e *Event) {
	v.inv = e.Inv
	if _, known := v.named[e.Key]; !known && e.Kind.Keyed() {
		v.name(e.Key, e.String())
	}
}

// nested takes an event that is inside the worker's last one that is not.
func (v *Validator) nested(e *Event) error {
	outer, called := v.before[e.Worker]
	before, second := v.inside[e.Worker]
	switch {
	case !called || !outer.Kind.Calls():
		return fmt.Errorf("%s of %d is inside no compute or range of w%d", e, e.Inv, e.Worker)
	case e.Inv < outer.Inv || e.Ret > outer.Ret:
		return fmt.Errorf("%s of %d is not within the interval of w%d's %s of %d", e, e.Inv, e.Worker, outer.Op, outer.Inv)
	case e.Ret < e.Inv || e.Inv < v.inv || second && (before.Ret == Pending || e.Inv < before.Ret):
		return fmt.Errorf("%s of %d is not in order; want the ops inside another one after the other", e, e.Inv)
	}
	v.inside[e.Worker] = *e
	v.take(e)
	return nil
}

// Keys returns how many keys the prefill and the events name, and Workers how many
// have called.
func (v *Validator) Keys() int    { return len(v.named) }
func (v *Validator) Workers() int { return len(v.before) }

// Rest takes what was read at rest, or nil, after all events. Readings must be of every
// key: they count as the whole map.
func (v *Validator) Rest(c *Contents) error {
	if c == nil || c.Loads == nil {
		return nil
	}
	read := map[uint64]bool{}
	for i, r := range c.Loads {
		if i > 0 && r.Key <= c.Loads[i-1].Key {
			return fmt.Errorf("at rest k%d is read after k%d; want each key once, in ascending order", r.Key, c.Loads[i-1].Key)
		}
		read[r.Key] = true
	}
	missed, by := uint64(0), ""
	for key, who := range v.named {
		if !read[key] && (by == "" || key < missed) {
			missed, by = key, who
		}
	}
	if by != "" {
		return fmt.Errorf("at rest k%d is not read, which %s names; want every key of the run, or none", missed, by)
	}
	return nil
}
