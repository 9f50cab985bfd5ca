package scheduler

import (
	"fmt"
	"strings"
)

// A Start is how the workers of a run are set going. The zero Start is Spin.
type Start uint8

const (
	// Spin keeps the workers awake between runs, and starts them at one agreed
	// moment: of short runs, nearly all overlap.
	Spin Start = iota
	// Go starts a new goroutine for each worker, as programs do. Of short runs,
	// a few in a hundred overlap.
	Go
	// Barrier wakes workers that are kept alive and parked.
	Barrier
	starts
)

var startNames = [starts]string{Spin: "spin", Go: "go", Barrier: "barrier"}

// String returns the start mode's word.
func (s Start) String() string {
	if s >= starts {
		return fmt.Sprintf("start(%d)", uint8(s))
	}
	return startNames[s]
}

func parseStart(word string) (Start, error) {
	for s, name := range startNames {
		if name == word {
			return Start(s), nil
		}
	}
	return 0, fmt.Errorf("unknown start %q; want one of %s", word, strings.Join(startNames[:], ", "))
}

// Timing is the timing plan: how the workers are started and disturbed. The
// zero Timing starts them together and leaves them alone.
type Timing struct {
	Start Start
	// Procs is GOMAXPROCS for the runs; 0 leaves it as it is. With 1, workers
	// only take turns: that is the control.
	Procs int
	// Gosched is the chance in percent of a runtime.Gosched before each op, and before one
	// in eight of the entries that a Range yields.
	Gosched int
	// Spin bounds a busy loop of random length before each op, in iterations
	// of about a nanosecond, and before one in eight of a Range's entries; 0 is none.
	Spin int
	// Seed is where the chances and lengths come from, with the number of the
	// run.
	Seed uint64
	// Lock runs each worker's ops under runtime.LockOSThread: whoever waits for
	// a lock then sleeps in the kernel with his thread.
	Lock bool
	// GC collects garbage without end while the engine is there.
	GC bool
	// NoPreempt asks for a process whose goroutines are not preempted in the
	// midst of a loop: GODEBUG=asyncpreemptoff=1. A process is born with that or
	// without, so it is up to whoever starts it; the engine does nothing.
	NoPreempt bool
	// Stalled is the number of a worker, plus one, that is held back: it has a
	// thread of its own, of the lowest priority where the system has such, so
	// that the kernel preempts it in the midst of its ops, and longer busy loops
	// before them. 0 is none.
	Stalled int
	// Noise, if not 0, has one of so many accesses to memory and atomic ops within the ops
	// disturbed: a busy loop of some microseconds at most, or now and then a yield. It takes a
	// program whose accesses can be told of: see Engine.Disturb.
	Noise int
}

// The largest values of the timing plan.
const (
	MaxProcs = 256
	MaxSpin  = 1 << 20
	MaxNoise = 1 << 20
)

func (t *Timing) validate() error {
	switch {
	case t.Start >= starts:
		return fmt.Errorf("start=%s; want one of %s", t.Start, strings.Join(startNames[:], ", "))
	case t.Procs < 0 || t.Procs > MaxProcs:
		return fmt.Errorf("procs=%d; want 0 to %d", t.Procs, MaxProcs)
	case t.Gosched < 0 || t.Gosched > 100:
		return fmt.Errorf("gosched=%d; want a percentage, 0 to 100", t.Gosched)
	case t.Spin < 0 || t.Spin > MaxSpin:
		return fmt.Errorf("spin=%d; want 0 to %d", t.Spin, MaxSpin)
	case t.Stalled < 0 || t.Stalled > MaxWorkers:
		return fmt.Errorf("stalled=w%d; want a worker: w0 to w%d", t.Stalled-1, MaxWorkers-1)
	case t.Noise < 0 || t.Noise > MaxNoise:
		return fmt.Errorf("noise=1/%d; want 1/1 to 1/%d", t.Noise, MaxNoise)
	}
	return nil
}
