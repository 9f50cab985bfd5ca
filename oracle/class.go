// Package oracle says what a history means: whether a map kept its promises,
// and if not, which of them broke and by which events.
//
// It never learns which schedule or which disturbance made a history, so it
// cannot be tuned to one.
package oracle

import "fmt"

// A Class is a kind of outcome. The zero Class is Unknown, so a check that never
// ran cannot pass for a clean one.
type Class uint8

// The classes, from the most severe evidence down; Clean is last.
const (
	Unknown          Class = iota // the check ran out of budget: never a pass, never a finding
	FatalError                    // the runtime gave up: runtime.fatal or throw
	Sigsegv                       // a nil or wild dereference, or an index out of range, inside the map
	Panic                         // any other panic of the target's
	SilentCorruption              // no crash, wrong answer
	Hang                          // deadlock, livelock, no progress
	DataRace                      // reported by the race detector
	GoroutineLeak                 // goroutines that outlive the map
	Contract                      // a documented weak promise broken
	Clean                         // every check passed
	classes
)

var classNames = [classes]string{
	Unknown: "unknown", FatalError: "fatal-error", Sigsegv: "sigsegv", Panic: "panic",
	SilentCorruption: "silent-corruption", Hang: "hang", DataRace: "data-race",
	GoroutineLeak: "goroutine-leak", Contract: "contract", Clean: "clean",
}

// String returns the class's name, such as "silent-corruption".
func (c Class) String() string {
	if c >= classes {
		return fmt.Sprintf("class(%d)", uint8(c))
	}
	return classNames[c]
}

// ParseClass is the inverse of String.
func ParseClass(name string) (Class, error) {
	for c, n := range classNames {
		if n == name {
			return Class(c), nil
		}
	}
	return Unknown, fmt.Errorf("unknown class %q", name)
}

// Finding reports whether the class is something to tell the user of.
func (c Class) Finding() bool { return c != Unknown && c != Clean && c < classes }

// MarshalText implements encoding.TextMarshaler.
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (c *Class) UnmarshalText(text []byte) (err error) {
	*c, err = ParseClass(string(text))
	return err
}
