package soak

import (
	"math/rand"
	"time"
)

const (
	// minSlice and maxSlice bound the time of one scenario alone on one target: a
	// slice costs some 30 ms to begin, and what is lost when the soak is killed is
	// the counts of one.
	minSlice, maxSlice = 250 * time.Millisecond, 10 * time.Second
	// freeTurn is what each target gets of a slice of the free search, at least:
	// two of its turns.
	freeTurn = 500 * time.Millisecond
	// controlledSlice is the least time of a slice of controlled runs, for which two processes
	// are compared first.
	controlledSlice = 2 * time.Second
	// roundsWanted is how many rounds should fit into the duration.
	roundsWanted = 2
	// shortest is the time that is not worth a slice of its own.
	shortest = 100 * time.Millisecond
)

// A part is a target, and the scenarios that fit what it can do.
type part struct {
	target     string
	scenarios  []string
	controlled bool // it has controlled runs, too
}

// A plan says what is searched, slice by slice, without end. It is made of
// rounds: first the free search over everything, then controlled runs of the targets that
// have them, then each target with each scenario alone, each for about as long. What the
// n-th slice is depends on the plan alone.
type plan struct {
	seed        uint64
	parts       []part
	decidable   []string      // the targets with controlled runs
	alone       time.Duration // a slice of one scenario on one target
	free        time.Duration // a slice of the free search
	decided     time.Duration // a slice of controlled runs of one target
	frees       int           // how many of the free search in a round
	controlleds int           // how many of controlled runs
	pairs       int           // of a target and a scenario
}

// A slice is one search of a plan.
type slice struct {
	number   int
	round    int    // from 0
	target   string // empty: all of them
	scenario string // empty: all of them, unless it is of controlled runs
	seed     uint64
	// controlled says that it is of controlled runs, which have schedules of their own.
	controlled bool
	time       time.Duration
}

// newPlan plans a soak of that duration. There must be a part, and a scenario in
// each.
func newPlan(seed uint64, parts []part, duration time.Duration) plan {
	p := plan{seed: seed, parts: parts}
	ways := 2
	for _, part := range parts {
		p.pairs += len(part.scenarios)
		if part.controlled {
			p.decidable, ways = append(p.decidable, part.target), 3
		}
	}
	p.alone = min(max(duration/time.Duration(ways*roundsWanted*p.pairs), minSlice), maxSlice)
	p.free = max(p.alone, freeTurn*time.Duration(len(parts)))
	p.decided = max(p.alone, controlledSlice)
	p.frees = p.fill(p.free)
	if ways == 3 {
		p.controlleds = p.fill(p.decided)
	}
	return p
}

// fill is how many slices of that time are as long as all of those of one scenario on one target.
func (p *plan) fill(each time.Duration) int {
	return int((time.Duration(p.pairs)*p.alone + each - 1) / each)
}

// round is how many slices a round has.
func (p *plan) round() int { return p.frees + p.controlleds + p.pairs }

// slice returns the n-th slice, from 0.
func (p *plan) slice(n int) slice {
	round, i := n/p.round(), n%p.round()
	s := slice{number: n, round: round, seed: mix(p.seed, uint64(n)), time: p.free}
	switch i -= p.frees; {
	case i < 0:
	case i < p.controlleds: // the targets take turns, from round to round
		s.target, s.time, s.controlled = p.decidable[(round*p.controlleds+i)%len(p.decidable)], p.decided, true
	default:
		pair := p.order(round)[i-p.controlleds]
		s.target, s.scenario, s.time = pair[0], pair[1], p.alone
	}
	return s
}

// order returns the pairs of a target and a scenario in the order of a round:
// the targets take turns, each with its scenarios shuffled.
func (p *plan) order(round int) (pairs [][2]string) {
	rng := rand.New(rand.NewSource(int64(mix(^p.seed, uint64(round)))))
	shuffled := make([][]string, len(p.parts))
	for i, part := range p.parts {
		for _, j := range rng.Perm(len(part.scenarios)) {
			shuffled[i] = append(shuffled[i], part.scenarios[j])
		}
	}
	targets := rng.Perm(len(p.parts))
	for turn := 0; len(pairs) < p.pairs; turn++ {
		for _, i := range targets {
			if turn < len(shuffled[i]) {
				pairs = append(pairs, [2]string{p.parts[i].target, shuffled[i][turn]})
			}
		}
	}
	return pairs
}

// mix makes a seed of a seed and a number: the n-th output of the generator
// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators,
// 2014), in 53 bits, so that it is exact in JSON and short enough to type.
func mix(seed, n uint64) uint64 {
	z := seed + (n+1)*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return (z ^ z>>31) >> 11
}

// longer doubles a slice's time so many times, up to maxSlice.
func (s slice) longer(times int) slice {
	for ; times > 0 && s.time < maxSlice; times-- {
		s.time *= 2
	}
	return s
}

// fit cuts a slice to the time that is left. A rest that is not worth a slice of
// its own goes to this one.
func (s slice) fit(left time.Duration) slice {
	if left-s.time < shortest {
		s.time = left
	}
	return s
}

// closing is the part of the duration that is kept for starting and ending the
// process, the children and the last files.
func closing(duration time.Duration) time.Duration { return min(duration/200, 200*time.Millisecond) }

// replayPart is the part of the duration that replaying the corpus may take.
const replayPart = 4

// replayTime is how long the next of the cases may be replayed, if so much time
// has gone on those before it: a fair share of what is left for all, and no more
// than limit. 0 means that there is no time for it.
func replayTime(duration, used, limit time.Duration, cases int) time.Duration {
	share := (duration/replayPart - used) / time.Duration(cases)
	if share < shortest/10 {
		return 0
	}
	return min(share, limit)
}

// shrinkTime is how long a finding may be shrunk: those of a survey are many, and
// no bugs.
func shrinkTime(duration time.Duration, unsafe bool) time.Duration {
	limit := min(duration/40, 15*time.Second)
	if unsafe {
		limit /= 5
	}
	return limit
}
