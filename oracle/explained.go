package oracle

import (
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle/linear"
)

// A replay is a plain map to which the ops of a history are done one by one, in
// the order in which they returned. Most histories of a correct map are explained
// by that order, and need not be searched for another: overlapping ops that return
// in the order in which they took effect are the rule.
//
// If it gives every answer, and what was read at rest, the history breaks no rule.
// For the order never contradicts that of time: of two ops the one that returned
// before the other was called is the first to return. So it is one that proves
// the history linearizable, of all keys together, and so does every promise that
// is weaker hold. If it does not, nothing is proved.
type replay struct {
	loads    []history.Reading // at rest, of every key of the run
	state    []linear.State    // what the map holds now, of each of these keys
	size     int
	byReturn []int
	judge    *Judge
}

// explained reports whether the order of the returns explains the history, whose
// structures have been checked. It does not say so of what it does not look into:
// ops that never returned, and maps that were not read back.
func (j *Judge) explained(h *history.History) bool {
	if h.Rest == nil || h.Rest.Loads == nil {
		return false
	}
	r := &j.replay
	r.byReturn, r.judge = r.byReturn[:0], j
	for i := range h.Events {
		e := &h.Events[i]
		if e.Ret == history.Pending {
			return false
		}
		r.byReturn = append(r.byReturn, i)
		for at := i; at > 0 && h.Events[r.byReturn[at-1]].Ret > e.Ret; at-- {
			r.byReturn[at-1], r.byReturn[at] = i, r.byReturn[at-1]
		}
	}
	if !r.fill(h.Prefill, h.Rest.Loads) {
		return false
	}
	for _, i := range r.byReturn {
		if !r.do(&h.Events[i]) {
			return false
		}
	}
	return r.holds(h.Rest)
}

// fill puts the prefill in. It reports false if a key of it was not read at rest.
func (r *replay) fill(prefill []history.Entry, loads []history.Reading) bool {
	r.loads, r.size = loads, len(prefill)
	r.state = slices.Grow(r.state[:0], len(loads))[:len(loads)]
	for i := range loads {
		if len(prefill) > 0 && prefill[0].Key == loads[i].Key {
			r.state[i] = linear.State{Value: prefill[0].Value, Present: true}
			prefill = prefill[1:]
		} else {
			r.state[i] = linear.State{}
		}
	}
	return len(prefill) == 0
}

// held returns what a key holds now, to be changed by put and remove; nil if the key was
// not read at rest.
func (r *replay) held(key uint64) *linear.State {
	at, known := findReading(r.loads, key)
	if !known {
		return nil
	}
	return &r.state[at]
}

// do does one op, and reports whether it answers as the event did.
func (r *replay) do(e *history.Event) bool {
	switch e.Kind {
	case history.Len:
		return int(e.Out) == r.size
	case history.IsEmpty:
		return e.OK == (r.size == 0)
	case history.Range:
		return !e.Swallowed && (e.Seen == nil || r.yields(e.Seen))
	case history.Clone:
		return e.Seen == nil || e.Seen.Loads != nil && r.holds(e.Seen) || e.Seen.Loads == nil && r.yields(e.Seen)
	case history.Clear:
		clear(r.state)
		r.size = 0
		return true
	}
	if e.Kind == history.Custom {
		return r.custom(e)
	}
	held := r.held(e.Key)
	if held == nil {
		return false
	}
	found := e.OK == held.Present && (!e.OK || e.Out == held.Value)
	switch e.Kind {
	case history.Load:
		return found
	case history.Store:
		had := held.Present
		r.put(held, e.Value)
		return !e.Told || e.OK == had
	case history.LoadOrStore:
		if held.Present {
			return found
		}
		r.put(held, e.Value)
		return !e.OK && e.Out == e.Value
	case history.LoadAndDelete:
		r.remove(held)
		return found
	case history.Delete:
		had := held.Present
		r.remove(held)
		return !e.Told || e.OK == had
	case history.Swap:
		r.put(held, e.Value)
		return found
	case history.Compute:
		if !e.Panics {
			r.put(held, e.Value)
		}
		return found && e.Calls == 1 && !e.Swallowed
	case history.CompareAndSwap, history.CompareAndDelete:
		same := held.Present && held.Value == e.Old
		if same && e.Kind == history.CompareAndSwap {
			r.put(held, e.Value)
		} else if same {
			r.remove(held)
		}
		return e.OK == same
	case history.Increment:
		r.put(held, held.Value+1) // of an absent key it is 0
	default:
		return false
	}
	return true
}

func (r *replay) put(held *linear.State, value uint64) {
	if !held.Present {
		r.size++
	}
	*held = linear.State{Value: value, Present: true}
}

func (r *replay) remove(held *linear.State) {
	if held.Present {
		r.size--
	}
	*held = linear.State{}
}

// yields reports whether what a Range met is what there is now, or a part of it if it
// did not run to its end. It meets no key twice, as structures have seen.
func (r *replay) yields(c *history.Contents) bool {
	for _, e := range c.Entries {
		if held := r.held(e.Key); held == nil || *held != (linear.State{Value: e.Value, Present: true}) {
			return false
		}
	}
	return !c.Ranged || len(c.Entries) == r.size
}

// holds reports whether what was read of a map that nobody writes to is what there is now.
func (r *replay) holds(c *history.Contents) bool {
	if len(c.Loads) != len(r.loads) {
		return false
	}
	for i := range c.Loads {
		reading, held := &c.Loads[i], &r.state[i]
		if reading.Key != r.loads[i].Key || reading.OK != held.Present || reading.OK && reading.Value != held.Value {
			return false
		}
	}
	return (!c.HasLen || c.Len == r.size) && (!c.HasEmpty || c.Empty == (r.size == 0))
}
