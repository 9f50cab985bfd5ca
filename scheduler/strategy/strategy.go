// Package strategy decides who runs next.
//
// In controlled mode one worker runs at a time, and it may be stopped at every point: a
// memory access, an atomic op, a lock, a wait. At each point where more than one worker
// could go on, a [Strategy] picks one. What it picked is all that is needed to run the same
// interleaving again.
//
// [Random], [PCT], [POS] and [SURW] go by chance, each with odds of its own, which it states;
// all they do follows from a seed. [Exhaustive] leaves nothing out but what is equivalent, and
// [Replay] does as it is told. A [Portfolio] shares runs among several. [Decisions] have a text
// form, and [Shrink] looks for fewer of them.
//
// Strategies know nothing of maps, nor of how a worker is stopped, and are tested on small
// programs that are only simulated. None of them allocates once it has seen a program, but to
// report what does not fit.
package strategy

// A Kind says what a worker is about to do at a point.
type Kind uint8

// The kinds of point.
const (
	Other       Kind = iota // nothing that another worker could notice
	Read                    // a plain read
	Write                   // a plain write
	AtomicRead              // an atomic load
	AtomicWrite             // an atomic store, add, swap or compare-and-swap, successful or not
	Lock                    // take a lock; the worker is not enabled while it is held
	Unlock                  // give it back
	Wait                    // go on after a wait for another worker: a channel, a semaphore
	Spawn                   // start another worker
	Yield                   // ask to be passed over: Gosched, a sleep, a loop that only reads
	End                     // nothing more
	Call                    // call an op: what it answers is judged from here on
	Return                  // return from one
)

// Writes says whether what the kind does can change what other workers see.
func (k Kind) Writes() bool { return k.writes() != 0 }

// writes is 1 if it does, and 0 if not: which it is cannot be guessed, and a branch that is guessed
// wrong takes longer than all else at a decision.
func (k Kind) writes() uint64 {
	const all = 1<<Write | 1<<AtomicWrite | 1<<Lock | 1<<Unlock
	return all >> (k & 63) & 1
}

// A Point is a place where a worker may be stopped: what it does as soon as it goes on.
type Point struct {
	// Addr is the address of the first byte, numbered by first touch in the run: 1, 2, and
	// so on, in such a way that bytes of one object that lie side by side are numbered side
	// by side. There may be gaps of any size between objects. 0 is no address.
	Addr uint64
	// Size is the number of bytes; 0 is one.
	Size uint32
	Kind Kind
}

// Conflicts says whether the order of the two, done by different workers, can matter:
// they touch a byte in common, and one of them writes; or an op is called and another
// returns, for then a judge may ask which was first. What has no address, as a hand-over
// by channel, is for the engine to give one to: that of the channel, as an AtomicWrite.
func (p Point) Conflicts(q Point) bool {
	if p.Kind >= Call || q.Kind >= Call {
		return p.Kind == Call && q.Kind == Return || p.Kind == Return && q.Kind == Call
	}
	return p.touches(&q) != 0
}

// touches is 1 if the two have a byte in common, and one of them writes. Addresses are
// less than 2^63.
func (p *Point) touches(q *Point) uint64 {
	overlap := (p.Addr - q.end()) & (q.Addr - p.end()) >> 63
	return overlap & (p.Kind.writes() | q.Kind.writes()) & (-p.Addr & -q.Addr >> 63)
}

// end is the address behind the last byte.
func (p *Point) end() uint64 { return p.Addr + uint64(max(p.Size, 1)) }

// A View is what can be seen when somebody is to be picked. It is the engine's, and good
// until Pick returns.
type View struct {
	// Enabled are the workers that can go on, in ascending order: at least two.
	Enabled []int
	// Current is the worker that ran last, -1 in the beginning. Stays says that it is among
	// the enabled ones, and Yields that it asked to be passed over.
	Current       int
	Stays, Yields bool
	// Pending says, by worker, what each does when it goes on.
	Pending []Point
}

// A Strategy decides. It is not safe for concurrent use, nor need it be: one worker runs at
// a time.
type Strategy interface {
	// Begin starts a run of so many workers; more may be spawned in it, numbered on. It
	// returns false if the strategy has no further run to make.
	Begin(workers int) bool
	// Pick returns the worker that goes on, one of v.Enabled.
	Pick(v *View) int
	// Step tells that a worker goes on with what it was to do: at every point, also at those
	// where there was nothing to decide.
	Step(worker int, p Point)
	// Finish ends the run that was begun.
	Finish()
}

// A Listener is a strategy that is also told who waited for whom. It may do without: what
// it takes for concurrent then may not be.
type Listener interface {
	// Enable tells that another worker can go on, or is there at all, because of what the
	// one did in its last step: it woke it, or spawned it. It is called after that Step.
	Enable(by, other int)
	// Left tells, before Finish, what a worker that has not ended was still to do: it waits
	// for ever, or the run had too many steps. Had the order been another, it could have.
	Left(worker int, p Point)
}
