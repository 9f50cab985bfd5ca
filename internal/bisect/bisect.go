// Package bisect finds the version with which a case begins to fail, or ceases to.
//
// It knows versions in their order, and how often the case failed with each; how that is
// found out is somebody else's affair. A run that failed is certain, and one failing run
// makes a version bad. That a version is good can only be said with odds, and is.
package bisect

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/mapstress/mapstress/corpus"
)

// A State is what is known of a version.
type State string

const (
	Bad     State = "bad"     // a run failed as the case does
	Good    State = "good"    // none of so many did
	Skipped State = "skipped" // it cannot be built, or cannot run the case
)

// A Probe is what came of a version.
type Probe struct {
	Version string `json:"version"`
	State   State  `json:"state"`
	// Rate is of the runs in which workers met.
	Rate corpus.Rate `json:"rate"`
	// Wrong is the chance that as many runs of a version that has the bug do not fail,
	// if it is good.
	Wrong float64 `json:"wrong,omitempty"`
	Why   string  `json:"why,omitempty"` // it is skipped
}

// A Config is what to search.
type Config struct {
	Versions []string // ascending
	// Expected is how often the case is said to fail.
	Expected corpus.Rate
	// Test runs the case with a version, until so many runs in which workers met, or so
	// many failing ones, are there; or fewer, if they take too long. It returns a Skipped
	// probe of a version that cannot; of others it need not set State.
	Test func(ctx context.Context, version string, runs, failures int) (Probe, error)
	// Tell is told of each probe; nil is not.
	Tell func(Probe)
}

// A Result is where the case begins to fail or ceases to.
type Result struct {
	// What the First version is that differs from those before it: Bad or Good.
	What State `json:"what"`
	// Last is the last version that is known not to; between it and First there are only
	// those that were skipped.
	Last    string   `json:"last"`
	First   string   `json:"first"`
	Skipped []string `json:"skipped,omitempty"`
	// Wrong is how likely it is at most that a version with the bug was taken for a good
	// one on the way, if it fails half as often at least as the bad end does.
	Wrong  float64 `json:"wrong"`
	Probes []Probe `json:"probes"`
}

// wrongly is how often a version with the bug may be taken for a good one.
const wrongly = 0.001

// endFailures of the bad end tell how often to expect them.
const endFailures = 20

// The case fails at both ends, or at neither.
var (
	ErrBothFail    = errors.New("the case fails with both")
	ErrNeitherFail = errors.New("the case fails with neither")
)

// Run tests both ends, which must differ, and then the middle of what is left, until
// that is nothing but versions that cannot be tested. The result's Probes are there with
// an error, too.
func Run(ctx context.Context, c Config) (*Result, error) {
	s := search{Config: c, result: &Result{}}
	return s.result, s.run(ctx)
}

type search struct {
	Config
	rate   float64 // of runs that fail of a version with the bug, at least
	result *Result
}

func (s *search) run(ctx context.Context) error {
	if len(s.Versions) < 2 {
		return fmt.Errorf("%d versions; want two at least, to look between them", len(s.Versions))
	}
	low, high := 0, len(s.Versions)-1
	s.expect(s.Expected)
	from, err := s.end(ctx, low)
	if err != nil {
		return err
	}
	to, err := s.end(ctx, high)
	if err != nil {
		return err
	}
	if from.State == to.State {
		if from.State == Bad {
			return ErrBothFail
		}
		return ErrNeitherFail
	}
	bad, good := from, to
	if to.State == Bad {
		bad, good = to, from
	}
	if s.expect(bad.Rate); s.wrong(good.Rate) > wrongly {
		again, err := s.probe(ctx, good.Version, 1)
		if err != nil {
			return err
		}
		if again.State == Bad { // it fails so seldom that the first runs did not show it
			return ErrBothFail
		}
	}
	s.result.What = to.State
	if low, high, err = s.narrow(ctx, low, high, from.State); err != nil {
		return err
	}
	s.result.Last, s.result.First = s.Versions[low], s.Versions[high]
	s.result.Skipped = append([]string(nil), s.Versions[low+1:high]...)
	s.settle()
	return nil
}

// expect sets how often a version with the bug fails at least: half as often as the lower
// bound of what was seen.
func (s *search) expect(r corpus.Rate) {
	low, _ := r.Interval()
	s.rate = max(low/2, 1e-7)
}

// wrong is how likely it is that as many runs of a version with the bug do not fail.
func (s *search) wrong(r corpus.Rate) float64 {
	return math.Pow(1-s.rate, float64(r.Runs))
}

func (s *search) end(ctx context.Context, at int) (Probe, error) {
	p, err := s.probe(ctx, s.Versions[at], endFailures)
	if err == nil && p.State == Skipped {
		err = fmt.Errorf("%s cannot be tested: %s", p.Version, p.Why)
	}
	return p, err
}

// probe tests a version.
func (s *search) probe(ctx context.Context, version string, failures int) (Probe, error) {
	runs := int(math.Ceil(math.Log(wrongly) / math.Log(1-s.rate)))
	p, err := s.Test(ctx, version, runs, failures)
	if err != nil {
		return p, err
	}
	p.Version = version
	switch {
	case p.State == Skipped:
	case p.Rate.Failed > 0:
		p.State = Bad
	default:
		p.State, p.Wrong = Good, s.wrong(p.Rate)
	}
	s.result.Probes = append(s.result.Probes, p)
	if s.Tell != nil {
		s.Tell(p)
	}
	return p, nil
}

// narrow halves what is between two versions that differ. Where the middle cannot be
// tested its neighbours are tried, the nearest first.
func (s *search) narrow(ctx context.Context, low, high int, lowState State) (int, int, error) {
	for high-low > 1 {
		at := -1
		var p Probe
		for _, i := range outwards(low, high) {
			var err error
			if s.skipped(s.Versions[i]) {
				continue
			}
			if p, err = s.probe(ctx, s.Versions[i], 1); err != nil {
				return low, high, err
			}
			if p.State != Skipped {
				at = i
				break
			}
		}
		switch {
		case at < 0:
			return low, high, nil
		case p.State == lowState:
			low = at
		default:
			high = at
		}
	}
	return low, high, nil
}

func (s *search) skipped(version string) bool {
	for i := range s.result.Probes {
		if p := &s.result.Probes[i]; p.Version == version && p.State == Skipped {
			return true
		}
	}
	return false
}

// outwards returns what is strictly between low and high, from the middle on.
func outwards(low, high int) (order []int) {
	middle := low + (high-low)/2
	for d := 0; len(order) < high-low-1; d++ {
		if i := middle - d; i > low {
			order = append(order, i)
		}
		if i := middle + d; d > 0 && i < high {
			order = append(order, i)
		}
	}
	return order
}

// settle says how sure the result is: of all good ones that led to it.
func (s *search) settle() {
	latest := map[string]Probe{}
	for _, p := range s.result.Probes {
		latest[p.Version] = p
	}
	for i := range s.result.Probes {
		if p := &s.result.Probes[i]; p.State == Good {
			p.Wrong = s.wrong(p.Rate) // of what is expected now
		}
	}
	for _, p := range latest {
		if p.State == Good {
			s.result.Wrong += s.wrong(p.Rate)
		}
	}
	s.result.Wrong = min(s.result.Wrong, 1)
}
