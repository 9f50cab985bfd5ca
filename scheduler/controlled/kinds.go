package controlled

import "github.com/mapstress/mapstress/scheduler/strategy"

// The kinds of point, as the runtime numbers them.
const (
	read    = 1 + iota // plain
	write              // plain
	load               // atomic
	store              // atomic
	change             // atomic add, swap, and, or
	swap               // atomic compare-and-swap
	lock               // is about to take a Mutex
	block              // found it taken
	taken              // has it
	unlock             // is about to give it back
	yield              // Gosched, Sleep
	channel            // is about to send, to receive or to close
	touch              // uses a channel, too, as a select does with all of its own
	call               // of an op
	back               // its return
	wait               // goes on after a wait in the runtime
	begins             // of a goroutine
	kinds
)

// kindOf is what a strategy makes of a kind. A channel is changed by whoever uses it.
var kindOf = [kinds]strategy.Kind{
	read: strategy.Read, write: strategy.Write, load: strategy.AtomicRead, store: strategy.AtomicWrite,
	change: strategy.AtomicWrite, swap: strategy.AtomicWrite, lock: strategy.Lock, block: strategy.Lock,
	unlock: strategy.Unlock, yield: strategy.Yield, channel: strategy.AtomicWrite,
	taken: strategy.Lock, touch: strategy.AtomicWrite,
	call: strategy.Call, back: strategy.Return, wait: strategy.Wait, begins: strategy.Other,
}

var kindNames = [kinds]string{
	read: "read", write: "write", load: "atomic load", store: "atomic store", change: "atomic add or swap",
	swap: "compare-and-swap", lock: "lock", block: "lock", unlock: "unlock", yield: "yield", channel: "channel",
	call: "call", back: "return", wait: "woken", begins: "begin",
}

// The bits that a goroutine has, as the runtime numbers them.
const (
	draws  = 1  // chance and time are the run's
	points = 2  // it can be stopped
	plain  = 32 // at plain accesses, too
)

// What switchTo returns.
const (
	handed = iota // by the engine
	parked
	ended
)

// news is what the runtime has to tell. It is the runtime's memory, of the same layout.
type news struct {
	count int // of what is below, in all
	fresh int // goroutines that were started
	woken int
	clock int64 // of the run, in ns
	due   int64 // when the next timer is; 0 is never
	// quiet is how many of the next accesses and atomics need not be told, as long as there is
	// nothing to read and no timer is due; the runtime counts it down.
	quiet int
	goes  [128]uintptr
	woke  [128][2]uintptr // by whom, and who
}
