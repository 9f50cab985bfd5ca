package strategy

// Random picks each time one of those that can go on, all with the same chance: a random
// walk. It needs to know nothing, and makes switches enough for many bugs of short programs.
//
// Odds: a run with k decisions among at most n workers takes a given interleaving with a
// chance of at least 1/n^k. So what needs that one worker does a lot while another does
// nothing is nearly never tried: that takes PCT, POS or SURW.
//
// A worker that yields is passed over once, so that spin loops end with probability 1.
type Random struct{ r rng }

// NewRandom returns a random walk. All its runs follow from the seed.
func NewRandom(seed uint64) *Random { return &Random{rng(seed)} }

func (s *Random) Begin(int) bool   { return true }
func (s *Random) Pick(v *View) int { return s.r.pick(v) }
func (s *Random) Step(int, Point)  {}
func (s *Random) Finish()          {}
