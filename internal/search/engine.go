package search

import (
	"fmt"
	"strings"
)

// An Engine says how schedules are run. The zero Engine is Stress.
type Engine uint8

const (
	// Stress runs workers free, in parallel, on schedules of up to thousands of ops.
	Stress Engine = iota
	// Controlled runs one worker at a time, on schedules of a few ops, and decides at each
	// access to memory who goes on: what it finds replays every time.
	Controlled
	// Auto is Stress, and what that finds is then tried in controlled runs.
	Auto
	engines
)

var engineNames = [engines]string{Stress: "stress", Controlled: "controlled", Auto: "auto"}

// String returns the engine's word.
func (e Engine) String() string {
	if e >= engines {
		return fmt.Sprintf("engine(%d)", uint8(e))
	}
	return engineNames[e]
}

// Set takes the engine of that name: it makes an Engine the value of a flag.
func (e *Engine) Set(name string) error {
	for known, word := range engineNames {
		if word == name {
			*e = Engine(known)
			return nil
		}
	}
	return fmt.Errorf("unknown engine %q; want one of %s", name, strings.Join(engineNames[:], ", "))
}

// Type names what Set takes.
func (e *Engine) Type() string { return "engine" }
