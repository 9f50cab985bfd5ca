package history

import "math"

// Pending is the Ret of an event whose op never returned.
const Pending = math.MaxInt64

// An Event is one op as it happened.
type Event struct {
	Op
	Worker int
	// Inv was stamped before the call and Ret after it, both by the calling
	// goroutine. One event happened before another only if its Ret is strictly
	// less than the other's Inv; equal stamps mean concurrent.
	Inv, Ret int64
	// Out and OK are what the method answered; which of them means anything
	// depends on the kind:
	//
	//	Load, LoadAndDelete, Swap, Compute   Out the value found, OK whether there was one
	//	LoadOrStore                          Out the value now in the map, OK whether it was loaded
	//	CompareAndSwap, CompareAndDelete     OK whether it happened
	//	Store, Delete                        OK whether there was an entry, if Told
	//	Len                                  Out the length (a negative one as two's complement)
	//	IsEmpty                              OK whether it is empty
	//
	// Of a Compute whose function panicked, they are what that was shown.
	Out uint64
	OK  bool
	// Told is set of a Store or a Delete that answered; others of them say nothing.
	Told bool
	// Answer is what a Custom that returned answered, in words of its target's.
	Answer string
	// Calls is how often a Compute that returned had called its function; Out
	// and OK are what the last call was shown. It is 0 for other kinds.
	Calls int
	// Swallowed is set if the op's function panicked, and the panic did not come out of
	// the method.
	Swallowed bool
	// Seen is what Range yielded, in order, or what a Clone was found to hold
	// once the run was over. It is nil for other kinds.
	Seen *Contents
}

// Overlaps reports whether the two events' intervals intersect.
func (e *Event) Overlaps(f *Event) bool { return e.Inv <= f.Ret && f.Inv <= e.Ret }

// An Entry is one key and value, as codes.
type Entry struct{ Key, Value uint64 }

// A Reading is the answer of one Load.
type Reading struct {
	Entry
	OK bool
}

// Contents is what was read of one map: a Range's yield, a clone, or the map at
// rest. A method that the map lacks leaves its part nil (or HasLen or HasEmpty false).
type Contents struct {
	Loads   []Reading // each key of the run by Load, ascending
	Entries []Entry   // what Range yielded, in its order
	Ranged  bool      // Entries is complete: Range was called and ran to its end
	Len     int
	HasLen  bool
	// Empty is what IsEmpty answered, if HasEmpty.
	Empty, HasEmpty bool
}

// A History is everything one run did. Every key and value is a code.
type History struct {
	// Earlier is how many runs there were before on the same map.
	Earlier int
	// Prefill is what the map held before the first event, by ascending key.
	Prefill []Entry
	// Events are in order of Inv; those of one worker are in its program order. The
	// interval of one that is called inside another lies within the other's.
	Events []Event
	// Rest is the map read back by one goroutine after every worker had ended;
	// nil if the run did not get that far.
	Rest *Contents
	// Foreign describes the first few values that no codec call ever made: torn
	// values and the like, which appear as the code target.Foreign.
	Foreign []string
}
