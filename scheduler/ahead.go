package scheduler

import (
	"runtime"
	"sync/atomic"
)

// Ahead is the map of the next run. While the engine reads a map back, and its history is judged,
// a worker that is awake has nothing to do, and its processor neither: it makes and fills that map.
// With some hundred entries this is most of the time that a run takes.
//
// That is done where the maps are known to be apart. Somebody's own function may do other things
// than to make a map, such as to reset what they share, or to close the one before. A map that is to
// be closed may have something that it shares with no other; of such there is only one at a time. So
// there is of those that start goroutines, or it could not be told whose are left.
type ahead struct {
	able       bool
	goroutines int // that there were at the run before
	more       int // for how many runs there have been more each time
	lane       *lane
	fill       func() // made once
	err        error
	filling    bool // somebody does, is to, or has
}

// provide makes a second lane.
func (e *Engine) provide() {
	a := &e.ahead
	if a.lane != nil {
		return
	}
	a.lane = newLane(1, e.variant.New())
	a.fill = func() { a.err = e.renew(a.lane) }
	for _, w := range e.workers {
		w.enter(a.lane)
	}
}

// count sees maps that start goroutines. It takes more than one: that of a map may be hidden by
// another which ends meanwhile, as those of an engine that was closed do, and another may come.
func (a *ahead) count() {
	before := a.goroutines
	a.goroutines = runtime.NumGoroutine()
	if a.goroutines <= before {
		a.more = 0
		return
	}
	a.more++
	a.able = a.able && a.more < 2
}

// fillAhead has the map of the next run made and filled.
func (e *Engine) fillAhead() {
	if e.ahead.able && e.ahead.more == 0 {
		e.ahead.filling = true
		e.crew.meeting.chore.offer(e.ahead.fill)
	}
}

// join waits for the map that is being filled, and takes it; false if there is none.
func (e *Engine) join() bool {
	if !e.ahead.filling {
		return false
	}
	e.phase(Setup)
	c := &e.crew.meeting.chore
	c.try()
	for r := (rests{limit: brief, turns: patience, left: patience}); c.state.Load() != noChore; {
		r.turn()
	}
	e.ahead.filling = false
	e.lane, e.ahead.lane = e.ahead.lane, e.lane
	return true
}

// withdraw sees to it that no map is being filled.
func (e *Engine) withdraw() {
	if !e.crew.meeting.chore.state.CompareAndSwap(offered, noChore) {
		e.join()
	}
}

// A chore is for a worker that is awake and has nothing to do.
type chore struct {
	state atomic.Int32
	do    func()
}

const (
	noChore int32 = iota
	offered
	taken
)

func (c *chore) offer(do func()) {
	c.do = do
	c.state.Store(offered)
}

// try does the chore, unless there is none, or somebody else does.
func (c *chore) try() {
	if c.state.Load() != offered || !c.state.CompareAndSwap(offered, taken) {
		return
	}
	done := false
	defer func() {
		if !done {
			ExitGuard()
		}
	}()
	c.do()
	done = true
	c.state.Store(noChore)
}
