package scheduler

import (
	"strings"

	"github.com/mapstress/mapstress/target"
)

// AsRun returns the schedule as it is run: itself, but for the shapes of target.IsThere. There each value
// is that of its key, and a map has one run, since nobody could tell the values of another round.
func (s *Schedule) AsRun() *Schedule { return s.asRun(s.Shape) }

// asRun is AsRun for a shape, which the schedule may leave open.
func (s *Schedule) asRun(in target.Shape) *Schedule {
	if !strings.HasPrefix(in.Value, target.IsThere) {
		return s
	}
	s = s.Clone()
	s.Rounds = 0
	for _, ops := range s.Workers {
		for i := range ops {
			if op := &ops[i]; op.Value > 0 {
				op.Value = op.Key
			}
		}
	}
	return s
}
