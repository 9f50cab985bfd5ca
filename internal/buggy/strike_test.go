package buggy_test

import (
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mapstress/mapstress/internal/buggy"
	"github.com/mapstress/mapstress/target"
)

// patience bounds each search for a failure; those below take well under a
// second on two idle cores, and wait for their turn on busy ones.
const patience = 20 * time.Second

// calls is what two goroutines do to a fresh map that holds k1 to k<prefill>,
// and what cannot be if the map is right.
type calls struct {
	prefill int
	worker  func(m *target.Map[uint64, uint64], number int)
	broken  func(m *target.Map[uint64, uint64]) bool
}

type codes = *target.Map[uint64, uint64]

// TestBugsStrike shows that each bug is there. Odds are those measured on two
// cores: the rarest takes 4 ms on average, so 20 s of misses are e^-5000, and
// still e^-50 on a machine a hundred times slower.
func TestBugsStrike(t *testing.T) {
	var won, crashed [2]bool
	for name, c := range map[string]calls{
		// 145 of 100,000 rounds of 4 us.
		"buggy-check-then-act": {
			worker: func(m codes, number int) { _, loaded := m.LoadOrStore(1, uint64(number)); won[number] = !loaded },
			broken: func(codes) bool { return won[0] && won[1] },
		},
		// 880 of 100,000 rounds of 10 us.
		"buggy-resize-without-all-locks": {
			prefill: 32,
			worker:  func(m codes, number int) { m.Store(uint64(33+number), 1) },
			broken: func(m codes) bool {
				_, first := m.Load(33)
				_, second := m.Load(34)
				return !first || !second
			},
		},
		// 100 of 100,000 rounds of 4 us.
		"buggy-plain-counter": {
			worker: func(m codes, number int) {
				for k := range uint64(4) {
					m.Store(4*k+uint64(number), 1)
				}
			},
			broken: func(m codes) bool { return m.Len() != 8 },
		},
		// 4,500 of 100,000 rounds of 45 us.
		"buggy-nil-in-growth": {
			prefill: 128,
			worker: func(m codes, number int) {
				if number == 0 {
					m.Store(129, 1)
					return
				}
				defer func() { crashed[1] = isNil(recover()) }()
				for k := range uint64(40) {
					m.Load(128 - k)
				}
			},
			broken: func(codes) bool { return crashed[1] },
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := find(t, name)
			if b.Races && raceDetector {
				t.Skip("the race detector would stop it first, as it should")
			}
			strike(t, b, c)
		})
	}
}

func isNil(reason any) bool {
	err, ok := reason.(runtime.Error)
	return ok && strings.Contains(err.Error(), "nil pointer dereference")
}

func find(t *testing.T, name string) buggy.Bug {
	t.Helper()
	for _, b := range buggy.All() {
		if b.Target.Name == name {
			return b
		}
	}
	t.Fatalf("no bug %q", name)
	return buggy.Bug{}
}

// strike repeats the calls until the map breaks, and then as often on the
// repaired map, which must not.
func strike(t *testing.T, b buggy.Bug, c calls) {
	start := time.Now()
	rounds := 1
	for ; !c.round(&b.Target); rounds++ {
		if time.Since(start) > patience {
			t.Fatalf("%s survived %d rounds in %v", b.Target.Name, rounds, patience)
		}
	}
	t.Logf("broken in round %d, after %v", rounds, time.Since(start))
	for round := range rounds {
		if c.round(&b.Correct) {
			t.Fatalf("%s is broken too, in round %d", b.Correct.Name, round)
		}
	}
}

// round makes the calls once, on a fresh map, and reports whether it broke.
func (c *calls) round(tgt *target.Target) bool {
	m := tgt.Variants[0].New().Map
	for k := range uint64(c.prefill) {
		m.Store(k+1, k+1)
	}
	var meeting atomic.Int32
	var wg sync.WaitGroup
	for number := range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			meet(&meeting)
			c.worker(&m, number)
		}()
	}
	wg.Wait()
	return c.broken(&m)
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

// TestLockLeftHeld shows the hang: some 30 of 100,000 rounds of 4 us. Who hangs
// is left behind, asleep.
func TestLockLeftHeld(t *testing.T) {
	b := find(t, "buggy-lock-left-held")
	start := time.Now()
	for rounds := 1; ; rounds++ {
		m := b.Target.Variants[0].New().Map
		var meeting atomic.Int32
		ended := make(chan bool, 3) // room for all, so that nobody waits for us
		for number := range 2 {
			go func() { // waited for by ended
				meet(&meeting)
				m.LoadOrStore(1, uint64(number))
				ended <- true
			}()
		}
		<-ended // nothing in LoadOrStore can hang with two callers on one key
		<-ended
		go func() { m.Store(2, 2); ended <- true }() // left behind if it hangs
		if !within(ended, time.Second) {
			t.Logf("hangs in round %d, after %v", rounds, time.Since(start))
			return
		}
		if time.Since(start) > patience {
			t.Fatalf("did not hang in %d rounds in %v", rounds, patience)
		}
	}
}

func within(ended <-chan bool, limit time.Duration) bool {
	select {
	case <-ended:
		return true
	case <-time.After(limit):
		return false
	}
}
