package scheduler

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// Every round ends, with every member in it once, however few of them can run at
// the same time.
func TestMeeting(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(before)
	for _, procs := range []int{1, 2, 3} {
		for _, members := range []int{1, 2, 3, 5, 9} {
			t.Run(fmt.Sprintf("%d members on %d processors", members, procs), func(t *testing.T) {
				runtime.GOMAXPROCS(procs)
				testMeeting(t, members)
			})
		}
	}
}

func testMeeting(t *testing.T, members int) {
	var m meeting
	m.open(members, 0)
	var ended sync.WaitGroup
	var present atomic.Int64 // members that came, in all rounds
	for range members - 1 {
		ended.Add(1)
		go func() {
			defer ended.Done()
			for round := uint64(1); m.attend(round-1, true) == aRound; round++ {
				m.meet(round)
				present.Add(1)
				m.finish()
			}
		}()
	}
	for i := range 100 {
		round := m.call()
		m.meet(round)
		present.Add(1)
		m.await(int64(round) * int64(members-1))
		if got, want := present.Load(), int64(i+1)*int64(members); got != want {
			t.Fatalf("after round %d, %d came; want %d", round, got, want)
		}
	}
	m.close()
	ended.Wait()
}

// Who waits in vain for another has all of them spread, once in a while.
func TestParting(t *testing.T) {
	var m meeting
	m.open(2, 0)
	if m.size < 2 {
		t.Skip("one processor is too few to be apart")
	}
	var last int64
	m.keepApart(0, &last)
	if last != m.parting.Load() {
		t.Error("not spread in the beginning")
	}
	m.base = m.base.Add(-2 * m.apart)
	m.meet(m.call()) // alone
	first := m.parting.Load()
	if first <= last {
		t.Fatalf("told at %d; want later than %d", first, last)
	}
	m.part()
	if now := m.parting.Load(); now != first && now-first < int64(m.apart) {
		t.Errorf("told again after %d ns", now-first)
	}
	m.keepApart(1, &last)
	if last < first {
		t.Errorf("spread as of %d; want %d", last, first)
	}
}
