package search

import (
	"fmt"
	"math/rand"
	"strings"

	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/scenarios"
)

// A Policy says how a search spends its time. The zero Policy is Uniform, which was
// measured to find most planted bugs as soon as Learning, and some sooner: see
// docs/design.md.
type Policy uint8

const (
	// Uniform draws from the usual mix throughout: the n-th schedule of a target
	// depends on the seed, the target's name and its space alone.
	Uniform Policy = iota
	// Learning follows what pays. What it tries depends on the seed and on what
	// came of the tries before, so two searches of one seed differ.
	Learning
	policies
)

var policyNames = [policies]string{Learning: "learning", Uniform: "uniform"}

// String returns the policy's word.
func (p Policy) String() string {
	if p >= policies {
		return fmt.Sprintf("policy(%d)", uint8(p))
	}
	return policyNames[p]
}

// Set takes the policy of that name: it makes a Policy the value of a flag.
func (p *Policy) Set(name string) error {
	for known, word := range policyNames {
		if word == name {
			*p = Policy(known)
			return nil
		}
	}
	return fmt.Errorf("unknown policy %q; want one of %s", name, strings.Join(policyNames[:], ", "))
}

// Type names what Set takes.
func (p *Policy) Type() string { return "policy" }

const (
	// sequentialTries is how many schedules of each target are first run by one
	// worker: a bug that shows without concurrency should be named as such.
	sequentialTries = 20
	// perRound is how many tries make a round of the policy.
	perRound = 8
)

// policy is what to try next, whole. It is read from the top: the first source that
// has something to offer is taken.
func (s *search) policy(t *state) source {
	usual := t.usual
	if s.Policy == Uniform {
		return inOrder(first(sequentialTries, alone(usual)), usual)
	}
	return inOrder(
		first(sequentialTries, alone(usual)),
		each(perRound, 0, 4, usual),    // what nobody expects, and what the accounts compare
		each(perRound, 4, 6, t.varied), // near to what showed something new
		t.paying,                       // what paid lately
	)
}

// A source offers something to try, or nothing. The number is that of the try, and
// all that is random comes from rng. search.mu is held.
type source func(number uint64, rng *rand.Rand) (candidate, bool)

func inOrder(sources ...source) source {
	return func(number uint64, rng *rand.Rand) (candidate, bool) {
		for _, s := range sources {
			if c, ok := s(number, rng); ok {
				return c, true
			}
		}
		return candidate{}, false
	}
}

// first is s for the first n tries.
func first(n uint64, s source) source {
	return func(number uint64, rng *rand.Rand) (candidate, bool) {
		if number >= n {
			return candidate{}, false
		}
		return s(number, rng)
	}
}

// each is s for the tries of a round from the one number up to the other.
func each(round, from, to uint64, s source) source {
	return func(number uint64, rng *rand.Rand) (candidate, bool) {
		if n := number % round; n < from || n >= to {
			return candidate{}, false
		}
		return s(number, rng)
	}
}

// alone has one worker call all the ops.
func alone(s source) source {
	return func(number uint64, rng *rand.Rand) (candidate, bool) {
		c, ok := s(number, rng)
		if ok {
			c.schedule, c.sequential = c.schedule.Sequential(nil), true
		}
		return c, ok
	}
}

// usual offers a schedule of the usual mix.
func (t *state) usual(_ uint64, rng *rand.Rand) (candidate, bool) {
	c := candidate{seed: rng.Uint64()}
	c.scenario, c.schedule = t.mix.Generate(scenarios.Choice{}, c.seed)
	return c, true
}

// paying offers one of the settings that pay.
func (t *state) paying(_ uint64, rng *rand.Rand) (candidate, bool) {
	choice := t.bandit.choose(rng, t.mix)
	c := candidate{seed: rng.Uint64()}
	c.scenario, c.schedule = t.mix.Generate(choice, c.seed)
	return c, true
}

// varied offers a variation of a kept schedule.
func (t *state) varied(_ uint64, rng *rand.Rand) (candidate, bool) {
	k, ok := t.pool.pick(rng)
	if !ok {
		return candidate{}, false
	}
	c := candidate{scenario: k.scenario, seed: rng.Uint64()}
	c.schedule = t.mix.Mutate(k.schedule, c.seed)
	return c, true
}

// next says what to try next.
func (l *lane) next(t *state) candidate {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := t.tried
	t.tried++
	rng := rand.New(rand.NewSource(int64(t.seed + n*0x9e3779b97f4a7c15)))
	c, _ := t.policy(n, rng) // its last source always has something to offer
	if l.noisy {
		return c.noisy(rng)
	}
	return c
}

// What a try pays, beside the time that it takes. Overlap and growth overlap pay
// nothing by themselves: paid for, they drew the search to bursts at boundaries, and
// it took up to four times as long to find bugs that need something else.
const (
	paysFinding = 4.0 // a finding that is new
	paysMeeting = 1.0 // a kind of meeting that is new
)

// payment is what a try was worth.
func payment(fresh int, found bool) (paid float64) {
	if found {
		paid += paysFinding
	}
	if fresh > 0 {
		paid += paysMeeting
	}
	return paid
}

// learn books a try: what its settings paid, and whether its schedule is worth
// varying. Tries by one worker say nothing of how to run several.
func (l *lane) learn(t *state, c candidate, o *child.Outcome, fresh int, found bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c.sequential {
		return
	}
	choice := t.mix.Of(c.scenario, c.schedule)
	t.accounts.add(choice, o)
	t.bandit.pay(choice, payment(fresh, found), max(o.CPU.Seconds()/tryTime.Seconds(), 0.05))
	if fresh > 0 || found {
		t.pool.add(c.scenario, c.schedule)
	}
}
