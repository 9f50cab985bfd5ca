package strategy

// POS gives every pending step a random priority and picks the highest; what conflicts with
// the step that is done then draws anew: Yuan, Yang and Gu, Partial Order Aware Concurrency
// Sampling (CAV 2018). So it samples orders of what conflicts, and wastes no chance on the
// order of what does not.
//
// Odds: that a step comes after j steps of another worker, which conflict with nothing, and
// then loses against the one behind them, has a chance of at least 1/(j+2), for it keeps its
// priority all the while. A random walk has 1/2^(j+1).
//
// A worker that yields again is passed over as long as there are others and none of them has
// written: what it waits for cannot have come before.
type POS struct {
	r        rng
	priority []uint64 // by worker, of what it has pending; 0 is not drawn yet
	pick     uint64   // number of the decision
	seen     []uint64 // by worker: the decision at which it could last go on, and 1
	lull     lull
}

// NewPOS returns a partial order sampler. All its runs follow from the seed.
func NewPOS(seed uint64) *POS { return &POS{r: rng(seed)} }

func (s *POS) Begin(int) bool {
	s.priority, s.seen, s.pick = s.priority[:0], s.seen[:0], 0
	s.lull.reset()
	return true
}

func (s *POS) Pick(v *View) int {
	for len(s.priority) < len(v.Pending) {
		s.priority, s.seen = append(s.priority, 0), append(s.seen, 0)
	}
	s.lull.look(v)
	best, high := -1, uint64(0)
	for _, w := range v.Enabled {
		// Who could not go on was in conflict with what let it.
		if s.priority[w] == 0 || s.seen[w] != s.pick {
			s.priority[w] = s.r.next()>>1 | 1<<63
		}
		s.seen[w] = s.pick + 1
		p := s.priority[w]
		if s.lull.over(w) {
			p &^= 1 << 63
		}
		if p >= high {
			best, high = w, p
		}
	}
	s.pick++
	done := v.Pending[best]
	for _, w := range v.Enabled {
		if w != best && done.Conflicts(v.Pending[w]) {
			s.priority[w] = 0
		}
	}
	return best
}

func (s *POS) Step(worker int, p Point) {
	if worker < len(s.priority) {
		s.priority[worker] = 0
	}
	s.lull.step(worker, p)
}

func (s *POS) Finish() {}
