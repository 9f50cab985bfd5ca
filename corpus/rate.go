package corpus

import (
	"fmt"
	"math"
	"strconv"
)

// A Rate is how many of some runs failed.
type Rate struct {
	Failed int `json:"failed"`
	Runs   int `json:"runs"`
}

// Chance returns the share that failed; 0 of no runs.
func (r Rate) Chance() float64 { return float64(r.Failed) / float64(max(r.Runs, 1)) }

// Add returns the rate of both.
func (r Rate) Add(o Rate) Rate { return Rate{Failed: r.Failed + o.Failed, Runs: r.Runs + o.Runs} }

// Interval returns the bounds, from 0 to 1, between which the chance that a run
// fails lies with 95 % confidence: the score interval of Wilson (Probable
// Inference, the Law of Succession, and Statistical Inference, 1927). Unlike the
// textbook's it holds for few runs, and for none or all of them failing.
func (r Rate) Interval() (low, high float64) {
	if r.Runs <= 0 {
		return 0, 1
	}
	const z = 1.959964 // two-sided 95 % of the normal distribution
	n := float64(r.Runs)
	p := float64(r.Failed) / n
	centre := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	low, high = max(0, centre-half), min(1, centre+half)
	if r.Failed == 0 {
		low = 0 // exactly, whatever the rounding
	}
	if r.Failed == r.Runs {
		high = 1
	}
	return low, high
}

// String returns the rate and its interval: "41 of 50 (69-90 %)". Small rates
// keep two digits that mean something: "7 of 10065 (0.034-0.14 %)".
func (r Rate) String() string {
	low, high := r.Interval()
	return fmt.Sprintf("%d of %d (%s-%s %%)", r.Failed, r.Runs, percent(low), percent(high))
}

func percent(share float64) string {
	switch share *= 100; {
	case share >= 10 || share == 0:
		return fmt.Sprintf("%.0f", share)
	case share >= 1:
		return fmt.Sprintf("%.1f", share)
	}
	return strconv.FormatFloat(share, 'f', 1-int(math.Floor(math.Log10(share))), 64)
}
