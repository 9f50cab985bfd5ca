package scheduler_test

import (
	"sync"
	"syscall"
	"testing"

	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// The stalled worker, whichever it is, and no other runs at the lowest priority,
// and nothing that comes after the engine does.
func TestStalledPriority(t *testing.T) {
	nice := func() int {
		raw, err := syscall.Getpriority(syscall.PRIO_PROCESS, 0) // of the calling thread
		if err != nil {
			t.Error(err)
		}
		return 20 - raw
	}
	before := nice()
	for _, start := range starts {
		for stalled := range 4 {
			var mu sync.Mutex
			found := map[uint64]int{}
			v := made(func() target.Map[uint64, uint64] {
				return target.Map[uint64, uint64]{Delete: func(k uint64) {
					mu.Lock()
					defer mu.Unlock()
					found[k] = nice()
				}}
			})
			s := parse(t, "w0 delete k0\nw1 delete k1\nw2 delete k2")
			s.Timing = scheduler.Timing{Start: start, Stalled: stalled}
			e, err := newEngine(v, s, func(scheduler.Phase) {})
			if err != nil {
				t.Fatal(err)
			}
			for number := range 3 {
				run(t, e, number, false)
				for w := range 3 {
					want := before
					if w+1 == stalled {
						want = 19
					}
					if got := found[uint64(w)]; got != want {
						t.Errorf("%s, stalled=%d: w%d has priority %d; want %d", start, stalled, w, got, want)
					}
				}
			}
			e.Close()
			if got := nice(); got != before {
				t.Fatalf("%s: the engine's caller has priority %d; want %d", start, got, before)
			}
		}
	}
}
