package crash

import (
	"fmt"

	"github.com/mapstress/mapstress/oracle"
)

// Spinning says which of the goroutines in a dump are busy in the target's code,
// for a process that burned CPU all the time and got nothing done. Without any
// the verdict is Unknown; the caller must see to it that the time was long, for
// no dump tells what is slow from what never ends.
//
// Where in its loop a goroutine is caught is chance, so the frames are those of
// the method that never returned.
func Spinning(dump []Goroutine, own func(string) bool) oracle.Verdict {
	var busy []Goroutine
	var methods []string
	for _, g := range dump {
		if g.State != "running" && g.State != "runnable" {
			continue
		}
		if fs := telling(InTarget(g, own), nil, len(g.Frames)); len(fs) > 0 {
			busy = append(busy, g)
			methods = append(methods, fs[len(fs)-1])
		}
	}
	if len(busy) == 0 {
		return noProgress("no goroutine is busy in the target's code")
	}
	who := fmt.Sprintf("%d goroutines run", len(busy))
	if len(busy) == 1 {
		who = "one goroutine runs"
	}
	return oracle.Verdict{
		Class: oracle.Hang, Rule: "livelock", Frames: distinct(methods),
		Detail: who + " without end: " + places(busy, own),
	}
}

// InTarget returns the calls on a goroutine's stack that the tester's innermost
// call led to, innermost first: all of them if the tester has no call there.
func InTarget(g Goroutine, own func(string) bool) []Frame {
	for i, f := range g.Frames {
		if own != nil && own(f.Func) {
			return g.Frames[:i]
		}
	}
	return g.Frames
}
