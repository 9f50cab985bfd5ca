package reproducer

import (
	"fmt"
	"slices"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle"
)

// A check is what a program looks at to see that something is wrong. The zero check is
// that of crashes, which need none.
type check struct {
	keys     bool // each key's answers, and what is there in the end, have an order
	ordered  bool // in which calls come as they did in time; else each goroutine's own do
	many     bool // so many on one key that the search must not do anything twice
	ranges   bool // Range of a goroutine meets no key twice, if none is deleted, no strangers, all that nobody touched
	rest     bool // Range of the map at rest agrees with Load
	length   bool // Len of the map at rest is right
	callback bool // Compute calls its function once
	reads    bool // the map at rest can be read back
	hang     bool // it ends
	leak     bool // no goroutine outlives it
}

// answers reports whether a try has anything to say of its own.
func (c *check) answers() bool {
	return c.keys || c.ranges || c.rest || c.length || c.callback
}

// manyCalls on one key have more orders than can be tried one by one.
const manyCalls = 10

// checkOf chooses what shows what the case's verdict says, on the history that it has.
func checkOf(c *corpus.Case, m Map) (check, error) {
	if c.Schedule.Rounds > 1 {
		return check{}, fmt.Errorf("a map that has to last for %d rounds", c.Schedule.Rounds)
	}
	switch c.Verdict.Class {
	case oracle.FatalError, oracle.Sigsegv, oracle.Panic:
		return check{reads: returned(c)}, nil
	case oracle.DataRace:
		return check{}, nil
	case oracle.Hang:
		return check{hang: true}, nil
	case oracle.GoroutineLeak:
		return check{leak: true}, nil
	}
	h, err := history.ParseText(c.History)
	if err != nil {
		return check{}, err
	}
	switch rule := c.Verdict.Rule; rule {
	case oracle.CallbackCount:
		return check{callback: true}, nil
	case oracle.WrongLen:
		if h.Rest != nil && len(c.Verdict.Events) == 0 {
			return check{length: true}, nil
		}
		return check{}, fmt.Errorf("a wrong length while others write")
	}
	if names(h, c.Verdict.Events, history.Clone) {
		return check{}, fmt.Errorf("what a clone held")
	}
	if names(h, c.Verdict.Events, history.Range) && len(c.Verdict.Events) == 1 {
		if !strange(h, c.Verdict.Events[0]) {
			return check{}, fmt.Errorf("a range that is wrong only by when it ran")
		}
		return check{ranges: true}, nil
	}
	if c.Verdict.Rule == oracle.BrokenStructure || len(c.Verdict.Events) == 0 && h.Rest != nil && h.Rest.Ranged {
		if disagrees(h.Rest) {
			return check{rest: true}, nil
		}
	}
	return keysOf(h, m.Evicts)
}

// returned reports whether all calls had returned when the process died: it did as the map was read
// back.
func returned(c *corpus.Case) bool {
	h, err := history.ParseText(c.History)
	return err == nil && len(h.Events) == c.Schedule.Ops() && !slices.ContainsFunc(h.Events, func(e history.Event) bool { return e.Ret == history.Pending })
}

func names(h *history.History, events []int, kind history.Kind) bool {
	return slices.ContainsFunc(events, func(i int) bool { return i < len(h.Events) && h.Events[i].Kind == kind })
}

// mayDelete reports whether such ops may delete a key, which a Range may meet again once it is
// stored anew.
func mayDelete(k history.Kind) bool {
	switch k {
	case history.Delete, history.LoadAndDelete, history.CompareAndDelete, history.Compute, history.Clear:
		return true
	}
	return false
}

// strange reports whether a Range met a key twice though none was deleted, one that nobody named, or not one that
// nobody touched.
func strange(h *history.History, event int) bool {
	seen := h.Events[event].Seen
	if seen == nil {
		return false
	}
	touched, met, deleted := map[uint64]bool{}, map[uint64]bool{}, false
	for i := range h.Events {
		if h.Events[i].Kind == history.Clear {
			return false
		}
		if h.Events[i].Kind.Keyed() {
			touched[h.Events[i].Key] = true
		}
		deleted = deleted || mayDelete(h.Events[i].Kind)
	}
	for _, e := range seen.Entries {
		if met[e.Key] && !deleted || !touched[e.Key] && !slices.ContainsFunc(h.Prefill, func(p history.Entry) bool { return p.Key == e.Key }) {
			return true
		}
		met[e.Key] = true
	}
	return seen.Ranged && slices.ContainsFunc(h.Prefill, func(p history.Entry) bool { return !touched[p.Key] && !met[p.Key] })
}

// disagrees reports whether Range of a map at rest says anything else than Load.
func disagrees(c *history.Contents) bool {
	if c == nil || c.Loads == nil || !c.Ranged {
		return false
	}
	met := map[uint64]uint64{}
	for _, e := range c.Entries {
		if _, twice := met[e.Key]; twice {
			return true
		}
		met[e.Key] = e.Value
	}
	for _, l := range c.Loads {
		v, there := met[l.Key]
		if there != l.OK || there && v != l.Value {
			return true
		}
		delete(met, l.Key)
	}
	return len(met) > 0
}

// keysOf looks for a key of which the answers have no order: one that needs no clock, or
// else one by the order in time.
func keysOf(h *history.History, evicts bool) (check, error) {
	if h.Rest == nil || h.Rest.Loads == nil {
		return check{}, fmt.Errorf("a map that was not read back")
	}
	before := map[uint64]entry{}
	for _, e := range h.Prefill {
		before[e.Key] = entry{e.Value, true}
	}
	c := check{keys: true}
	wrong := func(ordered bool) (found bool) {
		for _, l := range h.Rest.Loads {
			calls := callsOn(h, l.Key)
			n := 0
			for _, own := range calls {
				n += len(own)
			}
			c.many = c.many || n > manyCalls
			s := search{ordered: ordered, lossy: evicts, seen: map[string]bool{}}
			if !found && !s.explained(before[l.Key], entry{l.Value, l.OK}, calls) {
				found = true
			}
		}
		return found
	}
	if wrong(false) {
		return c, nil
	}
	if c.ordered = true; wrong(true) {
		return c, nil
	}
	return check{}, fmt.Errorf("answers that are wrong only if all keys are taken together")
}

// callsOn returns the events on a key, by worker.
func callsOn(h *history.History, key uint64) (calls [][]*history.Event) {
	for i := range h.Events {
		e := &h.Events[i]
		if e.Kind != history.Clear && (!e.Kind.Keyed() || e.Key != key) {
			continue
		}
		for len(calls) <= e.Worker {
			calls = append(calls, nil)
		}
		calls[e.Worker] = append(calls[e.Worker], e)
	}
	return calls
}
