package search

import (
	"math/rand"

	"github.com/mapstress/mapstress/scheduler"
)

// A pool keeps schedules that showed something new, to be varied: who came so far
// may be near to more.
type pool struct{ kept []kept }

// A kept schedule is not changed.
type kept struct {
	scenario string
	schedule *scheduler.Schedule
}

// poolSize is how many schedules are kept: the latest ones.
const poolSize = 32

func (p *pool) add(scenario string, s *scheduler.Schedule) {
	if len(p.kept) == poolSize {
		p.kept = p.kept[1:]
	}
	p.kept = append(p.kept, kept{scenario, s})
}

// pick draws one, the later ones twice as often as the earlier.
func (p *pool) pick(rng *rand.Rand) (kept, bool) {
	if len(p.kept) == 0 {
		return kept{}, false
	}
	return p.kept[max(rng.Intn(len(p.kept)), rng.Intn(len(p.kept)))], true
}
