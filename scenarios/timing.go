package scenarios

import (
	"math/rand"

	"github.com/mapstress/mapstress/scheduler"
)

// timing draws the timing plan: the chosen settings, and for the rest the usual
// mix.
func (d *draft) timing() (t scheduler.Timing) {
	for i := range knobs {
		if k := &knobs[i]; k.set != nil {
			k.set(d, &t, d.choice[k.dimension])
		}
	}
	t.Seed = uint64(d.Uint32())
	return t
}

// splitMix is SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom
// Number Generators, OOPSLA 2014): neighbouring seeds have nothing in common,
// and seeding costs nothing, unlike that of rand.NewSource.
type splitMix struct{ state uint64 }

var _ rand.Source64 = (*splitMix)(nil)

func (s *splitMix) Seed(seed int64) { s.state = uint64(seed) }

func (s *splitMix) Int63() int64 { return int64(s.Uint64() >> 1) }

func (s *splitMix) Uint64() uint64 {
	s.state += 0x9e3779b97f4a7c15
	x := s.state
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
