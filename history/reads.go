package history

import "math/bits"

// reads notes who read what, and who had written it. Values tell their writers, since no
// two ops of a schedule write the same one; where a user's own schedule has it
// otherwise, one of the writers is named.
func (m *Meter) reads(h *History, growing bool) {
	m.written.reset(len(h.Events))
	for i := range h.Events {
		if e := &h.Events[i]; e.writes() {
			m.written.put(e.Value, i)
		}
	}
	for i := range h.Events {
		e := &h.Events[i]
		value, reads, found := e.reads()
		if !reads {
			continue
		}
		writer, overlapped := fromNobody, m.overlapped[i]
		if found {
			writer = fromPrefill
			if w := m.written.find(value); w >= 0 {
				writer, overlapped = int(h.Events[w].Kind), h.Events[w].Worker != e.Worker && h.Events[w].Overlaps(e)
			}
		}
		m.see(read(e.Kind, writer, overlapped, growing))
	}
}

// writes reports whether the event wrote its value, or may have.
func (e *Event) writes() bool {
	switch e.Kind {
	case Store, Swap, Compute:
		return !e.Panics
	case LoadOrStore:
		return e.Ret == Pending || !e.OK
	case CompareAndSwap:
		return e.Ret == Pending || e.OK
	}
	return false
}

// reads returns what the event read of its key, and whether it read at all and
// found something.
func (e *Event) reads() (value uint64, read, found bool) {
	if e.Ret == Pending {
		return 0, false, false
	}
	switch e.Kind {
	case Load, LoadAndDelete, Swap, Compute, LoadOrStore:
		return e.Out, true, e.OK
	case CompareAndSwap, CompareAndDelete:
		return e.Old, e.OK, true
	}
	return 0, false, false
}

// writers finds the event that wrote a value: a hash table that is filled anew for
// every run, without allocating.
type writers struct {
	slots []writer
	round uint64 // of the run; slots of earlier rounds are free
	shift int    // of the hash, to an index
}

type writer struct {
	value uint64
	round uint64
	event int
}

// reset empties the table, and makes room for that many.
func (w *writers) reset(events int) {
	if size := 2 << bits.Len(uint(events)); size > len(w.slots) {
		w.slots, w.shift = make([]writer, size), 64-bits.Len(uint(size-1))
	}
	w.round++
}

// slot returns the value's slot, or the free one where it belongs.
func (w *writers) slot(value uint64) *writer {
	at := value * 0x9e3779b97f4a7c15 >> w.shift
	for {
		s := &w.slots[at]
		if s.round != w.round || s.value == value {
			return s
		}
		at = (at + 1) & uint64(len(w.slots)-1)
	}
}

func (w *writers) put(value uint64, event int) {
	*w.slot(value) = writer{value, w.round, event}
}

// find returns the event that wrote the value, or -1.
func (w *writers) find(value uint64) int {
	if s := w.slot(value); s.round == w.round {
		return s.event
	}
	return -1
}
