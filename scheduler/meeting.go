package scheduler

import (
	"runtime"
	"sync/atomic"
	"time"

	"github.com/mapstress/mapstress/history"
)

// A meeting starts workers within some ten nanoseconds of each other. Waking a
// parked goroutine takes longer than a whole short schedule, on a virtual
// machine ten times longer: workers that are woken run one after the other, and
// nothing overlaps. So these stay awake: one goroutine, the caller, calls a
// round, and the attending ones watch for it in a busy loop. The last one to
// come names a moment to start at, for it would be well ahead of the rest if it
// started at once.
type meeting struct {
	size       int64 // how many, with the caller, can run at the same time
	processors int
	turns      int           // of a busy wait, before it yields
	base       time.Time     // what start counts from
	apart      time.Duration // how long members that have spread are left alone
	parting    atomic.Int64  // when they were last told to spread
	closed     atomic.Bool

	// What is written while others watch has a cache line of its own for each writer:
	// it takes up to half a microsecond to get from one processor to another.
	_        [line]byte
	round    atomic.Uint64 // the round that has been called
	start    atomic.Int64  // when it starts; 0 while somebody is missing
	next     assignment    // what it is about
	_        [line]byte
	arrived  atomic.Int64 // in all rounds so far
	_        [line]byte
	finished atomic.Int64 // likewise
	_        [line]byte
	chore    chore
	_        [line]byte
}

// An assignment is what workers are told of a run.
type assignment struct {
	clock  history.Clock
	number int
	turn   uint64 // how many there were, with this one
	lane   int    // whose map it is on
}

// line is the size of a cache line in bytes, or of two where the processor fetches them
// in pairs.
const line = 128

const (
	// patience bounds a busy wait, in turns of a few nanoseconds. A worker that
	// has not come by then has no processor.
	patience = 1 << 13
	// notice is how long before the start it is named: long enough for the
	// news to reach the other processors.
	notice = 200 * time.Nanosecond
	// awake is how long a worker stays awake for the next run: as long as it
	// takes to fill a map of a thousand entries, and to read it back.
	awake = 500 * time.Microsecond
	// brief is how long the engine stays awake for its workers.
	brief = 100 * time.Microsecond
	// nap is how long a sleep is asked for; it gets longer.
	nap = 10 * time.Microsecond
	// apart is how long members that have spread are left alone. It is longer where
	// some have no processor anyway, so that others wait in vain on an idle machine, too.
	apart, apartInCrowd = time.Millisecond, 5 * time.Millisecond
)

// call starts the next round, and returns its number.
func (m *meeting) call() uint64 {
	m.start.Store(0)
	return m.round.Add(1)
}

// attend waits for a round after the last one to be called, or for a chore if the caller does any,
// or for the end.
func (m *meeting) attend(last uint64, chores bool) occasion {
	r := rests{limit: awake, turns: m.turns, left: m.turns}
	for m.round.Load() <= last {
		switch {
		case m.closed.Load():
			return theEnd
		case chores && m.chore.state.Load() == offered:
			return aChore
		}
		r.turn()
	}
	return aRound
}

// An occasion is what an attending worker waits for.
type occasion int

const (
	aRound occasion = iota
	aChore
	theEnd
)

// complete reports whether as many members have come to the round as can run at the same time.
func (m *meeting) complete(round uint64) bool { return m.arrived.Load() >= int64(round)*m.size }

// finish counts the caller out of the round.
func (m *meeting) finish() { m.finished.Add(1) }

// await waits until that many, the attending ones of all rounds so far, have
// finished. Parking instead would have the last of them wake the caller on its
// own processor, where it is then in the caller's way.
func (m *meeting) await(finished int64) {
	r := rests{limit: brief, turns: m.turns, left: m.turns}
	for m.finished.Load() < finished {
		r.turn()
	}
}

// rests are what a busy wait takes now and then. They let other goroutines run,
// and after a while other threads: where the machine has more to do than
// processors to do it on, who waits in a busy loop keeps whom he waits for from
// running, for a time slice of milliseconds.
type rests struct {
	since       time.Time     // the first one
	limit       time.Duration // from then on, after which it sleeps
	turns, left int           // between two, and until the next one
}

// turn is called in each turn of the loop.
func (r *rests) turn() {
	if r.left--; r.left > 0 {
		return
	}
	r.left = r.turns
	switch {
	case r.since.IsZero():
		r.since = time.Now()
	case time.Since(r.since) > r.limit:
		time.Sleep(nap)
		return
	}
	runtime.Gosched()
}

// open readies a meeting of that many members, the caller included, and followers.
func (m *meeting) open(members, followers int) {
	m.base = time.Now()
	m.parting.Store(1) // and so they spread at once
	m.processors = min(runtime.GOMAXPROCS(0), runtime.NumCPU())
	m.size = int64(min(members, m.processors))
	m.turns, m.apart = 1<<13, apart
	if members+followers > m.processors {
		m.turns, m.apart = 1<<8, apartInCrowd // some have no processor while others wait
	}
}

// meet counts the caller in, and waits until the round is complete: until size
// of its members have arrived.
func (m *meeting) meet(round uint64) {
	complete := int64(round) * m.size
	switch n := m.arrived.Add(1); {
	case n > complete:
		m.arrived.Add(-1) // one too many to run at the same time: late, and not waited for
		return
	case n == complete:
		m.start.Store(int64(time.Since(m.base) + notice))
	}
	if !m.follow() {
		m.part()
	}
}

// follow waits for the start of the round, and reports whether it came. Who only follows
// is not waited for.
func (m *meeting) follow() bool {
	for i := 0; m.start.Load() == 0; i++ {
		if i == patience {
			return false
		}
	}
	for start := m.start.Load(); int64(time.Since(m.base)) < start; {
	}
	return true
}

// part has all members spread, if they have not just done so: one of them had no
// processor. The system lets two threads share one for a long time before it moves one of
// them to another that has some little thing to do.
func (m *meeting) part() {
	now, last := int64(time.Since(m.base)), m.parting.Load()
	if now-last > int64(m.apart) {
		m.parting.CompareAndSwap(last, now)
	}
}

// keepApart has the n-th member spread when it is to; last is when it last did.
func (m *meeting) keepApart(n int, last *int64) {
	if told := m.parting.Load(); told != *last && m.size > 1 {
		*last = told
		spread(n)
	}
}

func (m *meeting) close() { m.closed.Store(true) }
