package scheduler

import (
	"runtime"
	"time"
)

// allocations tells how many bytes are allocated by what is done, and by the
// goroutines that it starts.
type allocations struct {
	stats      runtime.MemStats
	goroutines int           // those that are always there
	patience   time.Duration // that is left for others
}

const (
	// settling is how long a goroutine is waited for before it counts as one that
	// is always there.
	settling = 20 * time.Millisecond
	// vain is how much may be waited in vain: a map may leave a goroutine behind
	// by each insert.
	vain = 10 * settling
)

func newAllocations() *allocations {
	return &allocations{goroutines: runtime.NumGoroutine(), patience: vain}
}

func (a *allocations) of(do func()) uint64 {
	a.goroutines = min(a.goroutines, runtime.NumGoroutine())
	runtime.ReadMemStats(&a.stats)
	before := a.stats.TotalAlloc
	do()
	runtime.Gosched() // to whoever waited for this
	a.settle()
	runtime.ReadMemStats(&a.stats)
	return a.stats.TotalAlloc - before
}

// settle waits for the goroutines that were started to end.
func (a *allocations) settle() {
	if runtime.NumGoroutine() <= a.goroutines || a.patience <= 0 {
		return
	}
	started := time.Now()
	for runtime.NumGoroutine() > a.goroutines {
		if time.Since(started) > settling {
			a.goroutines = runtime.NumGoroutine()
			a.patience -= settling
			return
		}
		runtime.Gosched()
	}
}
