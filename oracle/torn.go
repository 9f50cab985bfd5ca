package oracle

import (
	"fmt"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// torn looks for a key or value that no codec ever made, in any answer of which
// something is promised.
func (j *Judge) torn(h *history.History) (Verdict, bool) {
	for i := range h.Events {
		e := &h.Events[i]
		if e.Ret == history.Pending {
			continue
		}
		if e.Out == target.Foreign && answersValue(e) && j.believed(e.Kind) {
			return tornVerdict(h, fmt.Sprintf("w%d %s", e.Worker, e.Op), i), true
		}
		if e.Seen != nil && j.tornContents(e.Seen) && j.believed(e.Kind) {
			return tornVerdict(h, fmt.Sprintf("w%d %s", e.Worker, e.Op), i), true
		}
	}
	if h.Rest != nil && j.tornContents(h.Rest) {
		return tornVerdict(h, "the map at rest"), true
	}
	return Verdict{}, false
}

// answersValue reports whether the event's Out is a value.
func answersValue(e *history.Event) bool {
	switch e.Kind {
	case history.Load, history.LoadAndDelete, history.Swap, history.Compute:
		return e.OK
	case history.LoadOrStore:
		return true
	}
	return false
}

func (j *Judge) tornContents(c *history.Contents) bool {
	if j.believed(history.Load) {
		for i := range c.Loads {
			if c.Loads[i].Value == target.Foreign && c.Loads[i].OK {
				return true
			}
		}
	}
	if j.believed(history.Range) {
		for _, e := range c.Entries {
			if e.Key == target.Foreign || e.Value == target.Foreign {
				return true
			}
		}
	}
	return false
}

func tornVerdict(h *history.History, who string, events ...int) Verdict {
	detail := who + " showed a key or value that nobody ever made"
	if len(h.Foreign) > 0 {
		detail += ": " + h.Foreign[0]
	}
	return Verdict{Class: SilentCorruption, Rule: TornValue, Detail: detail, Events: events}
}
