package scheduler_test

import (
	"fmt"
	"math/rand"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// Whatever the plan adds, workers that share no key get the answers of a map of
// their own, and whichever of them is stalled. That the added goroutines end is
// seen to by TestMain.
func TestRunDisturbed(t *testing.T) {
	tgt := find(t, "sync.Map")
	for _, workers := range []int{1, 2, 3, 5} {
		for _, start := range starts {
			for stalled := range workers + 1 {
				s := apart(rand.New(rand.NewSource(int64(workers))), workers, keyed(kindsOf(&tgt.Variants[0])))
				s.Timing = scheduler.Timing{Start: start, Lock: stalled%2 == 0, GC: stalled%3 == 0, Stalled: stalled, Spin: 100}
				t.Run(fmt.Sprintf("%d workers/%+v", workers, s.Timing), func(t *testing.T) {
					e := engine(t, tgt, s)
					for number := range 5 {
						h := run(t, e, number, false)
						checkOrder(t, h, s)
						checkAnswers(t, h, s)
					}
				})
			}
		}
	}
}

// The workers of a plan with Lock are locked to their threads in their ops, and
// nobody is afterwards.
func TestLock(t *testing.T) {
	locked := func() bool {
		stack := make([]byte, 1<<12)
		return strings.Contains(string(stack[:runtime.Stack(stack, false)]), "locked to thread")
	}
	for _, start := range starts {
		for _, lock := range []bool{false, true} {
			var calls, inLock atomic.Int64
			v := made(func() target.Map[uint64, uint64] {
				return target.Map[uint64, uint64]{Delete: func(uint64) {
					calls.Add(1)
					if locked() {
						inLock.Add(1)
					}
				}}
			})
			s := parse(t, "w0 delete k1\nw1 delete k1\nw2 delete k1")
			s.Timing = scheduler.Timing{Start: start, Lock: lock}
			e, err := newEngine(v, s, func(scheduler.Phase) {})
			if err != nil {
				t.Fatal(err)
			}
			for number := range 3 {
				run(t, e, number, false)
			}
			e.Close()
			want := int64(0)
			if lock {
				want = 9
			}
			if calls.Load() != 9 || inLock.Load() != want {
				t.Errorf("%s, lock %v: %d of %d calls were locked; want %d of 9", start, lock, inLock.Load(), calls.Load(), want)
			}
			if locked() {
				t.Fatalf("%s: the engine's caller is still locked", start)
			}
		}
	}
}

// A plan with GC has collected once at least by the time its engine is closed.
func TestGC(t *testing.T) {
	collections := func() uint32 {
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.NumForcedGC
	}
	for _, gc := range []bool{false, true} {
		s := parse(t, "w0 load k1\nw1 load k1")
		s.Timing.GC = gc
		before := collections()
		e, err := newEngine(&find(t, "sync.Map").Variants[0], s, func(scheduler.Phase) {})
		if err != nil {
			t.Fatal(err)
		}
		run(t, e, 0, false)
		e.Close()
		if got := collections() - before; (got > 0) != gc {
			t.Errorf("gc %v: %d collections", gc, got)
		}
	}
}

// TestPausesWithinRange: under a plan with Gosched the function of a Range gives way, too.
// Odds: on one processor the other worker gets no turn within the Range unless it does, or
// the Range takes 10 ms; of its 64 entries none gives way once in 5,000 runs, and there
// are 50.
func TestPausesWithinRange(t *testing.T) {
	var stored, during atomic.Int64
	v := made(func() target.Map[uint64, uint64] {
		return target.Map[uint64, uint64]{
			Store: func(uint64, uint64) { stored.Add(1) },
			Range: func(yield func(key, value uint64) bool) {
				before := stored.Load()
				for range 64 {
					yield(1, 1)
				}
				during.Add(stored.Load() - before)
			},
		}
	})
	s := parse(t, "w0 range\n"+strings.Repeat("w1 store k1 v1\n", 30))
	s.Timing = scheduler.Timing{Start: scheduler.Go, Procs: 1, Gosched: 100, Seed: 1}
	e, err := newEngine(v, s, func(scheduler.Phase) {})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for number := range 50 {
		run(t, e, number, false)
	}
	if during.Load() == 0 {
		t.Error("no store came within a Range")
	}
}
