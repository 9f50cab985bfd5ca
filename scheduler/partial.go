package scheduler

import (
	"cmp"
	"slices"

	"github.com/mapstress/mapstress/history"
)

// Partial returns the history of a run that never ended, from the logs that its
// workers left behind, those of ops on odd keys too. What Range and Clone saw is
// lost, and a map that nobody can ask any more was not read back. A worker that had not
// come to the newest run has called nothing in it.
func Partial(s *Schedule, logs Logs) *history.History {
	s = s.AsRun()
	h := &history.History{Prefill: s.Entries()}
	age := logs.read(s)
	if age != nil {
		h.Prefill, h.Earlier = age.held, age.round
	}
	newest := uint64(0)
	for _, log := range logs.Workers {
		newest = max(newest, log.Run())
	}
	for w, ops := range s.Workers {
		log := logs.Workers[w]
		if log.Run() != newest {
			continue
		}
		for i := range min(log.Len(), len(ops)) {
			if log.Skipped(i) {
				continue
			}
			e := history.Event{Op: ops[i], Worker: w}
			log.Event(i, &e)
			age.tell(&e)
			h.Events = append(h.Events, e)
		}
	}
	slices.SortStableFunc(h.Events, func(a, b history.Event) int { return cmp.Compare(a.Inv, b.Inv) })
	return h
}
