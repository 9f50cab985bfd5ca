package search

import (
	"math"
	"math/rand"
	"testing"
	"time"

	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/scenarios"
)

// TestIntervals: 95 % intervals hold the truth about 95 times in 100. Schedules
// differ in how often they overlap, from never to always, 0.4 on average. Of 1,000
// accounts, 950 hold it, with a standard deviation of 7; ratio estimates of 60
// schedules are a little short of that. Of the few failures of a rate, which are
// whole numbers, the bounds hold more often than they must.
func TestIntervals(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	shares, rates := 0, 0
	const failing, cpu = 0.05, 20 * time.Millisecond
	for range 1000 {
		var a Account
		for range 60 {
			p := min(1, rng.ExpFloat64()*0.4/(1-math.Exp(-2.5))) // mean 0.4 once cut at 1
			tally := wire.Tally{Runs: uint64(100 + rng.Intn(1000))}
			tally.Overlapped = uint64(p * float64(tally.Runs))
			if rng.Float64() < failing {
				tally.Failed = 3
			}
			a.add(&child.Outcome{Tally: tally, CPU: cpu})
		}
		a.estimate()
		if r := a.Overlapped; r.Low <= 0.4 && 0.4 <= r.High {
			shares++
		}
		if r := a.Detections; r.Low <= failing/cpu.Seconds() && failing/cpu.Seconds() <= r.High {
			rates++
		}
	}
	if shares < 890 || shares > 980 {
		t.Errorf("%d of 1000 intervals of a share hold it", shares)
	}
	if rates < 930 {
		t.Errorf("%d of 1000 intervals of a rate hold it", rates)
	}
}

func TestIntervalsOfLittle(t *testing.T) {
	var a Account
	a.estimate()
	if r := a.Overlapped; r != (Rate{0, 0, 1}) {
		t.Errorf("of nothing: %+v", r)
	}
	a.add(&child.Outcome{Tally: wire.Tally{Runs: 10, Overlapped: 5}, CPU: time.Second})
	a.estimate()
	if r := a.Overlapped; r != (Rate{0.5, 0, 1}) {
		t.Errorf("of one schedule: %+v", r)
	}
	if r := a.Detections; r.Value != 0 || r.Low != 0 || math.Abs(r.High-3.69) > 0.1 {
		t.Errorf("of no detection in a second: %+v; want at most 3.69", r) // the exact bound
	}
}

// TestAccounts: a try is booked once in each dimension, and listed in the order of
// the mix.
func TestAccounts(t *testing.T) {
	m := mixOf(t, "striped")
	var a accounts
	const tries = 50
	for seed := range uint64(tries) {
		a.add(m.Of(m.Generate(scenarios.Choice{}, seed)), &child.Outcome{Tally: wire.Tally{Runs: 2}, CPU: time.Millisecond})
	}
	sums := map[string]int{}
	for _, account := range a.list(m) {
		sums[account.Dimension] += account.Tries
	}
	for d := range scenarios.Dimensions {
		if n := sums[d.String()]; n != tries {
			t.Errorf("%v: %d tries; want %d", d, n, tries)
		}
	}
}
