package shrink

import (
	"math"

	"github.com/mapstress/mapstress/corpus"
)

// A ratioTest decides whether a schedule fails often enough, from as few runs as
// that takes: the sequential probability ratio test of Wald (Sequential Tests of
// Statistical Hypotheses, 1945), truncated, so that it always ends.
//
// The two hypotheses are that a run fails with a chance of often, and that it
// does with a fifth of that. What fails as often as the first at least is refused
// once in 20 times at most, and what fails as seldom as the second at most is
// taken once in 100 times at most; at half of often, taken and refused are about
// as likely. The error rates are Wald's bounds; TestErrorRates has those measured.
//
// One that was refused may be tested again for less, with the runs that it has
// had: that a ratio ever reaches a bound, whenever one looks, has the same odds
// (Ville's inequality).
//
// A shrink tests many candidates. Of those that never fail none is ever taken. If
// n of them do fail, but for once in a fifth of what is wanted, n/100 are taken on
// average; which is why the rate of the outcome is measured again at the end. Of
// n that fail often enough n/20 are overlooked, but most cuts can be made in
// several ways, and the smallest schedule has few left to overlook.
type ratioTest struct {
	often float64 // chance of a failing run
	corpus.Rate
}

const (
	// apart is how much the hypotheses differ.
	apart = 5
	// wronglyTaken and wronglyRefused are the error rates.
	wronglyTaken   = 0.01
	wronglyRefused = 0.05
	// longest is after how many runs a test ends, in those that have one failure
	// if it is often enough. Of schedules that fail half as often, where a test
	// takes longest, one in ten gets that far.
	longest = 25
)

// The largest and the smallest chance that is told from others.
const (
	surely = 0.98
	never  = 1e-7
)

// newRatioTest goes on with a schedule that has been run before, or not.
func newRatioTest(often float64, before corpus.Rate) ratioTest {
	return ratioTest{min(max(often, never), surely), before}
}

// A decision is what a ratioTest has come to.
type decision int

const (
	undecided decision = iota
	taken
	refused
	putOff // taking long, and not likely to be taken
)

var (
	upper = math.Log((1 - wronglyRefused) / wronglyTaken)
	lower = math.Log(wronglyRefused / (1 - wronglyTaken))
	// perFailure is what a failing run adds to the ratio's logarithm.
	perFailure = math.Log(apart)
)

// perRun is what a run that does not fail takes off the ratio's logarithm.
func (t *ratioTest) perRun() float64 { return math.Log((1 - t.often/apart) / (1 - t.often)) }

func (t *ratioTest) ratio() float64 {
	return float64(t.Failed)*perFailure - float64(t.Runs-t.Failed)*t.perRun()
}

func (t *ratioTest) decide() decision {
	switch ratio := t.ratio(); {
	case ratio >= upper:
		return taken
	case ratio <= lower:
		return refused
	case t.Runs < t.end():
		return undecided
	case ratio > 0:
		return taken
	}
	return refused
}

// end is after how many runs there is a decision in any case.
func (t *ratioTest) end() int { return int(math.Ceil(longest / t.often)) }

// enough returns how many runs without a failure would decide.
func (t *ratioTest) enough() int {
	n := int(math.Ceil((t.ratio() - lower) / t.perRun()))
	return max(1, min(n, t.end()-t.Runs))
}

// wanted returns how many failing runs on end would decide.
func (t *ratioTest) wanted() int {
	return max(1, int(math.Ceil((upper-t.ratio())/perFailure)))
}
