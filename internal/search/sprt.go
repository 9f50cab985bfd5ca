package search

import "math"

// A ratioTest decides whether a schedule fails often enough, from as few runs as
// that takes: the sequential probability ratio test of Wald (Sequential Tests of
// Statistical Hypotheses, 1945). It tells "at least often" from "at most seldom"
// and errs in one of twenty cases either way; rates in between may go either way.
type ratioTest struct {
	often, seldom float64 // chances of a failing run, 0 < seldom < often < 1
	failed, runs  int
}

// errorRate is the chance of either wrong decision.
const errorRate = 0.05

// newRatioTest tests against a schedule that is known to fail with that rate: a
// quarter of it is often enough, for a smaller schedule is worth some patience; a
// fortieth is not.
func newRatioTest(rate float64) ratioTest {
	rate = min(max(rate, 1e-7), 0.98)
	return ratioTest{often: rate / 4, seldom: rate / 40}
}

// A decision is what a ratioTest has come to.
type decision int

const (
	undecided decision = iota
	oftenEnough
	tooSeldom
)

// add counts runs, and decides if it can.
func (t *ratioTest) add(failed, runs int) decision {
	t.failed += failed
	t.runs += runs
	limit := math.Log((1 - errorRate) / errorRate)
	ratio := float64(t.failed)*math.Log(t.often/t.seldom) +
		float64(t.runs-t.failed)*math.Log((1-t.often)/(1-t.seldom))
	switch {
	case ratio >= limit:
		return oftenEnough
	case ratio <= -limit:
		return tooSeldom
	}
	return undecided
}

// enough returns how many runs without a failure decide that it is too seldom.
func (t *ratioTest) enough() int {
	limit := math.Log((1 - errorRate) / errorRate)
	return int(math.Ceil(limit / math.Log((1-t.seldom)/(1-t.often))))
}
