package buggy_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mapstress/mapstress/internal/buggy"
	"github.com/mapstress/mapstress/target"
)

// patience bounds each search for a failure. The rarest takes 2.5 s on average
// on two cores that twenty other programs use, so that 60 s of misses are e^-24
// there, and well under a second on idle ones.
const patience = time.Minute

type codes = *target.Map[uint64, uint64]

// calls is what two goroutines do to a fresh map that holds k1 to k<prefill>,
// and what cannot be if the map is right.
type calls struct {
	prefill int
	worker  func(m codes, number int)
	broken  func(m codes) bool
}

// TestBugsStrike shows that each bug is there, but for those that left_test.go
// has, and that which needs no second goroutine.
func TestBugsStrike(t *testing.T) {
	for _, b := range buggy.All() {
		if start, ok := strikes[b.Target.Name]; ok {
			t.Run(b.Target.Name, func(t *testing.T) { c := start(); strike(t, b, c.round) })
		}
	}
}

// strike repeats the round until the map breaks, and then as often on the
// repaired map, which must not.
func strike(t *testing.T, b buggy.Bug, round func(*target.Target) (broken bool)) {
	if b.Races && raceDetector {
		t.Skip("the race detector would stop it first, as it should")
	}
	start := time.Now()
	rounds := 1
	for ; !round(&b.Target); rounds++ {
		if time.Since(start) > patience {
			t.Fatalf("%s survived %d rounds in %v", b.Target.Name, rounds, patience)
		}
	}
	t.Logf("broken in round %d, after %v", rounds, time.Since(start))
	for n := range rounds {
		if round(&b.Correct) {
			t.Fatalf("%s is broken too, in round %d", b.Correct.Name, n)
		}
	}
}

// round makes the calls once, on a fresh map, and reports whether it broke.
func (c *calls) round(tgt *target.Target) bool {
	m := fresh(tgt, c.prefill)
	<-together(func(number int) { c.worker(m, number) })
	return c.broken(m)
}

// fresh makes a map that holds k1 to k<prefill>.
func fresh(tgt *target.Target, prefill int) codes {
	m := tgt.Variants[0].New().Map
	for k := range uint64(prefill) {
		m.Store(k+1, k+1)
	}
	return &m
}

// together has two goroutines work at the same time. It closes ended when both
// have ended.
func together(work func(number int)) (ended chan struct{}) {
	ended = make(chan struct{})
	var meeting atomic.Int32
	var workers sync.WaitGroup
	workers.Add(2)
	for number := range 2 {
		go func() { // waited for by ended
			defer workers.Done()
			meet(&meeting)
			work(number)
		}()
	}
	go func() { // ends with the workers
		workers.Wait()
		close(ended)
	}()
	return ended
}

// meet lets two goroutines wait for each other.
func meet(meeting *atomic.Int32) {
	meeting.Add(1)
	for tries := 0; meeting.Load() < 2; tries++ {
		if tries > 1000 {
			runtime.Gosched() // with one core, the other one has to be let on
		}
	}
}
