package shrink

import (
	"math/rand"
	"testing"

	"github.com/mapstress/mapstress/corpus"
)

// TestRatioTest: clear cases are decided, and soon.
func TestRatioTest(t *testing.T) {
	tests := []struct {
		rate         float64
		failed, runs int
		want         decision
	}{
		{0.5, 3, 3, taken},
		{0.5, 0, 6, refused},
		{0.5, 0, 1, undecided},
		{0.01, 3, 30, taken},
		{0.01, 0, 400, refused},
		{1e-5, 3, 10_000, taken},
		{1, 3, 3, taken},
		{1, 0, 1, refused},
	}
	for _, test := range tests {
		r := newRatioTest(test.rate, corpus.Rate{Failed: test.failed, Runs: test.runs})
		if got := r.decide(); got != test.want {
			t.Errorf("rate %v: %d of %d: %d; want %d", test.rate, test.failed, test.runs, got, test.want)
		}
	}
	for _, rate := range []float64{1, 0.3, 1e-3, 1e-6} {
		r := newRatioTest(rate, corpus.Rate{})
		if n := r.enough(); decided(rate, 0, n) != refused {
			t.Errorf("rate %v: %d runs without a failure do not decide", rate, n)
		}
		if n := r.wanted(); decided(rate, n, n) != taken {
			t.Errorf("rate %v: %d failing runs do not decide", rate, n)
		}
	}
}

// TestErrorRates measures the error rates, over 20,000 tests each, and holds them
// against those that are stated; what is measured has a standard deviation of 0.15
// points at most, and Wald's bounds are no closer than that.
func TestErrorRates(t *testing.T) {
	if testing.Short() {
		t.Skip("a simulation, in one goroutine")
	}
	const tests = 20_000
	rng := rand.New(rand.NewSource(1))
	for _, often := range []float64{0.9, 0.3, 0.01} {
		for _, row := range []struct {
			share    float64  // of often, that runs fail with
			wrong    decision // the error that is counted
			most     float64
			longFrom float64 // share of tests that may be cut off
		}{
			{1, refused, wronglyRefused, 0.01},
			{1.0 / apart, taken, wronglyTaken, 0.01},
			{0.5, undecided, 0, 0.11},
			{0, taken, 0, 0},
		} {
			wrong, cut, taking, runs := 0, 0, 0, 0
			for range tests {
				r := newRatioTest(often, corpus.Rate{})
				for r.decide() == undecided {
					r.Runs++
					if rng.Float64() < row.share*often {
						r.Failed++
					}
				}
				if r.decide() == row.wrong {
					wrong++
				}
				if r.decide() == taken {
					taking++
				}
				if r.Runs >= r.end() {
					cut++
				}
				runs += r.Runs
			}
			t.Logf("often %v, fails %.2f of that: %.2f %% wrong, %.1f %% taken, %.2f %% cut off, %.1f / often runs", often, row.share,
				100*float64(wrong)/tests, 100*float64(taking)/tests, 100*float64(cut)/tests, float64(runs)/tests*often)
			if float64(wrong) > row.most*tests*1.05 {
				t.Errorf("often %v, fails %v of that: wrong in %d of %d; want %v at most", often, row.share, wrong, tests, row.most)
			}
			if float64(cut) > row.longFrom*tests {
				t.Errorf("often %v, fails %v of that: %d of %d are cut off", often, row.share, cut, tests)
			}
		}
	}
}

func decided(rate float64, failed, runs int) decision {
	r := newRatioTest(rate, corpus.Rate{Failed: failed, Runs: runs})
	return r.decide()
}
