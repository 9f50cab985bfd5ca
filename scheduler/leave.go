package scheduler

import "runtime"

// leave is deferred by every call of a worker's ops, and runs before the worker
// counts as done: after that, the next run may use it. A worker that returned has
// nothing to say.
//
// One that panics ends the process, and is not counted as done: the engine
// would go on to the next run while the runtime still prints, and write over the
// log of this one.
//
// One whose goroutine ends because a method called runtime.Goexit would be
// missed for ever by whoever waits for it, so it ends the process too.
func (w *worker) leave() {
	if !w.inside {
		return
	}
	ExitGuard()
}

// ExitGuard panics if it runs because of a runtime.Goexit: a map that ends its
// caller's goroutine is as much at fault as one that panics. Called in a
// deferred function, it does nothing while a panic unwinds the stack.
func ExitGuard() {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		frame, more := frames.Next()
		switch frame.Function { // the innermost of the two is what goes on now
		case "runtime.Goexit":
			panic("a method called runtime.Goexit")
		case "runtime.gopanic":
			return
		}
		if !more {
			return
		}
	}
}
