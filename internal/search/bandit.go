package search

import (
	"math"
	"math/rand"

	"github.com/mapstress/mapstress/scenarios"
)

// A bandit gives the search's time to the settings that pay. Each dimension is one
// of its own: there are far too many combinations to learn them all, and mostly a
// setting that helps one schedule helps others.
//
// What a setting pays is a rate: payments for the CPU time spent. Rates are drawn
// from what is believed of them, and the highest is taken (Thompson, On the
// Likelihood that One Unknown Probability Exceeds Another, 1933), so a setting is
// tried about as often as it may be the best. Old payments are forgotten bit by
// bit, since what is new runs out.
type bandit struct {
	arms  [scenarios.Dimensions]map[string]arm
	total arm
}

// An arm is one setting's payments, and what they cost in tries' worth of time.
type arm struct {
	Paid  float64 `json:"paid"`
	Spent float64 `json:"spent"`
}

const (
	// memory is after how many tries' worth of time a payment counts for a
	// third.
	memory = 400.0
	// belief is how many tries' worth the usual mix counts for as evidence.
	belief = 8.0
	// follow is in how many of 100 dimensions a choice follows what pays; the
	// rest is left to the usual mix.
	follow = 70
)

// choose draws a setting for most dimensions.
func (b *bandit) choose(rng *rand.Rand, m *scenarios.Mix) (c scenarios.Choice) {
	for d := range scenarios.Dimensions {
		if settings := m.Settings(d); len(settings) > 1 && rng.Intn(100) < follow {
			c[d] = b.best(rng, d, settings)
		}
	}
	return c
}

// best draws each setting's rate, and returns the setting of the highest. Before
// there is evidence, the usual mix stands for it: a setting that it has seldom is
// expected to pay little.
func (b *bandit) best(rng *rand.Rand, d scenarios.Dimension, settings []scenarios.Setting) (name string) {
	most := 1
	for _, s := range settings {
		most = max(most, s.Share)
	}
	usual := (b.total.Paid + 1) / (b.total.Spent + 1)
	highest := -1.0
	for _, s := range settings {
		a := b.arms[d][s.Name]
		expected := usual * float64(s.Share) / float64(most)
		rate := gamma(rng, a.Paid+belief*expected+1e-3) / (a.Spent + belief)
		if rate > highest {
			highest, name = rate, s.Name
		}
	}
	return name
}

// pay books what a try with those settings paid, and what it cost.
func (b *bandit) pay(c scenarios.Choice, paid, spent float64) {
	keep := math.Exp(-spent / memory)
	for d := range b.arms {
		if b.arms[d] == nil {
			b.arms[d] = map[string]arm{}
		}
		for name, a := range b.arms[d] {
			b.arms[d][name] = arm{a.Paid * keep, a.Spent * keep}
		}
		a := b.arms[d][c[d]]
		b.arms[d][c[d]] = arm{a.Paid + paid, a.Spent + spent}
	}
	b.total = arm{b.total.Paid*keep + paid, b.total.Spent*keep + spent}
}

// gamma draws from the gamma distribution of that shape and scale 1 (Marsaglia and
// Tsang, A Simple Method for Generating Gamma Variables, 2000).
func gamma(rng *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return gamma(rng, shape+1) * math.Pow(1-rng.Float64(), 1/shape)
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := rng.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v *= v * v
		if u := 1 - rng.Float64(); math.Log(u) < x*x/2+d*(1-v+math.Log(v)) {
			return d * v
		}
	}
}
