package bisect

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/corpus"
)

// world is versions v0 to v(n-1), of which those with the bug fail at a rate.
type world struct {
	n       int
	bad     func(version int) bool
	rate    float64
	skipped []int
	most    int // runs that there is time for; 0 is no limit
	rand    *rand.Rand
	tested  []int
}

func (w *world) run(expected corpus.Rate) (*Result, error) {
	c := Config{Expected: expected, Test: func(_ context.Context, version string, runs, failures int) (p Probe, err error) {
		var v int
		if _, err := fmt.Sscanf(version, "v%d", &v); err != nil {
			return p, err
		}
		w.tested = append(w.tested, v)
		if slices.Contains(w.skipped, v) {
			return Probe{State: Skipped, Why: "it does not compile"}, nil
		}
		for p.Rate.Runs < runs && p.Rate.Failed < failures && (w.most == 0 || p.Rate.Runs < w.most) {
			p.Rate.Runs++
			if w.bad(v) && w.rand.Float64() < w.rate {
				p.Rate.Failed++
			}
		}
		return p, nil
	}}
	for v := range w.n {
		c.Versions = append(c.Versions, fmt.Sprint("v", v))
	}
	return Run(context.Background(), c)
}

// TestBisect: of versions in a row it finds the first that differs. Odds: a search that
// fails is one in a hundred or fewer, and there are 300, from fixed seeds.
func TestBisect(t *testing.T) {
	wrong := 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		n := 2 + r.IntN(40)
		first := 1 + r.IntN(n-1)
		mended := r.IntN(2) == 0
		w := world{n: n, rate: 0.02 + 0.9*r.Float64(), rand: r, bad: func(v int) bool { return (v >= first) != mended }}
		result, err := w.run(corpus.Rate{Failed: 20, Runs: 400})
		what := Bad
		if mended {
			what = Good
		}
		if err != nil || result.What != what || result.First != fmt.Sprint("v", first) || result.Last != fmt.Sprint("v", first-1) {
			wrong++
			t.Logf("seed %d: %+v, %v; want v%d", seed, result, err, first)
		}
		if len(w.tested) > 10 {
			t.Errorf("seed %d: %d tests of %d versions", seed, len(w.tested), n)
		}
		if err == nil && (result.Wrong <= 0 || result.Wrong > 7*wrongly) {
			t.Errorf("seed %d: wrong %v", seed, result.Wrong)
		}
	}
	if wrong > 3 {
		t.Errorf("%d of 300 searches went wrong", wrong)
	}
}

func TestSkipped(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	w := world{n: 9, rate: 0.5, rand: r, bad: func(v int) bool { return v >= 5 }, skipped: []int{3, 4, 5}}
	result, err := w.run(corpus.Rate{Failed: 20, Runs: 40})
	if err != nil || result.Last != "v2" || result.First != "v6" || strings.Join(result.Skipped, " ") != "v3 v4 v5" {
		t.Errorf("got %+v, %v; want v3 to v5 between v2 and v6", result, err)
	}
	for _, v := range w.skipped {
		if i := slices.Index(w.tested, v); slices.Contains(w.tested[i+1:], v) {
			t.Errorf("v%d was tested twice: %v", v, w.tested)
		}
	}
	w = world{n: 3, rate: 0.5, rand: r, bad: func(v int) bool { return v == 2 }, skipped: []int{0}}
	if _, err := w.run(corpus.Rate{Failed: 20, Runs: 40}); err == nil || err.Error() != "v0 cannot be tested: it does not compile" {
		t.Errorf("of an end that cannot be tested: %v", err)
	}
}

func TestEnds(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, bad := range []bool{true, false} {
		w := world{n: 5, rate: 0.5, rand: r, bad: func(int) bool { return bad }}
		want := map[bool]error{true: ErrBothFail, false: ErrNeitherFail}[bad]
		if result, err := w.run(corpus.Rate{Failed: 20, Runs: 40}); !errors.Is(err, want) || len(result.Probes) != 2 {
			t.Errorf("got %+v, %v; want %v", result, err, want)
		}
	}
	w := world{n: 1, rand: r}
	if _, err := w.run(corpus.Rate{}); err == nil {
		t.Error("one version is enough")
	}
	// A bug that fails more seldom than expected: the end that seems good has more runs.
	// Odds: of 14 runs with the seed none fails once in 20.
	w = world{n: 3, rate: 0.2, rand: r, bad: func(v int) bool { return v > 0 }}
	if result, err := w.run(corpus.Rate{Failed: 45, Runs: 50}); err != nil || len(result.Probes) < 3 || result.Probes[2].Version != "v0" || result.First != "v1" {
		t.Errorf("got %+v, %v", result, err)
	}
	// Time that is too short shows in how sure it is.
	w = world{n: 3, rate: 0.2, rand: r, most: 30, bad: func(v int) bool { return v > 1 }}
	if result, err := w.run(corpus.Rate{Failed: 20, Runs: 100}); err != nil || result.Wrong < 0.01 {
		t.Errorf("got %+v, %v; want an outcome that is far from sure", result, err)
	}
}
