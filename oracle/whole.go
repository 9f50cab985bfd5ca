package oracle

import (
	"math/bits"
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle/linear"
	"github.com/mapstress/mapstress/target"
)

// A whole check takes all keys of a map together. Key by key is enough for ops on
// one key (Herlihy and Wing 1990: linearizability is local); a Clear, a Len, a
// Range or a Clone that promises to be one step is an op on all of them, and each
// key alone may be explained where no order explains all.
//
// It is the just-in-time search of Lowe (Testing for linearizability, 2017): time
// goes by from stamp to stamp, and an op is taken only when it returns, after
// whichever of the open ones it needs. What is carried along are configurations:
// which of the open ops have been taken, and what the map holds by then. No order is
// left out, so a history without a configuration at the end has none; and none
// that is impossible is let in, so a history with one has an order. An op that only
// looks is taken as soon as it finds what it saw: it is in nobody's way. It takes time
// and memory in proportion to the number of configurations, which is small unless
// many ops overlap, and bounded: see maxConfigs.
type whole struct {
	steps    []step
	moments  []moment
	open     [64]int32 // steps by the bit that they have while they are open; -1 if free
	now      frontier
	next     frontier
	seen     frontier // on the way from one to the next
	after    []linear.State
	initial  []linear.State
	looking  uint64 // the open steps that only look
	explored int
	judge    *Judge // for its models
	beyond   bool   // a model put in a key that has no slot, so no order is certain to be wrong
}

// A step is an event as an op on the whole map.
type step struct {
	event    int
	inv, ret int64
	kind     history.Kind
	slot     int // of a keyed op
	op       linear.Op
	view     *view // of a Range or Clone, or of the map at rest
	slots    []slot
	without  []int // slots that a view is not asked of
	keys     int   // of one that counts: how many there are, less those that have no slot
	not      bool  // or any other number
	bit      int
	custom   *history.Event // nil for other ops
}

// counts reports whether the step asks for the number of keys, or whether it is 0.
func (s *step) counts() bool { return s.kind == history.Len || s.kind == history.IsEmpty }

// looks reports whether the step changes nothing.
func (s *step) looks() bool {
	return s.view != nil || s.counts() || s.custom == nil && s.kind.Keyed() && s.op.Effect == linear.Keep
}

// A moment is the call or return of a step.
type moment struct {
	at      int64
	returns bool
	step    int32
}

const (
	// maxConfigs is how many configurations may be carried along.
	maxConfigs = 1 << 12
	// maxExplored is how much a check may try. To apply a step costs 1, and 1 more
	// for each 16 keys, whose states are copied for it. All of it takes some 20 ms, and
	// 40 MB.
	maxExplored = 1 << 17
)

// wholeMap checks the history as a whole, if its contract promises that of any op
// in it. Each key alone has been explained. It reports no more than linear does:
// Illegal if no order explains it, Unknown if there was no end to the orders.
func (j *Judge) wholeMap(h *history.History) linear.Outcome {
	w := &j.whole
	if !j.exactTogether(h) {
		return linear.Ok
	}
	w.steps = w.steps[:0]
	j.wholeSteps(h)
	w.initial = w.initial[:0]
	for i := range j.keys.slots {
		w.initial = append(w.initial, j.keys.slots[i].initial)
	}
	return w.check()
}

// exactTogether reports whether an op of the history is promised to be one step on the
// whole map, and nothing in it is promised so little that no order need explain it.
func (j *Judge) exactTogether(h *history.History) bool {
	exact := false
	for i := range h.Events {
		switch e := &h.Events[i]; e.Kind {
		case history.Clear:
			if promise(&j.Contract, history.Clear).Level != target.Linearizable {
				return false
			}
			exact = true
		case history.Range, history.Clone, history.Len, history.IsEmpty:
			exact = exact || e.Ret != history.Pending && promise(&j.Contract, e.Kind).Level == target.Linearizable
		}
	}
	unchecked := func(s slot) bool { return s.unchecked }
	return exact && !j.lossy() && !slices.ContainsFunc(j.keys.slots, unchecked)
}

