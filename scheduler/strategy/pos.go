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
	priority []uint64 // by worker, of what it has pending, with its number below
	pick     uint64   // number of the decision, from 1
	seen     []uint64 // by worker: the decision to come, if it could go on at the last; 0 draws anew
	lull     lull
}

// NewPOS returns a partial order sampler. All its runs follow from the seed.
func NewPOS(seed uint64) *POS { return &POS{r: rng(seed)} }

func (s *POS) Begin(int) bool {
	s.priority, s.seen, s.pick = s.priority[:0], s.seen[:0], 1
	s.lull.reset()
	return true
}

func (s *POS) Pick(v *View) int {
	for len(s.priority) < len(v.Pending) {
		s.priority, s.seen = append(s.priority, 0), append(s.seen, 0)
	}
	s.lull.look(v)
	high, pick := uint64(0), s.pick
	pending := v.Pending
	priority, seen := s.priority[:len(pending)], s.seen[:len(pending)]
	for _, w := range v.Enabled {
		// Who could not go on was in conflict with what let it.
		if seen[w] != pick {
			s.draw(w)
		}
		seen[w] = pick + 1
		p := priority[w]
		if s.lull.any && s.lull.over(w) {
			p &^= awake
		}
		high = max(high, p) // no branch, for which it is depends on chance
	}
	pick++
	s.pick = pick
	best := int(high & workerMask)
	switch done := &pending[best]; {
	case done.Kind >= Call:
		for _, w := range v.Enabled {
			if done.Conflicts(pending[w]) {
				seen[w] = 0
			}
		}
	case done.Addr != 0:
		from, to, writes := done.Addr, done.end(), done.Kind.writes()
		for _, w := range v.Enabled {
			q := &pending[w] // as in Point.touches
			seen[w] &= (from-q.end())&(q.Addr-to)>>63&(writes|q.Kind.writes())&(-q.Addr>>63) - 1
		}
	}
	seen[best] = pick // Step draws
	return best
}

func (s *POS) draw(worker int) {
	s.priority[worker] = awake | s.r.next()>>1&^workerMask | uint64(worker)
}

// A priority has the worker in its low bits, and the highest one unless it is passed over.
const (
	workerMask = 1<<16 - 1
	awake      = 1 << 63
)

func (s *POS) Step(worker int, p Point) {
	if worker < len(s.priority) {
		s.draw(worker)
	}
	s.lull.step(worker, p)
}

func (s *POS) Finish() {}
