package search

import (
	"math/rand"
)

// sequentialTries is how many schedules of each target are first run by one
// worker: a bug that shows without concurrency should be named as such.
const sequentialTries = 20

// next says what to try: a scenario that fits, each as likely as the other, and
// a schedule of it. The n-th choice for a target depends on the seed, the
// target's name and its space alone.
func (l *lane) next(t *state) candidate {
	l.mu.Lock()
	n := t.tried
	t.tried++
	l.mu.Unlock()
	rng := rand.New(rand.NewSource(int64(t.seed + n*0x9e3779b97f4a7c15)))
	sc := t.fitting[rng.Intn(len(t.fitting))]
	c := candidate{scenario: sc.Name, seed: rng.Uint64()}
	c.schedule = sc.Generate(t.space, c.seed)
	if n < sequentialTries {
		c.schedule, c.sequential = c.schedule.Sequential(nil), true
	}
	return c
}
