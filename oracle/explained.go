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
	keys     keyTable // their initial is what they hold now; those that are not in it hold what prefill says
	prefill  []history.Entry
	size     int
	byReturn []int
}

// explained reports whether the order of the returns explains the history, whose
// structures have been checked. It does not say so of what it does not look into:
// ops that never returned, and maps that were not read back.
func (j *Judge) explained(h *history.History) bool {
	if h.Rest == nil || h.Rest.Loads == nil {
		return false
	}
	r := &j.replay
	r.byReturn = r.byReturn[:0]
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
	r.keys.reset()
	r.prefill, r.size = h.Prefill, len(h.Prefill)
	for _, i := range r.byReturn {
		if !r.do(&h.Events[i]) {
			return false
		}
	}
	return r.rests(h.Rest)
}

// do does one op, and reports whether it answers as the event did.
func (r *replay) do(e *history.Event) bool {
	switch e.Kind {
	case history.Len:
		return int(e.Out) == r.size
	case history.IsEmpty:
		return e.OK == (r.size == 0)
	case history.Range:
		return e.Seen == nil || r.yields(e.Seen)
	case history.Clone:
		return e.Seen == nil || e.Seen.Loads != nil && r.rests(e.Seen) || e.Seen.Loads == nil && r.yields(e.Seen)
	case history.Clear:
		r.keys.reset()
		r.prefill, r.size = nil, 0
		return true
	}
	held := r.held(e.Key)
	found := e.OK == held.Present && (!e.OK || e.Out == held.Value)
	switch e.Kind {
	case history.Load:
		return found
	case history.Store:
		r.put(held, e.Value)
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
		r.put(held, e.Value)
		return found && e.Calls == 1
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

// held returns what a key holds now, to be changed by put and remove.
func (r *replay) held(key uint64) *linear.State {
	before := len(r.keys.slots)
	s := &r.keys.slots[r.keys.add(key)]
	if len(r.keys.slots) > before {
		if at, ok := slices.BinarySearchFunc(r.prefill, key, compareKey); ok {
			s.initial = linear.State{Value: r.prefill[at].Value, Present: true}
		}
	}
	return &s.initial
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
		if *r.held(e.Key) != (linear.State{Value: e.Value, Present: true}) {
			return false
		}
	}
	return !c.Ranged || len(c.Entries) == r.size
}

// rests reports whether the map at rest is what the ops have left: the prefill,
// but for the keys that they named.
func (r *replay) rests(c *history.Contents) bool {
	found, prefill := 0, r.prefill
	for _, reading := range c.Loads {
		for len(prefill) > 0 && prefill[0].Key < reading.Key {
			prefill = prefill[1:]
		}
		var want linear.State
		if len(prefill) > 0 && prefill[0].Key == reading.Key {
			want = linear.State{Value: prefill[0].Value, Present: true}
		}
		if stateOf(reading) != want && r.keys.find(reading.Key) < 0 {
			return false
		}
		if reading.OK {
			found++
		}
	}
	for i := range r.keys.slots {
		s := &r.keys.slots[i]
		if at, ok := findReading(c.Loads, s.key); ok && stateOf(c.Loads[at]) != s.initial {
			return false
		}
	}
	return found == r.size && (!c.HasLen || c.Len == r.size) && (!c.HasEmpty || c.Empty == (r.size == 0))
}
