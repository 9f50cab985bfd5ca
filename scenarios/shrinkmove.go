package scenarios

import (
	"slices"

	"github.com/mapstress/mapstress/scheduler"
)

// mostPlaces is how long a worker may be for an op to be tried at each place in
// it; in a longer one it is tried in front, at the end, and where it was.
const mostPlaces = 8

// movedOps gives an op of the shortest worker to another one, so that workers
// with little to do come to an end, and their ops to where they matter.
func movedOps(s *scheduler.Schedule) (edits []edit) {
	from := shortest(s)
	for i := range s.Workers[from] {
		for to, ops := range s.Workers {
			if to == from {
				continue
			}
			for _, at := range places(len(ops), i) {
				edits = append(edits, func(c *scheduler.Schedule) { giveOp(c, from, i, to, at) })
			}
		}
	}
	return edits
}

func places(n, own int) (at []int) {
	if n > mostPlaces {
		at = []int{0, min(own, n), n}
		slices.Sort(at)
		return slices.Compact(at)
	}
	for i := range n + 1 {
		at = append(at, i)
	}
	return at
}

func giveOp(c *scheduler.Schedule, from, i, to, at int) {
	op := c.Workers[from][i]
	dropOps(c, from, i, 1)
	c.Workers[to] = slices.Insert(c.Workers[to], at, op)
	dropIdle(c)
}
