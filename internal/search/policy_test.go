package search

import (
	"math/rand"
	"testing"

	"github.com/mapstress/mapstress/scenarios"
)

// TestBandit: of settings that pay differently the best one gets most of the
// choices, and after what pays has changed, the new best one does. 1,500 tries are
// four times the bandit's memory. Of 60 seeds, each chose the best one in 321 to 426 of
// 1,000, where the usual mix has it in 48.
func TestBandit(t *testing.T) {
	m := mixOf(t, "striped")
	rng := rand.New(rand.NewSource(1))
	var b bandit
	for _, best := range []string{"churn", "drain"} {
		for range 1500 {
			scenario, s := m.Generate(b.choose(rng, m), rng.Uint64())
			paid := 0.05
			if scenario == best {
				paid = 0.25
			}
			b.pay(m.Of(scenario, s), paid, 1)
		}
		got := 0
		for range 1000 {
			if b.choose(rng, m)[scenarios.ByScenario] == best {
				got++
			}
		}
		if got < 250 {
			t.Errorf("%s pays five times as much as the others, and is chosen in %d of 1000", best, got)
		}
	}
}

// TestBanditUnpaid: as long as nothing pays, the usual mix decides, and what it has
// seldom stays seldom, yet is tried.
func TestBanditUnpaid(t *testing.T) {
	m := mixOf(t, "striped")
	rng := rand.New(rand.NewSource(1))
	var b bandit
	chosen := map[string]int{}
	for range 2000 {
		c := b.choose(rng, m)
		chosen[c[scenarios.ByProcs]]++
		b.pay(m.Of(m.Generate(c, rng.Uint64())), 0, 1)
	}
	if control := chosen["1"]; control == 0 || control > 200 {
		t.Errorf("GOMAXPROCS: %v; want the control now and then", chosen)
	}
}

func mixOf(t *testing.T, target string) *scenarios.Mix {
	t.Helper()
	d := describe(t, target)
	space := scenarios.SpaceOf(d[0].Variants, swiss, 2)
	return scenarios.NewMix(space, scenarios.All())
}

// The mean and variance of a gamma distribution are its shape. Of 100,000 draws the
// mean is off by a standard deviation of (shape/100,000)^0.5; the bounds are six of
// them.
func TestGamma(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	for _, shape := range []float64{0.1, 0.5, 1, 3, 50} {
		sum, squares, n := 0.0, 0.0, 100_000.0
		for range int(n) {
			x := gamma(rng, shape)
			sum += x
			squares += x * x
		}
		mean := sum / n
		if off := (mean - shape) * (mean - shape) / (shape / n); off > 36 {
			t.Errorf("shape %v: mean %v", shape, mean)
		}
		if variance := squares/n - mean*mean; variance < shape*0.9 || variance > shape*1.1 {
			t.Errorf("shape %v: variance %v", shape, variance)
		}
	}
}

// TestPolicy counts where the tries come from: see policy.
func TestPolicy(t *testing.T) {
	m := mixOf(t, "striped")
	s := &search{Config: Config{Policy: Learning}}
	st := &state{mix: m}
	rng := rand.New(rand.NewSource(1))
	_, schedule := m.Generate(scenarios.Choice{}, 1)
	next := s.policy(st)
	sequential, varied := 0, 0
	for n := range uint64(sequentialTries + 10*perRound) {
		if n == sequentialTries {
			st.pool.add("kept", schedule) // before that there is nothing to vary
		}
		c, ok := next(n, rng)
		if !ok {
			t.Fatalf("nothing to try for number %d", n)
		}
		if c.sequential {
			sequential++
		}
		if c.scenario == "kept" {
			varied++
		}
	}
	if sequential != sequentialTries || varied < 18 || varied > 22 { // 20 is no multiple of 8
		t.Errorf("%d sequential, %d varied", sequential, varied)
	}
}

func TestPayment(t *testing.T) {
	for _, test := range []struct {
		fresh int
		found bool
		want  float64
	}{{0, false, 0}, {3, false, 1}, {0, true, 4}, {1, true, 5}} {
		if got := payment(test.fresh, test.found); got != test.want {
			t.Errorf("%d fresh, found %v: pays %v; want %v", test.fresh, test.found, got, test.want)
		}
	}
}

func TestPool(t *testing.T) {
	var p pool
	rng := rand.New(rand.NewSource(1))
	if _, ok := p.pick(rng); ok {
		t.Error("picked from an empty pool")
	}
	m := mixOf(t, "striped")
	for seed := range uint64(2 * poolSize) {
		name, s := m.Generate(scenarios.Choice{}, seed)
		p.add(name, s)
	}
	if len(p.kept) != poolSize {
		t.Errorf("%d kept", len(p.kept))
	}
	_, latest := m.Generate(scenarios.Choice{}, 2*poolSize-1)
	if got := p.kept[poolSize-1].schedule.Text(); got != latest.Text() {
		t.Errorf("the latest kept is\n%s", got)
	}
}

func TestPolicyFlag(t *testing.T) {
	for want := range policies {
		var p Policy
		if err := p.Set(want.String()); err != nil || p != want {
			t.Errorf("%v: got %v, %v", want, p, err)
		}
	}
	var p Policy
	if err := p.Set("greedy"); err == nil || err.Error() != `unknown policy "greedy"; want one of uniform, learning` {
		t.Errorf("got %v", err)
	}
}
