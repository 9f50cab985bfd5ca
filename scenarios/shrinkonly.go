package scenarios

import (
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
)

// Only returns a pass that keeps some ops and drops all others: a guess at those
// that matter. Choose returns the guesses for a schedule, the likeliest first;
// positions that the schedule does not have are ignored.
func (space Space) Only(name string, choose func(*scheduler.Schedule) [][]scheduler.Position) Pass {
	return space.pass(name, func(s *scheduler.Schedule) (edits []edit) {
		for _, kept := range choose(s) {
			edits = append(edits, func(c *scheduler.Schedule) { keepOnly(c, kept) })
		}
		return edits
	})
}

func keepOnly(c *scheduler.Schedule, kept []scheduler.Position) {
	isKept := map[scheduler.Position]bool{}
	for _, p := range kept {
		isKept[p] = true
	}
	for w, ops := range c.Workers {
		var few []history.Op
		for i, op := range ops {
			if isKept[scheduler.Position{Worker: w, Op: i}] {
				few = append(few, op)
			}
		}
		c.Workers[w] = few
	}
	dropIdle(c)
}
