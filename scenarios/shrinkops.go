package scenarios

import (
	"slices"

	"github.com/mapstress/mapstress/scheduler"
)

// fewerOps drops runs of ops: halves, quarters, and so on down to single ones,
// each from all workers at once and then from one of them, as ddmin does (Zeller,
// Hildebrandt: Simplifying and Isolating Failure-Inducing Input, 2002). A worker
// that is left without ops goes too.
func fewerOps(s *scheduler.Schedule) (edits []edit) {
	longest := 0
	for _, ops := range s.Workers {
		longest = max(longest, len(ops))
	}
	for length := (longest + 1) / 2; length > 0; length /= 2 {
		for from := 0; from < longest; from += length {
			edits = append(edits, func(c *scheduler.Schedule) { dropFromAll(c, from, length) })
		}
		for w, ops := range s.Workers {
			for from := 0; from < len(ops); from += length {
				edits = append(edits, func(c *scheduler.Schedule) { dropOps(c, w, from, length); dropIdle(c) })
			}
		}
	}
	return edits
}

func dropFromAll(c *scheduler.Schedule, from, length int) {
	for w := range c.Workers {
		dropOps(c, w, from, length)
	}
	dropIdle(c)
}

func dropOps(c *scheduler.Schedule, w, from, length int) {
	ops := c.Workers[w]
	c.Workers[w] = slices.Delete(ops, min(from, len(ops)), min(from+length, len(ops)))
}
