package strategy

// PCT gives every worker a priority and always picks the highest, but lowers at d-1 random
// decisions that of the worker that would go on: Burckhardt, Kothari, Musuvathi and
// Nagarakatte, A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs
// (ASPLOS 2010).
//
// Guarantee: a bug of depth d, one that needs d things to be done in a certain order, is
// met by a run of n workers with k decisions with a chance of at least 1/(n k^(d-1)). k is
// the most decisions of any earlier run, which is not known in the first; those after which
// no choice was left do not count.
//
// A worker that yields gets a priority below all others, so that who spins does not keep
// away who is waited for. The guarantee is for programs that do not yield.
type PCT struct {
	r        rng
	longest  uint64   // decisions of the longest run
	decision uint64   // of this run
	changes  []uint64 // the decisions at which a priority is lowered; drawn anew for each run
	priority []int64  // by worker, with its number below; negative after a yield
	lowest   int64
}

// NewPCT returns a PCT for bugs of a depth of at least 1. All its runs follow from the seed.
func NewPCT(seed uint64, depth int) *PCT {
	return &PCT{r: rng(seed), changes: make([]uint64, max(depth, 1)-1)}
}

// Depth is that of the bugs for which the guarantee holds.
func (s *PCT) Depth() int { return len(s.changes) + 1 }

// Longest is the most decisions of any run so far: the k of the guarantee.
func (s *PCT) Longest() int { return int(s.longest) }

func (s *PCT) Begin(int) bool {
	s.priority = s.priority[:0]
	for i := range s.changes {
		s.changes[i] = s.r.below(max(s.longest, 1))
	}
	s.decision, s.lowest = 0, 0
	return true
}

func (s *PCT) Pick(v *View) int {
	for len(s.priority) <= v.Enabled[len(v.Enabled)-1] {
		// The d-1 lowest are left for those that are lowered.
		rank := int64(s.r.next()>>18) + int64(len(s.changes)) + 1
		s.priority = append(s.priority, ranked(rank, len(s.priority)))
	}
	if v.Yields && v.Stays {
		s.lowest--
		s.priority[v.Current] = ranked(s.lowest, v.Current)
	}
	w := s.highest(v)
	for i, at := range s.changes {
		// As in the paper, a later change may well leave more than an earlier one.
		if at == s.decision {
			s.priority[w] = ranked(int64(i)+1, w)
			w = s.highest(v)
		}
	}
	s.decision++
	return w
}

func ranked(rank int64, worker int) int64 { return rank<<16 | int64(worker) }

func (s *PCT) highest(v *View) int {
	best := s.priority[v.Enabled[0]]
	for _, w := range v.Enabled[1:] {
		best = max(best, s.priority[w])
	}
	return int(best & workerMask)
}

func (s *PCT) Step(int, Point) {}
func (s *PCT) Finish()         { s.longest = max(s.longest, s.decision) }
