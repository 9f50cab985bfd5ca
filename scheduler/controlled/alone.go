package controlled

import "github.com/mapstress/mapstress/scheduler/strategy"

// aloneSteps is how many points it may take to fill or to read a map.
const aloneSteps = 1 << 24

// Alone implements scheduler.Conductor. The first worker does it; others go on only if it
// cannot, in an order that is always the same.
func (e *Engine) Alone(f func()) bool {
	given, trace, steps, bound := e.strategy, e.trace, e.steps, e.bound
	e.since = steps
	e.strategy, e.trace, e.bound = &first{}, nil, aloneSteps
	e.employ([]func(){func() {
		setBits(draws | points)
		f()
		setBits(draws)
	}})
	ok := e.drive()
	e.hear()
	e.strategy, e.trace, e.steps, e.since, e.bound = given, trace, steps, steps, bound
	return ok
}

// first picks the first worker wherever it can go on. One that a ticker wakes, and that has more to
// do by then than it has points for until the next tick, would go on for ever, and the clock with it.
// Where the first worker waits in a loop, another one has a turn.
type first struct {
	turn int // how many points another one may still have
}

func (*first) Begin(int) bool           { return true }
func (*first) Step(int, strategy.Point) {}
func (*first) Finish()                  {}

func (s *first) Pick(v *strategy.View) int {
	if v.Current <= 0 && v.Yields {
		s.turn = fairTurn
	}
	if s.turn > 0 && v.Current > 0 && v.Stays && !v.Yields {
		s.turn--
		return v.Current
	}
	if s.turn > 0 {
		for _, id := range v.Enabled {
			if id > max(v.Current, 0) {
				s.turn--
				return id
			}
		}
	}
	s.turn = 0
	return v.Enabled[0]
}
