package scheduler

import (
	"slices"
	"testing"
)

// A choice is what a disturber does before one op.
type choice struct {
	gosched bool
	turns   uint64
}

func choices(t *Timing, worker, run, n int) []choice {
	var d disturber
	d.reset(t, worker, run)
	all := make([]choice, n)
	for i := range all {
		all[i].gosched, all[i].turns = d.next()
	}
	return all
}

func TestDisturberRepeats(t *testing.T) {
	plan := Timing{Gosched: 30, Spin: 255, Seed: 7}
	first := choices(&plan, 1, 5, 100)
	if !slices.Equal(first, choices(&plan, 1, 5, 100)) {
		t.Error("the same plan, worker and run give other choices")
	}
	other := plan
	other.Seed = 8
	for what, all := range map[string][]choice{
		"worker": choices(&plan, 2, 5, 100),
		"run":    choices(&plan, 1, 6, 100),
		"seed":   choices(&other, 1, 5, 100),
	} {
		if slices.Equal(first, all) {
			t.Errorf("another %s gives the same choices", what)
		}
	}
}

// A disturber that has been used starts afresh.
func TestDisturberForgets(t *testing.T) {
	plan := Timing{Gosched: 30, Spin: 255, Seed: 7}
	var d disturber
	d.reset(&plan, 0, 0)
	for range 10 {
		d.disturb()
	}
	d.reset(&plan, 1, 5)
	gosched, turns := d.next()
	if want := choices(&plan, 1, 5, 1)[0]; want != (choice{gosched, turns}) {
		t.Errorf("got %v, %d; want %v", gosched, turns, want)
	}
}

// The seeds are fixed, so these figures are too. The bounds are 6 standard
// deviations of a fair draw.
func TestDisturberChances(t *testing.T) {
	const n = 100_000
	for _, percent := range []int{0, 1, 25, 50, 99, 100} {
		for _, spin := range []int{0, 1, 255} {
			yields, sum, most := 0, uint64(0), uint64(0)
			for run := range n / 100 { // schedules are short: the first choices count
				for _, c := range choices(&Timing{Gosched: percent, Spin: spin}, run%3, run, 100) {
					if c.gosched {
						yields++
					}
					sum, most = sum+c.turns, max(most, c.turns)
				}
			}
			p := float64(percent) / 100
			if d := float64(yields) - n*p; d*d > 36*n*p*(1-p)+1 {
				t.Errorf("gosched=%d: %d of %d", percent, yields, n)
			}
			if mean := float64(sum) / n; most != uint64(spin) || mean < 0.48*float64(spin) || mean > 0.52*float64(spin) {
				t.Errorf("spin=%d: %.1f turns on average, %d at most", spin, mean, most)
			}
		}
	}
}

// The first choice of each run must vary too, not only those within a run.
func TestDisturberFirstChoice(t *testing.T) {
	seen := map[uint64]bool{}
	for run := range 1000 {
		seen[choices(&Timing{Spin: 255}, 0, run, 1)[0].turns] = true
	}
	if len(seen) < 230 { // of 256, 251 on average; below 230: never
		t.Errorf("1000 runs begin with %d different lengths", len(seen))
	}
}

// Who is stalled waits longer, by magnitudes that differ; what the others do is
// not changed by it.
func TestDisturberStalls(t *testing.T) {
	plan := Timing{Spin: 100, Stalled: 2}
	sum, short, long := uint64(0), 0, 0
	for run := range 1000 {
		for _, c := range choices(&plan, 1, run, 10) {
			sum += c.turns
			if c.turns < 200 {
				short++
			}
			if c.turns > maxStall/4 {
				long++
			}
		}
	}
	// The seeds are fixed, so the figures are: 1060 turns on average, 3869 short
	// and 1565 long ones of 10,000.
	if mean := sum / 10_000; mean < 1000 || mean > 1150 || short < 3500 || long < 1400 {
		t.Errorf("%d turns on average, %d short ones, %d long ones of 10000", mean, short, long)
	}
	calm := plan
	calm.Stalled = 0
	if !slices.Equal(choices(&plan, 0, 0, 100), choices(&calm, 0, 0, 100)) {
		t.Error("another worker's being stalled changes the choices")
	}
}
