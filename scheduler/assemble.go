package scheduler

import (
	"slices"

	"github.com/mapstress/mapstress/history"
)

// assemble merges the workers' logs into one history, in order of Inv; events of
// one stamp are in order of their workers.
func (e *Engine) assemble() {
	h := &e.history
	h.Prefill, h.Earlier, h.Rest = e.prefill, 0, &e.rest
	if e.age != nil && e.age.round > 0 {
		h.Prefill, h.Earlier = e.age.held, e.age.round
	}
	e.cursors = e.cursors[:0]
	for _, w := range e.workers {
		e.cursors = append(e.cursors, cursorOf(w))
	}
	h.Events = h.Events[:0]
	for {
		var first *cursor
		for i := range e.cursors {
			if c := &e.cursors[i]; c.taken < c.begun && (first == nil || c.inv < first.inv) {
				first = c
			}
		}
		if first == nil {
			return
		}
		n := len(h.Events)
		if n == cap(h.Events) {
			h.Events = slices.Grow(h.Events, 1)
		}
		h.Events = h.Events[:n+1]
		first.take(&h.Events[n])
		if e.age != nil {
			e.age.tell(&h.Events[n])
		}
	}
}

// A cursor is where a worker's log has been taken into the history.
type cursor struct {
	*worker
	taken, begun int
	inv          int64 // of the next event to take
}

// cursorOf returns a cursor at the first event.
func cursorOf(w *worker) cursor {
	c := cursor{worker: w, taken: -1, begun: w.log.Len()}
	c.advance()
	return c
}

// advance goes on to the next event. What answers of odd keys is left out, and what was
// passed over.
func (c *cursor) advance() {
	for c.taken++; c.taken < c.begun; c.taken++ {
		if !c.odd.leavesOut(c.ops[c.taken]) && !c.log.Skipped(c.taken) {
			c.inv = c.log.Inv(c.taken)
			return
		}
	}
}

// take puts the next event, of which there must be one, in the place of another, and
// reads the clone that it made.
func (c *cursor) take(e *history.Event) {
	i := c.taken
	c.advance()
	e.Op, e.Worker, e.Calls = c.told[i], c.number, 0
	c.log.Event(i, e)
	if e.Seen != nil { // or a collection under way would be told of each event
		e.Seen = nil
	}
	if e.Told = false; e.Ret == history.Pending {
		return
	}
	switch e.Kind {
	case history.Store:
		e.Told = c.m.Put != nil
	case history.Delete:
		e.Told = c.m.Remove != nil
	case history.Clone:
		c.reader.read(&c.clones[i], &c.seen[i])
		if c.clones[i].Close != nil {
			c.clones[i].Close()
		}
		e.Seen = &c.seen[i]
	case history.Range:
		e.Seen = &c.seen[i]
	case history.Custom:
		e.Answer = c.answers[i]
	}
}
