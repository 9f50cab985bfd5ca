package strategy

import (
	"slices"

	"github.com/mapstress/mapstress/scheduler/internal/sparse"
)

// SURW picks workers with weights: how many steps each still has before it. If these are
// known, all interleavings have the same chance, where a random walk prefers those in which
// the shorter worker is done early. They are estimated as the mean of earlier runs. Zhao,
// Wolff, Mathur and Roychoudhury, Selectively Uniform Concurrency Testing (ASPLOS 2025).
//
// It is selective: of all addresses that several workers touched, and one of them wrote to,
// in an earlier run, each run draws one, and only steps there have weight. Which worker does
// the next of these is drawn first, and the others stop before theirs until it is done; all
// other steps are taken at random.
//
// Odds: without waits, and if each worker does as many of these steps in every run, m in
// all, of which m1, m2, ... by each, then each of the m!/(m1! m2! ...) orders of them has the
// same chance, whatever else is done between them.
//
// A worker that yields again is passed over until another has written.
type SURW struct {
	r         rng
	selective bool
	runs      uint64
	places    []place        // those that are contended; the first is all steps
	numbers   sparse.Numbers // of addresses
	addresses []address
	drawn     int      // index of the place of this run
	left      []uint64 // by worker: steps there, times one; at least 1
	intended  int      // who does the next one; -1 is not drawn
	open      []int    // who is not passed over
	free      []int    // who may be picked
	lull      lull
}

// A place is where steps have weight.
type place struct {
	addr  uint64 // 0 is everywhere
	since uint64
	done  []uint64 // by worker: the steps of this run
	total []uint64 // by worker: those of earlier runs, since it became known
}

// An address is what is known of one.
type address struct {
	worker int32 // the first that touched it, and 1
	shared bool
	writes bool
	place  int32 // 0 is none of its own
}

// one step, as weights are counted: an estimate need not be whole. One that is too low leaves
// a weight of 1, not 0.
const one = 1 << 8

// Bounds of what is remembered.
const (
	maxAddresses = 1 << 16
	maxPlaces    = 64
)

// NewSURW returns a selectively uniform random walk. All its runs follow from the seed, and
// from what was told of earlier runs.
func NewSURW(seed uint64) *SURW {
	return &SURW{r: rng(seed), selective: true, places: make([]place, 1)}
}

// NewURW returns a uniform random walk: every step has weight, wherever it is.
func NewURW(seed uint64) *SURW {
	s := NewSURW(seed)
	s.selective = false
	return s
}

func (s *SURW) Begin(int) bool {
	s.drawn = 0
	if s.selective && len(s.places) > 1 {
		s.drawn = 1 + int(s.r.below(uint64(len(s.places)-1)))
	}
	p := &s.places[s.drawn]
	s.left = s.left[:0]
	for _, total := range p.total {
		s.left = append(s.left, max(total*one/max(s.runs-p.since, 1), 1))
	}
	s.intended = -1
	s.lull.reset()
	return true
}

func (s *SURW) Pick(v *View) int {
	open := v.Enabled
	if s.lull.look(v); s.lull.any {
		open = s.awake(v)
	}
	for len(s.left) <= v.Enabled[len(v.Enabled)-1] {
		s.left = append(s.left, 1)
	}
	if s.drawn == 0 {
		return s.weighted(open)
	}
	// Who waits cannot be waited for.
	if s.intended < 0 || !slices.Contains(open, s.intended) {
		s.intended = s.weighted(open)
	}
	s.free = s.free[:0]
	for _, w := range open {
		if w == s.intended || v.Pending[w].Addr != s.places[s.drawn].addr {
			s.free = append(s.free, w)
		}
	}
	return s.free[s.r.below(uint64(len(s.free)))]
}

// awake is who is not passed over: all, if everybody would be.
func (s *SURW) awake(v *View) []int {
	s.open = s.open[:0]
	for _, w := range v.Enabled {
		if !s.lull.over(w) {
			s.open = append(s.open, w)
		}
	}
	if len(s.open) == 0 {
		return v.Enabled
	}
	return s.open
}

// here says that a step is at the place that was drawn.
func (s *SURW) here(p Point) bool {
	return s.drawn == 0 || p.Addr == s.places[s.drawn].addr
}

// weighted draws one of the workers, by what each has left.
func (s *SURW) weighted(open []int) int {
	sum := uint64(0)
	for _, w := range open {
		sum += s.left[w]
	}
	at := s.r.below(sum)
	for _, w := range open {
		if at < s.left[w] {
			return w
		}
		at -= s.left[w]
	}
	panic("strategy: weights do not add up")
}

func (s *SURW) Step(worker int, p Point) {
	s.lull.step(worker, p)
	s.places[0].count(worker)
	if s.selective {
		s.learn(worker, p)
	}
	if s.here(p) {
		if worker < len(s.left) {
			s.left[worker] = max(s.left[worker], one+1) - one
		}
		s.intended = -1
	}
}

func (p *place) count(worker int) {
	for len(p.done) <= worker {
		p.done, p.total = append(p.done, 0), append(p.total, 0)
	}
	p.done[worker]++
}

// learn keeps count of a contended address, and finds new ones.
func (s *SURW) learn(worker int, p Point) {
	if p.Addr == 0 || len(s.addresses) == maxAddresses {
		return
	}
	n := s.numbers.Of(p.Addr)
	if n == len(s.addresses) {
		s.addresses = append(s.addresses, address{})
	}
	a := &s.addresses[n]
	if a.place > 0 {
		s.places[a.place].count(worker)
		return
	}
	if a.worker == 0 {
		a.worker = int32(worker) + 1
	}
	a.shared = a.shared || a.worker != int32(worker)+1
	a.writes = a.writes || p.Kind.Writes()
	if a.shared && a.writes && len(s.places) < maxPlaces {
		a.place = int32(len(s.places))
		s.places = append(s.places, place{addr: p.Addr, since: s.runs + 1})
	}
}

func (s *SURW) Finish() {
	s.runs++
	for i := range s.places {
		p := &s.places[i]
		for w, n := range p.done {
			if s.runs > p.since {
				p.total[w] += n
			}
			p.done[w] = 0
		}
	}
}
