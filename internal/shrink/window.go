package shrink

import (
	"cmp"
	"slices"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

const (
	// smallestWindow is how many ops of each worker the smallest windows have;
	// each next one has twice as many, while that is a cut.
	smallestWindow = 1
	// soundings is how many windows of each size are tried if nothing says when
	// it happened.
	soundings = 4
)

// windows returns the pass that cuts a long run to its last ops before what the
// verdict names, or before the process died. What a map shows by then it has often
// done a few ops before, and hundreds of ops only brought it to that size. In a schedule of
// several rounds the whole run is such a window, on what earlier ones had left. See likely.
func windows(space scenarios.Space, of func() *corpus.Case) scenarios.Pass {
	return space.Windows("window", func(best *scheduler.Schedule) (windows []scenarios.Window) {
		prefill, events := events(of(), best)
		named := of().Verdict.Events
		if w, ok := around(prefill, events, named); ok {
			windows = append(windows, w)
		}
		ends := ends(events, named)
		for n := smallestWindow; n*len(best.Workers) < best.Ops(); n *= 2 {
			for _, end := range ends {
				windows = append(windows, window(prefill, events, end, n)...)
			}
		}
		if best.Rounds > 1 && len(events) > 0 {
			windows = append(windows, on(prefill, nil, positions(events)))
		}
		return windows
	})
}

// Afresh returns the failing run of a case of several rounds as a schedule of its own: on a
// fresh map, filled with as many entries as its map held. Nil if the case has no such run.
func Afresh(space scenarios.Space, c *corpus.Case) *scheduler.Schedule {
	prefill, events := events(c, c.Schedule)
	if c.Schedule.Rounds < 2 || len(events) == 0 {
		return nil
	}
	pass := space.Windows("afresh", func(*scheduler.Schedule) []scenarios.Window {
		return []scenarios.Window{on(prefill, nil, positions(events))}
	})
	if s, ok := pass.Shrink(c.Schedule)(); ok {
		return s.(*scheduler.Schedule)
	}
	return nil
}

// positions returns where the events are in the schedule.
func positions(events []locatedEvent) (all []scheduler.Position) {
	for i := range events {
		all = append(all, events[i].at)
	}
	return all
}

// ends returns how many of the events a window may end after.
func ends(events []locatedEvent, named []int) (ends []int) {
	if len(events) == 0 {
		return nil
	}
	if core := core(events, named); len(core) > 0 {
		return []int{slices.Max(core) + 1}
	}
	for i := range soundings {
		ends = append(ends, max(1, len(events)*(soundings-i)/soundings))
	}
	return slices.Compact(ends)
}

// window returns the last n ops of each worker among the events before end, and those
// that began while the last of these was under way: a Range can overlap dozens, of which
// any may have been what it met. An op may have been under way for long when the others
// began; there is a second window then, on a map to which all was done meanwhile.
func window(prefill []history.Entry, events []locatedEvent, end, n int) []scenarios.Window {
	for until := events[end-1].Ret; end < len(events) && events[end].Inv <= until && until != history.Pending; {
		end++
	}
	left := map[int]int{} // to be kept, by worker
	var kept []scheduler.Position
	var dropped []locatedEvent
	first := end
	for i := end - 1; i >= 0; i-- {
		e := &events[i]
		if _, known := left[e.Worker]; !known {
			left[e.Worker] = n
		}
		if left[e.Worker] > 0 {
			left[e.Worker]--
			kept = append(kept, e.at)
			first = i
		} else {
			dropped = append(dropped, *e)
		}
	}
	slices.Reverse(dropped)
	windows := []scenarios.Window{on(prefill, events[:first], kept)}
	if meanwhile := dropped[first:]; len(meanwhile) > 0 && meanwhile[0].Inv < events[first].Ret {
		windows = append(windows, on(prefill, dropped, kept))
	}
	return windows
}

// on is the window of the kept ops on what the events before it left.
func on(prefill []history.Entry, before []locatedEvent, kept []scheduler.Position) scenarios.Window {
	held, peak := held(prefill, before)
	return scenarios.Window{Kept: kept, Held: held, Peak: peak}
}

// around returns the ops that the verdict names, and those on the same keys, or on one
// that a named Range met twice, while these were under way. False: that is one worker's.
func around(prefill []history.Entry, events []locatedEvent, named []int) (w scenarios.Window, ok bool) {
	core := core(events, named)
	if len(core) == 0 {
		return w, false
	}
	from, to, keys := events[core[0]].Inv, events[core[0]].Ret, map[uint64]bool{}
	for _, i := range core {
		e := &events[i]
		from, to = min(from, e.Inv), max(to, e.Ret)
		if e.Kind.Keyed() {
			keys[e.Key] = true
		}
		for _, key := range metTwice(e.Seen) {
			keys[key] = true
		}
	}
	first := -1
	for i := range events {
		e := &events[i]
		if slices.Contains(core, i) || e.Kind.Keyed() && keys[e.Key] && e.Ret >= from && e.Inv <= to {
			w.Kept = append(w.Kept, e.at)
			if first < 0 {
				first = i
			}
		}
	}
	w = on(prefill, events[:first], w.Kept)
	return w, slices.ContainsFunc(w.Kept, func(p scheduler.Position) bool { return p.Worker != w.Kept[0].Worker })
}

// metTwice returns the keys that one pass over a map met more than once.
func metTwice(c *history.Contents) (keys []uint64) {
	if c == nil {
		return nil
	}
	met := map[uint64]bool{}
	for _, e := range c.Entries {
		if met[e.Key] {
			keys = append(keys, e.Key)
		}
		met[e.Key] = true
	}
	return keys
}

// held returns what the events left in a map that held the prefill, or nearly: of
// ops that overlap the later call has it. Peak is how many entries there were at most.
func held(prefill []history.Entry, events []locatedEvent) (entries []history.Entry, peak int) {
	now := map[uint64]uint64{}
	for _, e := range prefill {
		now[e.Key] = e.Value
	}
	for i := range events {
		e := &events[i]
		peak = max(peak, len(now))
		switch {
		case e.Kind == history.Clear:
			clear(now)
		case !e.Kind.Keyed() || e.Key >= target.FirstOdd:
		case e.Kind == history.Delete, e.Kind == history.LoadAndDelete, e.Kind == history.CompareAndDelete && e.OK:
			delete(now, e.Key)
		case e.Kind == history.Load && e.OK, e.Kind == history.LoadOrStore:
			now[e.Key] = e.Out
		case e.Panics:
		case e.Kind == history.Store, e.Kind == history.Swap, e.Kind == history.Compute, e.Kind == history.CompareAndSwap && e.OK:
			now[e.Key] = e.Value
		case e.Kind == history.Increment:
			now[e.Key]++
		}
	}
	for k, v := range now {
		entries = append(entries, history.Entry{Key: k, Value: v})
	}
	slices.SortFunc(entries, func(a, b history.Entry) int { return cmp.Compare(a.Key, b.Key) })
	return entries, max(peak, len(entries))
}
