package scheduler

import (
	"runtime"
	"sync/atomic"
)

// A meeting starts workers within nanoseconds of each other. Waking a parked
// goroutine takes longer than a whole short schedule, on a virtual machine ten
// times longer: workers that are woken run one after the other, and nothing
// overlaps. So these stay awake: one goroutine, the caller, calls a round, and
// the attending ones watch for it in a busy loop.
type meeting struct {
	size    int64         // how many, with the caller, can run at the same time
	round   atomic.Uint64 // the round that has been called; closing is the last
	arrived atomic.Int64  // in all rounds so far
	closed  atomic.Bool
}

// patience bounds a busy wait, in turns of a few nanoseconds. A worker that has
// not come by then has no processor.
const patience = 1 << 13

// call starts the next round, and returns once as many as can run are there.
func (m *meeting) call() {
	round := m.round.Add(1)
	m.meet(round)
}

// attend waits for a round to be called, and then as call does. It answers
// false once the meeting is closed.
func (m *meeting) attend(round uint64) bool {
	for i := 0; m.round.Load() < round; i++ {
		if m.closed.Load() {
			return false
		}
		if i%256 == 255 {
			runtime.Gosched() // there may be more workers than processors
		}
	}
	m.meet(round)
	return true
}

// meet counts the caller in, and waits until the round is complete: until size
// of its members have arrived.
func (m *meeting) meet(round uint64) {
	complete := int64(round) * m.size
	if m.arrived.Add(1) > complete {
		m.arrived.Add(-1) // one too many to run at the same time: late, and not waited for
		return
	}
	for i := 0; m.arrived.Load() < complete && i < patience; i++ {
	}
}

func (m *meeting) close() { m.closed.Store(true) }