// wholeSteps makes the steps, in order of their events, that at rest last.
func (j *Judge) wholeSteps(h *history.History) {
	w, untouched, views := &j.whole, j.untouched(h), j.views
	for i := range h.Events {
		e := &h.Events[i]
		s := step{event: i, inv: e.Inv, ret: e.Ret, kind: e.Kind, slots: j.keys.slots}
		switch {
		case e.Kind.Keyed():
			op, ok := normalise(e, false)
			if !ok || e.Kind == history.Load && !j.checked(history.Load) {
				continue
			}
			s.op, s.slot = op, j.keys.find(e.Key)
		case e.Kind == history.Clear:
		case s.counts():
			if e.Ret == history.Pending || promise(&j.Contract, e.Kind).Level != target.Linearizable {
				continue
			}
			s.keys, s.not = int(int64(e.Out))-untouched, e.Kind == history.IsEmpty && !e.OK
		default:
			if len(views) == 0 || views[0].event != i {
				continue
			}
			s.view, views = &views[0], views[1:]
			if promise(&j.Contract, e.Kind).Level != target.Linearizable {
				continue // each key of it had a moment of its own
			}
		}
		w.steps = append(w.steps, s)
	}
	if len(views) > 0 {
		w.steps = append(w.steps, step{event: atRest, inv: restTime, ret: restTime, view: &views[0], slots: j.keys.slots})
	}
}

// check looks for an order of the steps that explains them all.
func (w *whole) check() linear.Outcome {
	w.begin()
	for _, m := range w.moments {
		s := &w.steps[m.step]
		if !m.returns {
			if !w.opened(int(m.step)) {
				return linear.Unknown // more ops at once than a configuration has bits
			}
			continue
		}
		w.next.reset(w.now.width)
		for i := range w.now.configs {
			w.returned(&w.now.configs[i], s)
		}
		w.open[s.bit] = -1
		w.looking &^= 1 << s.bit
		w.now, w.next = w.next, w.now
		switch {
		case w.explored > maxExplored || len(w.now.configs) > maxConfigs:
			return linear.Unknown
		case len(w.now.configs) == 0:
			return linear.Illegal
		}
	}
	return linear.Ok
}

func (w *whole) begin() {
	w.moments = w.moments[:0]
	for i := range w.steps {
		s := &w.steps[i]
		w.moments = append(w.moments, moment{s.inv, false, int32(i)})
		if s.ret != history.Pending {
			w.moments = append(w.moments, moment{s.ret, true, int32(i)})
		}
	}
	slices.SortStableFunc(w.moments, moment.compare)
	for i := range w.open {
		w.open[i] = -1
	}
	w.explored, w.looking = 0, 0
	w.now.reset(len(w.initial))
	w.now.add(0, w.initial)
}

// compare orders moments by time; of equal stamps the calls come first, since such
// ops overlap.
func (m moment) compare(n moment) int {
	switch {
	case m.at != n.at:
		if m.at < n.at {
			return -1
		}
		return 1
	case m.returns == n.returns:
		return 0
	case n.returns:
		return -1
	}
	return 1
}

// opened gives the step a bit, if there is one.
func (w *whole) opened(number int) bool {
	bit := slices.Index(w.open[:], -1)
	if bit < 0 {
		return false
	}
	w.open[bit], w.steps[number].bit = int32(number), bit
	if s := &w.steps[number]; s.looks() {
		w.looking |= 1 << bit
		for i := range w.now.configs {
			c := &w.now.configs[i]
			c.taken |= w.looked(1<<bit, w.now.state(c))
		}
	}
	return true
}

// looked returns which of those steps, which look and are open, find what they saw.
func (w *whole) looked(steps uint64, state []linear.State) (found uint64) {
	for ; steps > 0 && w.explored <= maxExplored; steps &= steps - 1 {
		bit := bits.TrailingZeros64(steps)
		w.explored += 1 + w.now.width/16
		if w.steps[w.open[bit]].apply(state) {
			found |= 1 << bit
		}
	}
	return found
}

// returned adds to next what a configuration can become by the time that the step has
// returned: it is taken, after any of the open ones.
func (w *whole) returned(c *config, s *step) {
	bit := uint64(1) << s.bit
	if c.taken&bit != 0 {
		w.next.add(c.taken&^bit, w.now.state(c))
		return
	}
	w.seen.reset(w.now.width)
	w.seen.add(c.taken, w.now.state(c))
	for i := 0; i < len(w.seen.configs); i++ {
		from := w.seen.configs[i]
		for b, number := range w.open {
			if number < 0 || (from.taken|w.looking)&(1<<b) != 0 {
				continue
			}
			if w.explored += 1 + w.now.width/16; w.explored > maxExplored {
				return
			}
			w.after = append(w.after[:0], w.seen.state(&from)...)
			if !w.apply(number) {
				continue
			}
			taken := from.taken | 1<<b
			if taken |= w.looked(w.looking&^taken, w.after); taken&bit != 0 {
				w.next.add(taken&^bit, w.after)
			} else {
				w.seen.add(taken, w.after)
			}
		}
	}
}
