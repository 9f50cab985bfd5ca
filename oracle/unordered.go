package oracle

import (
	"slices"

	"github.com/mapstress/mapstress/history"
)

// Unordered returns a copy of h in which every event that returned has one and
// the same interval: it forgets what the clock said of the order of events,
// those of one worker included, and keeps that they came after the prefill and
// before the map was at rest. Every behaviour that explains h explains the copy
// too, so a finding that survives needs no clock at all to be believed.
//
// All events of the copy overlap, so judging it may need a larger budget. The
// copy shares what Ranges saw with h.
func Unordered(h *history.History) *history.History {
	u := *h
	u.Events = slices.Clone(h.Events)
	for i := range u.Events {
		u.Events[i].Inv = 0
		if u.Events[i].Ret != history.Pending {
			u.Events[i].Ret = 1
		}
	}
	return &u
}
