package target

import (
	"fmt"
	"slices"
	"strings"
)

// A Level is how strong a promise is. The zero Level is Linearizable, so that
// what nobody relaxed is checked in full.
type Level uint8

const (
	// Linearizable: each op takes effect at one instant between its call and
	// its return.
	Linearizable Level = iota
	// Weak, for Range and Clone: no key twice, no key or value that was never
	// there, and a key that nobody touched meanwhile must appear. It promises
	// no instant at which all of it was true.
	Weak
	// Bounds, for Len and IsEmpty: between what must be there and what may be there while
	// others write; exact once all is at rest.
	Bounds
	// PerKey, for Clear, Range and Clone: every key is deleted, or looked at, at some
	// instant of the call, not all at the same one.
	PerKey
	// Lossy, for a whole cache (Contract.Load): an entry may vanish at any time.
	Lossy
	// AtRest, for Len and IsEmpty: exact once all is at rest, and anything, even less than nothing,
	// while others write: a sum of counters that are read one after the other.
	AtRest
	// PerEntry, for Range: Weak, but that a key which is deleted and stored again meanwhile is
	// another entry, and may be met again, as by a loop over a built-in map whose lock is not
	// held while the function is called.
	PerEntry
	// Repeating, for Range: Weak, but that a key may be met again while others write, as
	// where a Range goes on in a table that has grown meanwhile.
	Repeating
	// Unchecked: nothing is promised, and nothing is checked.
	Unchecked
)

var levelNames = []string{"linearizable", "weak", "bounds", "per-key", "lossy", "at-rest", "per-entry", "repeating", "unchecked"}

// String returns the level's name, such as "per-key".
func (l Level) String() string {
	if int(l) >= len(levelNames) {
		return fmt.Sprintf("level(%d)", uint8(l))
	}
	return levelNames[l]
}

// ParseLevel is the inverse of String.
func ParseLevel(name string) (Level, error) {
	i := slices.Index(levelNames, name)
	if i < 0 {
		return 0, fmt.Errorf("unknown level %q; want one of %s", name, strings.Join(levelNames, ", "))
	}
	return Level(i), nil
}

// A Promise is what the documentation says of one method.
type Promise struct {
	Level Level
	Quote string // the documentation's own sentence, shown when it is broken
}

// A Callback is what the documentation says of the function that a method is given. Of
// the zero Callback it says no more than that the function is called once: it does not
// call the map itself, for which many maps would wait for ever, and it does not panic.
type Callback struct {
	// Calls: it may call any method of the map, on any key.
	Calls bool `json:"calls,omitempty"`
	// Panics: it may panic. The panic comes out of the method, which leaves everything as
	// it was, and the map goes on working.
	Panics bool `json:"panics,omitempty"`
	// Again: it may be called more than once, the last time with what is true then.
	Again bool   `json:"again,omitempty"`
	Quote string `json:"quote,omitempty"` // the documentation's own sentence
}

// Progress is what the documentation says of ops that others have left unfinished. Of the
// zero Progress that is nothing: any op may wait for any other.
type Progress struct {
	// Reads: a Load returns although others have stopped in the midst of their ops, and stay
	// there; it waits for no lock, and for nobody in a loop.
	Reads bool   `json:"reads,omitempty"`
	Quote string `json:"quote,omitempty"` // the documentation's own sentence
}

// A Contract is what a map's documentation promises, method by method. The zero
// Contract promises that every method is linearizable.
//
// What the documentation allows is never reported; what it promises is, with
// the broken promise quoted.
type Contract struct {
	// Unsafe says that the map is documented as not for concurrent use. Its
	// failures are a survey, not bugs.
	Unsafe bool
	// Source names the documentation that the quotes are from.
	Source string

	Load, Store, LoadOrStore, LoadAndDelete, Delete, Swap,
	CompareAndSwap, CompareAndDelete, Compute, Increment,
	Range, Len, IsEmpty, Clear, Clone Promise

	// What the functions of Compute and Range may do, and suffer.
	InCompute, InRange Callback

	Progress Progress
}

// Usual returns what can be expected of a concurrent map of which no more is known: each
// op on a key is linearizable; ops on the whole map go from key to key, and its length is
// exact once all is at rest.
func Usual() Contract {
	return Contract{
		Source:  "what is usual",
		Range:   Promise{Level: PerEntry, Quote: "no entry twice, nothing that was never there, untouched keys appear"},
		Clone:   Promise{Level: Weak, Quote: "no key twice, nothing that was never there, untouched keys appear"},
		Len:     Promise{Level: AtRest, Quote: "exact at rest"},
		IsEmpty: Promise{Level: AtRest, Quote: "exact at rest"},
		Clear:   Promise{Level: PerKey},
	}
}
