package search

import (
	"math"
	"time"

	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/scenarios"
)

// An Account is what the tries with one setting of one dimension came to.
type Account struct {
	Dimension string     `json:"dimension"`
	Setting   string     `json:"setting"`
	Tries     int        `json:"tries"`
	Failing   int        `json:"failing"` // tries in which a run failed
	Tally     wire.Tally `json:"runs"`
	CPU       Duration   `json:"cpu"`
	// Overlapped is the share of runs in which ops overlapped, and Growth of
	// those in which growth did, from 0 to 1.
	Overlapped Rate `json:"overlapped"`
	Growth     Rate `json:"growth"`
	// Detections is failing tries per second of CPU time. A try ends soon after
	// it fails, so a schedule that always fails counts for no more than its worth.
	Detections Rate `json:"detections"`

	overlap, growth spread
}

// Rate is an estimate with the bounds between which the true value lies with 95 %
// confidence.
type Rate struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// estimate fills in the rates, from the counts.
func (a *Account) estimate() {
	a.Overlapped = a.overlap.share(a.Tally.Overlapped, &a.Tally, a.Tries)
	a.Growth = a.growth.share(a.Tally.Growth, &a.Tally, a.Tries)
	seconds := max(a.CPU.Seconds(), 1e-9)
	low, high := poisson(a.Failing)
	a.Detections = Rate{float64(a.Failing) / seconds, low / seconds, high / seconds}
}

// poisson returns 95 % bounds for the mean of a count: Byar's approximation
// (Breslow and Day, Statistical Methods in Cancer Research II, 1987), which is
// within a few percent of the exact ones.
func poisson(n int) (low, high float64) {
	const z = 1.959964
	bound := func(n, z float64) float64 {
		root := 1 - 1/(9*n) + z/(3*math.Sqrt(n))
		return n * root * root * root
	}
	if n > 0 {
		low = max(0, bound(float64(n), -z))
	}
	return low, bound(float64(n+1), z)
}

// A spread has the sums that tell how much a share varies from try to try. The
// runs of one try are of one schedule, so they are not independent, and an
// interval from their number alone would be far too narrow.
type spread struct{ runs2, hits2, both float64 }

func (s *spread) add(hits, runs uint64) {
	h, r := float64(hits), float64(runs)
	s.runs2 += r * r
	s.hits2 += h * h
	s.both += h * r
}

// share is the ratio estimator of survey sampling, with tries as its clusters
// (Cochran, Sampling Techniques, 1977, chapter 6).
func (s *spread) share(hits uint64, t *wire.Tally, tries int) Rate {
	if t.Runs == 0 {
		return Rate{High: 1}
	}
	runs, n := float64(t.Runs), float64(tries)
	p := float64(hits) / runs
	if tries < 2 {
		return Rate{p, 0, 1}
	}
	variance := max(0, s.hits2-2*p*s.both+p*p*s.runs2) * n / (n - 1) / (runs * runs)
	half := 1.96 * math.Sqrt(variance)
	return Rate{p, max(0, p-half), min(1, p+half)}
}

// accounts are kept for every setting that was tried.
type accounts [scenarios.Dimensions]map[string]*Account

// add books a try under each of its settings.
func (a *accounts) add(c scenarios.Choice, o *child.Outcome) {
	for d := range a {
		if a[d] == nil {
			a[d] = map[string]*Account{}
		}
		account := a[d][c[d]]
		if account == nil {
			account = &Account{Dimension: scenarios.Dimension(d).String(), Setting: c[d]}
			a[d][c[d]] = account
		}
		account.add(o)
	}
}

func (a *Account) add(o *child.Outcome) {
	a.Tries++
	if o.Tally.Failed > 0 {
		a.Failing++
	}
	a.Tally.Add(o.Tally)
	a.CPU += Duration(max(o.CPU, time.Microsecond))
	a.overlap.add(o.Tally.Overlapped, o.Tally.Runs)
	a.growth.add(o.Tally.Growth, o.Tally.Runs)
}

// list returns the accounts of the mix's settings, by dimension and in the mix's
// order; what was not tried is left out.
func (a *accounts) list(m *scenarios.Mix) (all []Account) {
	for d := range a {
		for _, setting := range m.Settings(scenarios.Dimension(d)) {
			if account := a[d][setting.Name]; account != nil {
				account.estimate()
				all = append(all, *account)
			}
		}
	}
	return all
}
