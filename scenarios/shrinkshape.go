package scenarios

import (
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
)

// simplerShape tries all of the target's shapes before the schedule's own, the
// default one first.
func (space Space) simplerShape(s *scheduler.Schedule) (edits []edit) {
	own := slices.Index(space.Shapes, space.shapeOf(s))
	for _, shape := range space.Shapes[:max(0, own)] {
		if allIn(s, space.in(shape)) {
			edits = append(edits, func(c *scheduler.Schedule) { c.Shape = shape })
		}
	}
	return edits
}

// allIn reports whether the target has every method that the schedule calls.
func allIn(s *scheduler.Schedule, space Space) bool {
	for _, ops := range s.Workers {
		if slices.ContainsFunc(ops, func(op history.Op) bool { return !space.hasOp(op) }) {
			return false
		}
	}
	return true
}
