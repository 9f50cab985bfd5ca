package strategy

import "math/bits"

// An rng is SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
// Generators, OOPSLA 2014).
type rng uint64

func (r *rng) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	x := uint64(*r)
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// below draws from 0 to n-1; the bias is less than n/2^64.
func (r *rng) below(n uint64) uint64 {
	high, _ := bits.Mul64(r.next(), n)
	return high
}

// pick draws one of the workers, but for the one that asked to be passed over.
func (r *rng) pick(v *View) int {
	if !v.Yields || !v.Stays {
		return v.Enabled[r.below(uint64(len(v.Enabled)))]
	}
	// One of the others, or the last instead of the current one.
	w := v.Enabled[r.below(uint64(len(v.Enabled)-1))]
	if w == v.Current {
		w = v.Enabled[len(v.Enabled)-1]
	}
	return w
}
