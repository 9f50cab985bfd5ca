package history

import (
	"sync/atomic"
	"time"
)

// A Clock stamps invocations and responses. Its two forms trade perturbation
// for certainty:
//
// The monotonic clock shares nothing between workers, so it neither orders
// them nor hides a race; it is sound where the time-stamp counters of all cores
// agree. The atomic clock is one counter that every stamp increments: its order
// is beyond doubt, and its full barrier around every op can hide the very bug
// that is sought. So the first searches and the second confirms.
//
// What a stamp must not do is come too early on a return, or too late on a call. The
// system reads the counter behind a fence that waits for earlier loads (LFENCE or RDTSCP
// on amd64, ISB on arm64), so a stamp is not taken before the op has read what it
// answers, nor an op's loads before the stamp of its call. A fence for loads does not
// wait for stores. On amd64 that matters little: Go's atomic stores and unlocks are
// locked instructions, which leave nothing behind in the store buffer, and a map whose
// op ends in a plain store is racy already. On arm64 they are store-releases, which may
// become visible some hundred nanoseconds after the stamp that follows: another core's
// op, called after that by the clock, may honestly not see them. By the monotonic clock
// alone such a history would need a margin: an op would be before another only if it
// returned so much earlier. There is none, since nothing is reported on that clock's word:
// what needs an order to be wrong is run again under the atomic one, whose increment is
// an acquire and a release, so that all that came before it is visible to whoever draws
// a later number. All that a missing margin costs is a suspicion that is not confirmed.
//
// Each op takes two stamps. One for the return of an op and the call of the next
// would do for half the price, were it not that equal stamps mean concurrent: a
// worker's own order would be lost, and with it most of what a history proves. To
// order them by hand would order those of others, who read the clock in the same
// nanosecond, on no evidence. And what a worker does between two ops would count
// as overlap.
type Clock struct {
	base    time.Time
	counter *atomic.Int64 // nil for the monotonic clock
}

// NewClock returns a clock that starts now. It is safe for concurrent use.
func NewClock(atomicStamps bool) Clock {
	if atomicStamps {
		return Clock{counter: new(atomic.Int64)}
	}
	return Clock{base: time.Now()}
}

// Now returns nanoseconds since the clock was made, or the next count.
func (c *Clock) Now() int64 {
	if c.counter != nil {
		return c.counter.Add(1)
	}
	return int64(time.Since(c.base))
}

// A Log is what one worker writes down while it runs, in memory that outlives
// it: the words may be shared with another process, which reads them after this
// one has died.
//
// A Log is written by its worker alone, and read by others only after that
// goroutine (or process) has ended. No lock, on purpose: a lock would order the
// workers, and hide the races we are looking for.
type Log struct {
	words []uint64 // count, padding, then a record for each op
}

const (
	logHeader = 2 // words: how many ops have begun, and in which run
	record    = 4 // words: Inv, Ret, Out, and OK and Swallowed in the lowest bits below Calls
	flagOK    = 1
	swallowed = 2
	oneCall   = 4

	notCalled = Pending // the Inv of an op that was passed over
)

// LogWords returns how many words a log of that many ops takes, a multiple of a
// cache line.
func LogWords(ops int) int { return (logHeader + record*ops + 7) &^ 7 }

// NewLog returns a log over words, of which there must be LogWords(ops).
func NewLog(words []uint64) Log { return Log{words: words} }

// Reset forgets every record. From now on the log is of that run.
func (l *Log) Reset(run uint64) { l.words[0], l.words[1] = 0, run }

// Run returns which run the log is of.
func (l *Log) Run() uint64 { return l.words[1] }

// Begin notes that op i is about to be called.
func (l *Log) Begin(i int, inv int64) {
	r := l.words[logHeader+record*i:][:record]
	r[0], r[1], r[3] = uint64(inv), Pending, 0
	l.words[0] = uint64(i + 1)
}

// Called notes that op i, a Compute, has called its function once more.
func (l *Log) Called(i int) { l.words[logHeader+record*i+3] += oneCall }

// Skip notes that op i, inside another one, is passed over.
func (l *Log) Skip(i int) {
	l.words[logHeader+record*i] = notCalled
	l.words[0] = uint64(i + 1)
}

// Skipped reports whether op i, which has begun or was passed over, was that.
func (l *Log) Skipped(i int) bool { return l.words[logHeader+record*i] == notCalled }

// Swallowed notes that the panic of op i's function did not come out of it.
func (l *Log) Swallowed(i int) { l.words[logHeader+record*i+3] |= swallowed }

// End notes what op i answered.
func (l *Log) End(i int, ret int64, out uint64, ok bool) {
	r := l.words[logHeader+record*i:][:record]
	r[2] = out
	if ok {
		r[3] |= flagOK
	}
	r[1] = uint64(ret)
}

// Len returns how many ops have begun: at most how many the log has room for,
// whatever a dying process left in the count.
func (l *Log) Len() int {
	room := (len(l.words) - logHeader) / record
	if n := l.words[0]; n < uint64(room) {
		return int(n)
	}
	return room
}

// Inv returns when op i was called.
func (l *Log) Inv(i int) int64 { return int64(l.words[logHeader+record*i]) }

// Event fills in what the log knows of op i.
func (l *Log) Event(i int, e *Event) {
	r := l.words[logHeader+record*i:][:record]
	e.Inv, e.Ret, e.Out, e.OK = int64(r[0]), int64(r[1]), r[2], r[3]&flagOK != 0
	e.Swallowed = r[3]&swallowed != 0
	if e.Ret != Pending {
		e.Calls = int(r[3] / oneCall)
	}
}
