package history

import "slices"

// An Overlap says how concurrent a run really was. A clean run without overlap
// proves nothing.
type Overlap struct {
	Events int // events that overlap an event of another worker
	Growth int // those of them that took the map across a boundary, up or down
}

// A Meter measures overlap. It keeps scratch space between calls and is for one
// goroutine.
type Meter struct {
	// Seen is what all runs measured so far have shown; Fresh says that the
	// last one showed something of it for the first time.
	Seen  Seen
	Fresh bool

	overlapped []bool // by event
	latest     []int  // the index of each worker's latest event, but for those inside another
	byReturn   []int  // event indices in order of Ret
	present    map[uint64]bool
	written    writers
}

// Measure counts the overlapping events of h, whose events must be in order of
// Inv, and adds to Seen. Which event grew the map is told from the order of the
// responses, the only order that every map shows: of two inserts that overlap at
// a boundary either may be named, and both overlap.
func (m *Meter) Measure(h *History, boundaries Boundaries) Overlap {
	m.Fresh = false
	m.mark(h.Events)
	o := Overlap{}
	for _, overlapped := range m.overlapped {
		if overlapped {
			o.Events++
		}
	}
	if o.Events > 0 && reaches(h, boundaries) {
		o.Growth = m.growth(h, boundaries)
	}
	if o.Events > 0 {
		m.reads(h, o.Growth > 0)
	}
	return o
}

// sees reports whether Seen knows of that kind: a Custom means something else for every
// target.
func sees(k Kind) bool { return k != Custom }

// see adds to Seen.
func (m *Meter) see(bit int) {
	if !m.Seen.has(bit) {
		m.Seen.set(bit)
		m.Fresh = true
	}
}

// mark sets overlapped for every event. Of the events that began earlier it
// needs to remember, per worker, the one that ends last; as all of one worker's
// events are disjoint, that is the worker's latest.
func (m *Meter) mark(events []Event) {
	m.overlapped = slices.Grow(m.overlapped[:0], len(events))[:len(events)]
	clear(m.overlapped)
	m.latest = m.latest[:0]
	for i := range events {
		e := &events[i]
		own := -1
		for slot, j := range m.latest {
			switch f := &events[j]; {
			case f.Worker == e.Worker:
				own = slot
			case f.Overlaps(e):
				m.overlapped[i], m.overlapped[j] = true, true
				if sees(e.Kind) && sees(f.Kind) {
					m.see(pair(e.Kind, f.Kind))
				}
			}
		}
		switch {
		case own >= 0 && e.Inside: // the op that it is inside ends later
		case own >= 0:
			m.latest[own] = i
		default:
			m.latest = append(m.latest, i)
		}
	}
}

// reaches reports whether the run's writes could take the size across a boundary.
func reaches(h *History, boundaries Boundaries) bool {
	writes := 0
	for i := range h.Events {
		if h.Events[i].Kind.Writes() {
			writes++
		}
	}
	size := len(h.Prefill)
	within := func(b int) bool { return size-writes <= b && b <= size+writes }
	return slices.ContainsFunc(boundaries.Up, within) || slices.ContainsFunc(boundaries.Down, within)
}

func (m *Meter) growth(h *History, boundaries Boundaries) (grown int) {
	m.byReturn = m.byReturn[:0]
	for i := range h.Events {
		m.byReturn = append(m.byReturn, i)
	}
	slices.SortFunc(m.byReturn, func(i, j int) int {
		a, b := h.Events[i].Ret, h.Events[j].Ret
		switch {
		case a < b:
			return -1
		case a > b:
			return 1
		}
		return i - j
	})
	if m.present == nil {
		m.present = make(map[uint64]bool)
	}
	clear(m.present)
	prefill := h.Prefill // what holds for keys that are not in present
	size := len(prefill)
	for _, i := range m.byReturn {
		e := &h.Events[i]
		if !e.Kind.Writes() || e.Kind == Custom || e.Panics || e.Ret == Pending {
			continue
		}
		if e.Kind == Clear {
			size, prefill = 0, nil
			clear(m.present)
			continue
		}
		had, known := m.present[e.Key]
		if !known {
			_, had = findEntry(prefill, e.Key)
		}
		has := presentAfter(e, had)
		m.present[e.Key] = has
		switch {
		case has && !had:
			if _, at := slices.BinarySearch(boundaries.Up, size); at && m.overlapped[i] {
				grown++
				m.grew(h.Events, i)
			}
			size++
		case had && !has:
			if _, at := slices.BinarySearch(boundaries.Down, size); at && m.overlapped[i] {
				grown++
				m.grew(h.Events, i)
			}
			size--
		}
	}
	return grown
}

// grew notes which kinds of op were under way while event i grew the map.
func (m *Meter) grew(events []Event, i int) {
	for j := range events {
		if sees(events[j].Kind) && events[j].Worker != events[i].Worker && events[j].Overlaps(&events[i]) {
			m.see(growthPair(events[i].Kind, events[j].Kind))
		}
	}
}

// presentAfter tells whether the event's key is in the map after it.
func presentAfter(e *Event, before bool) bool {
	switch e.Kind {
	case Delete, LoadAndDelete:
		return false
	case CompareAndDelete:
		return before && !e.OK
	case CompareAndSwap:
		return before
	}
	return true
}

// findEntry finds a key among entries sorted by key.
func findEntry(entries []Entry, key uint64) (Entry, bool) {
	i, ok := slices.BinarySearchFunc(entries, key, func(e Entry, key uint64) int {
		switch {
		case e.Key < key:
			return -1
		case e.Key > key:
			return 1
		}
		return 0
	})
	if !ok {
		return Entry{}, false
	}
	return entries[i], true
}
