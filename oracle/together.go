package oracle

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle/linear"
)

// together explains a history in which each key alone is in order, and all together
// are not. The steps of the whole check are those of the last one.
//
// Which ops to name is found by leaving out the others: an op that only observes, and
// all of a key, as long as what is left contradicts itself. What is left out takes
// demands away, and no more: an order of the whole is one of the part, too.
func (j *Judge) together(h *history.History) Verdict {
	w := &j.whole
	w.dropObservers()
	w.dropKeys(len(j.keys.slots))
	v := corrupt(NonLinearizable, "")
	ops, reading := 0, ""
	for i := range w.steps {
		s := &w.steps[i]
		if s.event == atRest {
			reading = s.reading()
			continue
		}
		ops++
		v.Events = append(v.Events, s.event)
		if e := &h.Events[s.event]; !e.Kind.Keyed() {
			if quote := promise(&j.Contract, e.Kind).Quote; quote != "" {
				v.Promise = quote
			}
			if e.Kind == history.Len || e.Kind == history.IsEmpty {
				v.Rule = WrongLen
			}
		}
	}
	v.Detail = fmt.Sprintf("no order of these %d ops explains their answers%s, though it would for each key alone", ops, reading)
	return v
}

// still leaves the steps as they are given if they contradict themselves, and else as
// they were.
func (w *whole) still(part []step) bool {
	before := w.steps
	if w.steps = part; w.check() == linear.Illegal {
		return true
	}
	w.steps = before
	return false
}

// reading says what a look at the map at rest saw, as the end of a sentence.
func (s *step) reading() string {
	var seen []string
	for i := range s.slots {
		if slices.Contains(s.without, i) {
			continue
		}
		if state, known := s.view.find(s.slots[i].key); known {
			seen = append(seen, reads(s.slots[i].key, state))
		}
	}
	if len(seen) == 0 || len(seen) > 4 { // more is no help, and the case has it all
		return " and what was read at rest"
	}
	return " and " + strings.Join(seen, ", ") + " at rest"
}

// reads is what was read of a key, as in a history.
func reads(key uint64, state linear.State) string {
	if !state.Present {
		return fmt.Sprintf("k%d -> absent", key)
	}
	return fmt.Sprintf("k%d -> v%d", key, state.Value)
}

func (w *whole) dropObservers() {
	for i := len(w.steps) - 1; i >= 0; i-- {
		s := &w.steps[i]
		if s.looks() {
			w.still(slices.Delete(slices.Clone(w.steps), i, i+1))
		}
	}
}

// dropKeys leaves out keys with all their ops, which only a Len or IsEmpty would miss.
func (w *whole) dropKeys(n int) {
	if slices.ContainsFunc(w.steps, func(s step) bool { return s.counts() }) {
		return
	}
	for slot := range n {
		part := slices.DeleteFunc(slices.Clone(w.steps), func(s step) bool { return s.kind.Keyed() && s.slot == slot })
		for i := range part {
			part[i].without = append(slices.Clone(part[i].without), slot)
		}
		w.still(part)
	}
}
