package controlled

import (
	"path"
	"runtime"
	"strings"
)

// stacks has, of a run with a trace, the call stack of each step that the detector is told
// of: which two of them race is known when it is too late to look.
type stacks struct {
	steps []stacked // by number of the step
	pcs   []uintptr // of all of them, one after the other
}

type stacked struct {
	at   int // where in the trace it is
	ends int // where in pcs its stack does
}

// maxStack is how many calls of a stack are kept at most.
const maxStack = 64

func (s *stacks) reset() { s.steps, s.pcs = s.steps[:0], s.pcs[:0] }

// add notes the stack of the goroutine that calls it.
func (s *stacks) add(at int) {
	var pcs [maxStack]uintptr
	s.pcs = append(s.pcs, pcs[:runtime.Callers(4, pcs[:])]...)
	s.steps = append(s.steps, stacked{at, len(s.pcs)})
}

// of returns where in the trace a step is, and its calls.
func (s *stacks) of(step int) (at int, calls []Place) {
	begins := 0
	if step > 0 {
		begins = s.steps[step-1].ends
	}
	k := s.steps[step]
	return k.at, calledBy(s.pcs[begins:k.ends])
}

// calledBy returns the calls of a stack that are the map's or of what it uses, the innermost
// first: neither what leads to a point, nor the worker that called the op.
func calledBy(pcs []uintptr) (calls []Place) {
	if len(pcs) == 0 {
		return nil
	}
	frames := runtime.CallersFrames(pcs)
	for more := true; more; {
		var f runtime.Frame
		f, more = frames.Next()
		if len(calls) == 0 && inner(f.Function) || isAdapter(f.Function) || around(f.Function) {
			continue
		}
		calls = append(calls, Place{Func: f.Function, File: path.Base(f.File), Line: f.Line})
	}
	return calls
}

// around reports whether a function is of what has goroutines run.
func around(function string) bool {
	return strings.HasPrefix(function, "github.com/mapstress/mapstress/scheduler.") ||
		strings.HasPrefix(function, "github.com/mapstress/mapstress/scheduler/") || function == "runtime.goexit"
}
