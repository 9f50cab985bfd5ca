package controlled

import (
	"slices"

	"github.com/mapstress/mapstress/scheduler/strategy"
)

const (
	// settleSteps is how many points a target's goroutines have, once their map is closed, to
	// come to an end or to a wait.
	settleSteps = 1 << 16
	// settleTimers is how many timers fire meanwhile.
	settleTimers = 64
)

// settle lets the goroutines that the target has started go on, now that its map is closed, and
// returns how many of them only wait, by who started them. It returns nil if they do not come to
// that: then there is nothing to be said.
func (e *Engine) settle() map[string]int {
	given, trace, steps, bound, stuck := e.strategy, e.trace, e.steps, e.bound, e.stuck
	e.strategy, e.trace, e.since, e.bound = strategy.NewReplay(nil), nil, steps, settleSteps
	e.exhaust()
	settled := e.stuck == nil
	e.strategy, e.trace, e.steps, e.since, e.bound, e.stuck = given, trace, steps, steps, bound, stuck
	if !settled {
		return nil
	}
	left := map[string]int{}
	for _, w := range e.workers[e.own:] {
		if !w.done {
			left[startedBy(w.g)]++
		}
	}
	return left
}

// exhaust runs all goroutines that can go on until none can, or they have had their points.
func (e *Engine) exhaust() {
	if e.stuck != nil {
		return
	}
	setBits(draws)
	defer setBits(0)
	for fired := 0; e.stuck == nil; {
		e.adopt()
		next := e.next(false)
		if next == nil {
			if fired++; fired > settleTimers || !e.fires() {
				return
			}
			continue
		}
		e.goOn(next)
	}
}

// leftMore returns who started more goroutines that are left than there are of a map that was
// only made and closed.
func (e *Engine) leftMore() (all []string) {
	for name, n := range e.settle() {
		if n > e.daemons[name] {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

// startedBy names the function that started a goroutine.
func startedBy(g uintptr) string {
	return placeOf(creator(g)).Func
}
