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
func Partial(s *Schedule, logs []history.Log) *history.History {
	h := &history.History{Prefill: s.Entries()}
	newest := uint64(0)
	for _, log := range logs {
		newest = max(newest, log.Run())
	}
	for w, ops := range s.Workers {
		if logs[w].Run() != newest {
			continue
		}
		for i := range min(logs[w].Len(), len(ops)) {
			if logs[w].Skipped(i) {
				continue
			}
			e := history.Event{Op: ops[i], Worker: w}
			logs[w].Event(i, &e)
			h.Events = append(h.Events, e)
		}
	}
	slices.SortStableFunc(h.Events, func(a, b history.Event) int { return cmp.Compare(a.Inv, b.Inv) })
	return h
}
