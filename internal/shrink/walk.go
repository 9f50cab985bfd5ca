package shrink

import (
	"github.com/leanovate/gopter"

	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
)

// A place is where a pass stands: it goes on there after it has helped, and what
// comes before is left to the next round.
type place struct {
	cut   int // ops that its candidate was shorter; 0 at first
	index int // among the candidates of that cut
}

// before reports whether a candidate's place was passed when from was.
func (p place) before(from place) bool {
	return from.cut > 0 && p.cut > from.cut || p.cut == from.cut && p.index < from.index
}

// A walk goes through the candidates of a pass, each once, from a place on.
type walk struct {
	candidates gopter.Shrink
	from       place
	ops        int // of what they are made from
	proposed   map[string]bool
	index      map[int]int // by cut
}

func newWalk(pass scenarios.Pass, s *scheduler.Schedule, from place) *walk {
	return &walk{candidates: pass.Shrink(s), from: from, ops: s.Ops(), proposed: map[string]bool{}, index: map[int]int{}}
}

// next returns the next candidate, its text and its place; in the end nil.
func (w *walk) next() (*scheduler.Schedule, string, place) {
	for s := nextSchedule(w.candidates); s != nil; s = nextSchedule(w.candidates) {
		at := place{cut: w.ops - s.Ops()}
		at.index = w.index[at.cut]
		w.index[at.cut]++
		if text := s.Text(); !w.proposed[text] && !at.before(w.from) {
			w.proposed[text] = true
			return s, text, at
		}
	}
	return nil, "", place{}
}

func nextSchedule(candidates gopter.Shrink) *scheduler.Schedule {
	next, ok := candidates()
	if !ok {
		return nil
	}
	return next.(*scheduler.Schedule)
}
