package controlled

import "github.com/mapstress/mapstress/scheduler/strategy"

const (
	// fairAfter is for how many points without the return of an op a strategy decides. It
	// may let a worker that waits in a loop have a hundred points for each of the one that is
	// waited for, which is no livelock.
	fairAfter = 1 << 16
	// fairTurn is how many points a worker then has before it is another's turn.
	fairTurn = 1000
)

// fair picks the worker that goes on, so that all have the same share: in turn, as long as
// they neither yield nor have had enough. It depends on the run alone, so that what it picks
// need not be kept.
func (e *Engine) fair(v *strategy.View) int {
	if v.Stays && !v.Yields && e.steps-e.turn < fairTurn {
		return v.Current
	}
	e.turn = e.steps
	for _, id := range v.Enabled {
		if id > v.Current {
			return id
		}
	}
	return v.Enabled[0]
}
