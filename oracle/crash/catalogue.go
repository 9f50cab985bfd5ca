package crash

import (
	"strings"

	"github.com/mapstress/mapstress/oracle"
)

// A text is something that the runtime prints when it dies, and what it means.
type text struct {
	kind    kind   // where it counts: after "fatal error: " or after "panic: "
	want    string // a part of the message, found anywhere in it
	class   oracle.Class
	rule    string
	meaning string // becomes the Detail
	frames  frameRule
	inside  bool // class is Panic instead if the tester's own code raised it
}

// A frameRule says which frames are the same whenever the same bug strikes.
type frameRule uint8

const (
	ofNobody  frameRule = iota // chance decides who notices
	ofCause                    // the goroutine that failed
	ofCycle                    // a recursion, hit at a random point
	ofWaiters                  // everybody who waits
)

const (
	nilText        = "invalid memory address or nil pointer dereference"
	nilDereference = "nil dereference"
	outOfMemory    = "out of memory"
)

// The catalogue, most telling text first: the first match wins. To teach the
// package a new text, add a line; it goes before the entries whose text it
// contains. Messages that match nothing here get their own words as the rule.
var catalogue = []text{
	// The built-in map's own checks, and its broken insides.
	{kind: fatal, want: "small map with no empty slot", class: oracle.FatalError, rule: "small map with no empty slot",
		meaning: "a writer found no room where the map promised some: writers broke a small map"},
	{kind: fatal, want: "concurrent map writes", class: oracle.FatalError, rule: "concurrent map writes",
		meaning: "two goroutines wrote a built-in map at once"},
	{kind: fatal, want: "concurrent map read and map write", class: oracle.FatalError, rule: "concurrent map read and map write",
		meaning: "a goroutine read a built-in map while another wrote it"},
	{kind: fatal, want: "concurrent map iteration and map write", class: oracle.FatalError, rule: "concurrent map iteration and map write",
		meaning: "a goroutine ranged over a built-in map while another wrote it"},
	{kind: fatal, want: "concurrent map clone and map write", class: oracle.FatalError, rule: "concurrent map clone and map write",
		meaning: "a goroutine cloned a built-in map while another wrote it"},
	{kind: fatal, want: "bad map state", class: oracle.FatalError, rule: "bad map state",
		meaning: "a growing built-in map held an entry in no valid state (Go before 1.24)"},

	// Waiting for ever.
	{kind: fatal, want: "all goroutines are asleep - deadlock!", class: oracle.Hang, rule: "deadlock", frames: ofWaiters,
		meaning: "every goroutine waits for another"},
	{kind: fatal, want: "no goroutines (main called runtime.Goexit) - deadlock!", class: oracle.Hang, rule: "deadlock",
		meaning: "main called runtime.Goexit and nobody is left"},

	// Locks used against their rules.
	{kind: fatal, want: "sync: unlock of unlocked mutex", class: oracle.FatalError, rule: "unlock of unlocked mutex", frames: ofCause,
		meaning: "a sync.Mutex was unlocked that nobody held"},
	{kind: fatal, want: "sync: RUnlock of unlocked RWMutex", class: oracle.FatalError, rule: "RUnlock of unlocked RWMutex", frames: ofCause,
		meaning: "a sync.RWMutex was released by a reader that nobody held it for"},
	{kind: fatal, want: "sync: Unlock of unlocked RWMutex", class: oracle.FatalError, rule: "Unlock of unlocked RWMutex", frames: ofCause,
		meaning: "a sync.RWMutex was released by a writer that nobody held it for"},
	{kind: fatal, want: "sync: inconsistent mutex state", class: oracle.FatalError, rule: "inconsistent mutex state", frames: ofCause,
		meaning: "a sync.Mutex was copied or overwritten"},

	// Out of something.
	{kind: fatal, want: "goroutine stack exceeds", class: oracle.FatalError, rule: "stack overflow", frames: ofCycle,
		meaning: "a recursion had no end"},
	{kind: fatal, want: "stack overflow", class: oracle.FatalError, rule: "stack overflow", frames: ofCycle,
		meaning: "a recursion had no end"},
	{kind: fatal, want: "morestack on g0", class: oracle.FatalError, rule: "system stack overflow",
		meaning: "the runtime ran out of its own stack"},
	{kind: fatal, want: "failed to reserve page summary memory", rule: "no address space",
		meaning: "the process could not start under its memory limit"},
	{kind: fatal, want: "newosproc", rule: "no threads",
		meaning: "the system refused another thread"},
	{kind: fatal, want: "mapstress: too many", rule: "too many at once",
		meaning: "more goroutines were started or woken at once than controlled runs can follow"},
	{kind: fatal, want: "out of memory", class: oracle.FatalError, rule: outOfMemory,
		meaning: "the process reached its memory limit"},
	{kind: fatal, want: "cannot allocate memory", class: oracle.FatalError, rule: outOfMemory,
		meaning: "the process reached its memory limit"},

	// Memory that somebody else spoiled: whoever trips over it is innocent.
	{kind: fatal, want: "found bad pointer in Go heap", class: oracle.FatalError, rule: "found bad pointer in Go heap",
		meaning: "the garbage collector met a pointer to nowhere"},
	{kind: fatal, want: "sweep increased allocation count", class: oracle.FatalError, rule: "sweep increased allocation count",
		meaning: "the garbage collector found freed memory in use"},
	{kind: fatal, want: "unlock of unlocked lock", class: oracle.FatalError, rule: "unlock of unlocked lock",
		meaning: "a lock inside the runtime was overwritten"},
	{kind: fatal, want: "unexpected signal during runtime execution", class: oracle.Sigsegv, rule: "fault in the runtime",
		meaning: "the runtime itself followed a wild pointer"},

	// Faults that no recover can catch.
	{kind: fatal, want: "[signal SIGBUS", class: oracle.Sigsegv, rule: "bus error", frames: ofCause,
		meaning: "an address has no memory behind it"},
	{kind: fatal, want: "unexpected fault address", class: oracle.Sigsegv, rule: "wild pointer", frames: ofCause,
		meaning: "a pointer that is neither nil nor valid was followed"},
	{kind: fatal, want: "fatal error: fault", class: oracle.Sigsegv, rule: "wild pointer", frames: ofCause,
		meaning: "a pointer that is neither nil nor valid was followed"},
	{kind: fatal, want: "index out of range", class: oracle.Sigsegv, rule: "index out of range", frames: ofCause,
		meaning: "the runtime indexed past the end of its own data"},
	{kind: fatal, want: "slice bounds out of range", class: oracle.Sigsegv, rule: "slice bounds out of range", frames: ofCause,
		meaning: "the runtime sliced past the end of its own data"},

	// Panics.
	{kind: panicked, want: nilText, class: oracle.Sigsegv, rule: nilDereference, frames: ofCause,
		meaning: "a nil pointer was followed"},
	{kind: panicked, want: "index out of range", class: oracle.Sigsegv, rule: "index out of range", frames: ofCause, inside: true,
		meaning: "an index was out of range"},
	{kind: panicked, want: "slice bounds out of range", class: oracle.Sigsegv, rule: "slice bounds out of range", frames: ofCause, inside: true,
		meaning: "a slice expression was out of range"},
	{kind: panicked, want: "hash of unhashable type", class: oracle.Panic, rule: "hash of unhashable type", frames: ofCause,
		meaning: "a key has no hash"},
	{kind: panicked, want: "assignment to entry in nil map", class: oracle.Panic, rule: "assignment to entry in nil map", frames: ofCause,
		meaning: "a built-in map was written before it was made"},
	{kind: panicked, want: "send on closed channel", class: oracle.Panic, rule: "send on closed channel", frames: ofCause,
		meaning: "a goroutine sent on a channel that another had closed"},
	{kind: panicked, want: "close of closed channel", class: oracle.Panic, rule: "close of closed channel", frames: ofCause,
		meaning: "a channel was closed twice"},
	{kind: panicked, want: "sync: negative WaitGroup counter", class: oracle.Panic, rule: "negative WaitGroup counter", frames: ofCause,
		meaning: "a sync.WaitGroup had more Done than Add"},
	{kind: panicked, want: "sync: WaitGroup is reused", class: oracle.Panic, rule: "WaitGroup is reused", frames: ofCause,
		meaning: "a sync.WaitGroup was used again before its Wait had returned"},
}

// lookUp finds the entry for a headline, and its rank: the smaller, the more
// telling. Headlines that no entry knows come last, fatal errors first.
func lookUp(h headline) (text, int) {
	for i, t := range catalogue {
		if t.kind == h.kind && strings.Contains(h.searched(), t.want) {
			return t, i
		}
	}
	t := text{kind: h.kind, rule: ruleOf(h.message()), frames: ofCause}
	if h.kind == fatal {
		t.class, t.meaning = oracle.FatalError, "the runtime gave up"
		return t, len(catalogue)
	}
	t.class, t.meaning = oracle.Panic, "an unrecovered panic"
	return t, len(catalogue) + 1
}
