package scenarios

import (
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
)

// fewerWorkers drops one worker, the one with the most ops first, or gives its
// ops to another one.
func fewerWorkers(s *scheduler.Schedule) (edits []edit) {
	if len(s.Workers) < 2 {
		return nil
	}
	order := make([]int, len(s.Workers))
	for w := range order {
		order[w] = w
	}
	slices.SortStableFunc(order, func(a, b int) int { return len(s.Workers[b]) - len(s.Workers[a]) })
	for _, w := range order {
		edits = append(edits, func(c *scheduler.Schedule) { dropWorker(c, w) })
	}
	for b := range s.Workers {
		for a := range b {
			edits = append(edits,
				func(c *scheduler.Schedule) { mergeWorkers(c, a, b, chained) },
				func(c *scheduler.Schedule) { mergeWorkers(c, a, b, inTurns) })
		}
	}
	return edits
}

// dropWorker takes a worker away; those after it move up by one, and the timing plan
// follows the one that it holds back. All that drops workers does it here.
func dropWorker(c *scheduler.Schedule, w int) {
	c.Workers = slices.Delete(c.Workers, w, w+1)
	switch stalled := c.Timing.Stalled - 1; {
	case stalled == w:
		c.Timing.Stalled = 0
	case stalled > w:
		c.Timing.Stalled--
	}
}

// dropIdle drops every worker that has no ops.
func dropIdle(c *scheduler.Schedule) {
	for w := len(c.Workers) - 1; w >= 0; w-- {
		if len(c.Workers[w]) == 0 {
			dropWorker(c, w)
		}
	}
}

func mergeWorkers(c *scheduler.Schedule, a, b int, merge func(a, b []history.Op) []history.Op) {
	c.Workers[a] = merge(c.Workers[a], c.Workers[b])
	if c.Timing.Stalled == b+1 {
		c.Timing.Stalled = a + 1
	}
	dropWorker(c, b)
}

func chained(a, b []history.Op) []history.Op { return append(a, b...) }

func inTurns(a, b []history.Op) (merged []history.Op) {
	for i := range max(len(a), len(b)) {
		if i < len(a) {
			merged = append(merged, a[i])
		}
		if i < len(b) {
			merged = append(merged, b[i])
		}
	}
	return merged
}

// shortest returns the worker with the fewest ops, the first of those.
func shortest(s *scheduler.Schedule) (least int) {
	for w := range s.Workers {
		if len(s.Workers[w]) < len(s.Workers[least]) {
			least = w
		}
	}
	return least
}
