package scenarios

import (
	"slices"

	"github.com/leanovate/gopter"

	"github.com/mapstress/mapstress/scheduler"
)

// A Pass is one way of making schedules smaller. Its candidates are valid,
// strictly smaller by Space.Size, and share no memory with what they were made
// from; the largest cuts come first.
type Pass struct {
	Name   string
	Shrink gopter.Shrinker // of *scheduler.Schedule
}

// Passes returns all passes in the order in which they pay most.
func Passes(space Space) []Pass {
	return []Pass{
		space.pass("workers", fewerWorkers),
		space.pass("ops", fewerOps),
		space.pass("rounds", fewerRounds),
		space.pass("timing", calmerTiming),
		space.pass("procs", fewerProcs),
		space.pass("prefill", space.lessPrefill),
		space.pass("kinds", space.simplerKinds),
		space.pass("keys", fewerKeys),
		space.pass("shape", space.simplerShape),
		space.pass("values", smallerValues),
		space.pass("move", movedOps),
		space.pass("before", doneBefore),
		space.pass("pairs", fewerPairs),
	}
}

// Shrinker returns all passes as one.
func Shrinker(space Space) gopter.Shrinker {
	passes := Passes(space)
	return func(schedule any) gopter.Shrink {
		shrinks := make([]gopter.Shrink, len(passes))
		for i, p := range passes {
			shrinks[i] = p.Shrink(schedule)
		}
		return gopter.ConcatShrinks(shrinks...)
	}
}

// An edit changes a schedule of its own.
type edit func(*scheduler.Schedule)

// pass makes a pass of what proposes edits. Edits that come to nothing, or to a
// schedule that is not valid, are passed over.
func (space Space) pass(name string, propose func(*scheduler.Schedule) []edit) Pass {
	return Pass{Name: name, Shrink: func(schedule any) gopter.Shrink {
		from := schedule.(*scheduler.Schedule)
		size := space.Size(from)
		var edits []edit // made by the first call, so that unused passes cost nothing
		proposed := false
		return func() (any, bool) {
			if !proposed {
				edits, proposed = propose(from), true
			}
			for len(edits) > 0 {
				candidate := from.Clone()
				edits[0](candidate)
				edits = edits[1:]
				space.mend(candidate)
				if candidate.Validate() == nil && slices.Compare(space.Size(candidate), size) < 0 {
					return candidate, true
				}
			}
			return nil, false
		}
	}}
}

// Size measures a schedule, for comparison by slices.Compare: what makes it hard
// to read comes first. All numbers are bounded below, so shrinking ends.
func (space Space) Size(s *scheduler.Schedule) []int {
	keys, sum, kinds := s.OpKeys(), 0, 0
	for _, ops := range s.Workers {
		for _, op := range ops {
			sum += int(op.Key) + int(op.Value) + int(op.Old)
			kinds += intricacy[op.Kind]
			if op.Inside || op.Panics {
				kinds++
			}
		}
	}
	return slices.Concat([]int{
		s.Ops(), len(s.Workers), len(s.Workers[shortest(s)]), s.Rounds, s.Prefill, max(s.Peak-s.Prefill, 0), len(keys), kinds,
		slices.Index(space.Shapes, space.shapeOf(s)), // an unknown shape is smallest
	}, unrest(&s.Timing), []int{sum})
}
