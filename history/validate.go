package history

import "fmt"

// Validate says what no recorder of a real run can have written, if anything: an op
// that returned before it was called, events that are not in order of their calls,
// a worker in two calls at once, or readings at rest that leave out a key of the run.
func (h *History) Validate() error {
	last := map[int]*Event{} // by worker
	for i := range h.Events {
		e := &h.Events[i]
		switch before := last[e.Worker]; {
		case e.Ret < e.Inv:
			return fmt.Errorf("%s returned at %d, before it was called at %d", e, e.Ret, e.Inv)
		case i > 0 && e.Inv < h.Events[i-1].Inv:
			return fmt.Errorf("%s of %d comes after an event of %d; want them in order of their calls", e, e.Inv, h.Events[i-1].Inv)
		case before != nil && before.Ret == Pending:
			return fmt.Errorf("w%d calls %s at %d, though its %s never returned", e.Worker, e.Op, e.Inv, before.Op)
		case before != nil && e.Inv < before.Ret:
			return fmt.Errorf("w%d calls %s at %d, before its %s returns at %d; want one call at a time of each worker", e.Worker, e.Op, e.Inv, before.Op, before.Ret)
		}
		last[e.Worker] = e
	}
	return h.validateRest()
}

// validateRest looks for a key that the readings at rest lack: they count as the whole
// map.
func (h *History) validateRest() error {
	if h.Rest == nil || h.Rest.Loads == nil {
		return nil
	}
	read := map[uint64]bool{}
	for i, r := range h.Rest.Loads {
		if i > 0 && r.Key <= h.Rest.Loads[i-1].Key {
			return fmt.Errorf("at rest k%d is read after k%d; want each key once, in ascending order", r.Key, h.Rest.Loads[i-1].Key)
		}
		read[r.Key] = true
	}
	for _, e := range h.Prefill {
		if !read[e.Key] {
			return fmt.Errorf("at rest k%d is not read, which the prefill has; want every key of the run, or none", e.Key)
		}
	}
	for i := range h.Events {
		if e := &h.Events[i]; e.Kind.Keyed() && !read[e.Key] {
			return fmt.Errorf("at rest k%d is not read, which %s names; want every key of the run, or none", e.Key, e)
		}
	}
	return nil
}
