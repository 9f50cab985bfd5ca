package scenarios

import (
	"math/rand"
	"reflect"

	"github.com/leanovate/gopter"

	"github.com/mapstress/mapstress/scheduler"
)

// Timing generates timing plans, as scheduler.Timing. All scenarios share it;
// the shares follow from what each setting was measured to buy: little, beside
// the growth boundary.
func Timing(space Space) gopter.Gen {
	return func(p *gopter.GenParameters) *gopter.GenResult {
		d := &draft{Rand: p.Rng, space: space}
		return &gopter.GenResult{Result: d.timing(), ResultType: reflect.TypeOf(scheduler.Timing{}), Shrinker: gopter.NoShrinker}
	}
}

func (d *draft) timing() scheduler.Timing {
	t := scheduler.Timing{Start: d.start(), Procs: d.procs()}
	if d.chance(20) {
		t.Gosched = d.between(10, 50)
	}
	if d.chance(50) {
		t.Spin = 16 << d.Intn(6) // 16 to 512
	}
	t.Seed = uint64(d.Uint32())
	return t
}

// start draws how workers start: mostly so that they meet. Of short runs that
// begin otherwise, a few in a hundred overlap at all.
func (d *draft) start() scheduler.Start {
	switch n := d.Intn(10); {
	case n < 8:
		return scheduler.Spin
	case n < 9:
		return scheduler.Go
	}
	return scheduler.Barrier
}

// procs draws GOMAXPROCS: the machine's mostly, and in 2 of 100 the control, 1.
func (d *draft) procs() int {
	own := min(max(2, d.space.Procs), scheduler.MaxProcs)
	switch n := d.Intn(100); {
	case n < 2:
		return 1
	case n < 8:
		return min(2*own, scheduler.MaxProcs)
	case n < 13:
		return 4
	case n < 18:
		return 8
	}
	return own
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
