package shrink

import (
	"math"
	"slices"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
)

// likely returns the pass that guesses, from the failing run at hand, which ops
// it took: those that the verdict names, those that were under way when the
// process died, and those that overlapped them. Most often two or three ops are
// left at once. The case is the one at hand when candidates are asked for.
func likely(space scenarios.Space, of func() *corpus.Case) scenarios.Pass {
	return space.Only("likely", func(best *scheduler.Schedule) [][]scheduler.Position {
		_, events := events(of(), best)
		return guesses(events, of().Verdict.Events)
	})
}

// events returns what the case's failing run was made on, and its events; none if there is
// no such run, or the schedule was edited by hand since.
func events(c *corpus.Case, s *scheduler.Schedule) (prefill []history.Entry, all []locatedEvent) {
	h, err := history.ParseText(c.History)
	if err != nil {
		return nil, nil
	}
	all, _ = located(h, s)
	if h.Earlier > 0 {
		return h.Prefill, all
	}
	return s.Entries(), all
}

// A located event knows which op of the schedule it is.
type locatedEvent struct {
	*history.Event
	at scheduler.Position
}

// located finds the op of each event; false if one has none.
func located(h *history.History, s *scheduler.Schedule) (all []locatedEvent, ok bool) {
	next := map[int]int{} // by worker
	for i := range h.Events {
		e := &h.Events[i]
		at := scheduler.Position{Worker: e.Worker, Op: next[e.Worker]}
		if at.Worker < len(s.Workers) {
			at.Op = passedOver(s.Workers[at.Worker], at.Op, e)
		}
		next[e.Worker] = at.Op + 1
		if at.Worker >= len(s.Workers) || at.Op >= len(s.Workers[at.Worker]) || s.Workers[at.Worker][at.Op] != e.Op {
			return nil, false
		}
		all = append(all, locatedEvent{e, at})
	}
	return all, true
}

// passedOver returns the first op from one on that may be the event's: those before it are
// inside another op, whose function was not called.
func passedOver(ops []history.Op, at int, e *history.Event) int {
	for at < len(ops) && ops[at].Inside && ops[at] != e.Op {
		at++
	}
	return at
}

// core returns the events that the verdict names, or that were under way when the
// process died.
func core(events []locatedEvent, named []int) (core []int) {
	for i := range events {
		if slices.Contains(named, i) || len(named) == 0 && events[i].Ret == history.Pending {
			core = append(core, i)
		}
	}
	return core
}

// guesses returns sets of ops that may be all that it took, few first.
func guesses(events []locatedEvent, named []int) (sets [][]scheduler.Position) {
	if len(events) == 0 {
		return nil
	}
	core := core(events, named)
	var from, to int64 = math.MaxInt64, math.MinInt64
	keys := map[uint64]bool{}
	for _, i := range core {
		from, to = min(from, events[i].Inv), max(to, events[i].Inv)
		keys[events[i].Key] = true
	}
	isCore := func(i int) bool { return slices.Contains(core, i) }
	overlaps := func(i int) bool {
		return slices.ContainsFunc(core, func(c int) bool {
			return events[c].Worker != events[i].Worker && events[c].Overlaps(events[i].Event)
		})
	}
	for _, is := range []func(int) bool{
		isCore,
		func(i int) bool { return isCore(i) || overlaps(i) },
		func(i int) bool { return events[i].Ret >= from && events[i].Inv <= to }, // from the first to the last
		func(i int) bool { return isCore(i) || events[i].Kind.Keyed() && keys[events[i].Key] },
		func(i int) bool { return events[i].Inv <= to }, // all until then
		func(i int) bool { return true },                // all that were begun
	} {
		var set []scheduler.Position
		for i, e := range events {
			if is(i) {
				set = append(set, e.at)
			}
		}
		sets = append(sets, set)
	}
	slices.SortStableFunc(sets, func(a, b []scheduler.Position) int { return len(a) - len(b) })
	return slices.CompactFunc(sets, slices.Equal[[]scheduler.Position])
}
