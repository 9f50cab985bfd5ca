package buggy_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/mapstress/mapstress/internal/buggy"
	"github.com/mapstress/mapstress/target"
)

// What these bugs leave behind, asleep, stays until the test program ends.

// TestLockLeftHeld shows the hang: 1 round of 28,000.
func TestLockLeftHeld(t *testing.T) {
	strike(t, find(t, "buggy-lock-left-held"), func(tgt *target.Target) bool {
		m := fresh(tgt, 0)
		<-together(func(number int) { m.LoadOrStore(1, uint64(number)) })
		return hangs(tgt, together(func(number int) { m.Store(2, 2) }))
	})
}

// TestResizeDeadlock shows the hang: 1 round of 2,400.
func TestResizeDeadlock(t *testing.T) {
	strike(t, find(t, "buggy-resize-deadlock"), func(tgt *target.Target) bool {
		m := fresh(tgt, 8)
		return hangs(tgt, together(func(number int) { m.Store(uint64(9+number), 1) }))
	})
}

// TestGoroutineLeak shows the leak: 1 round of 2,000.
func TestGoroutineLeak(t *testing.T) {
	strike(t, find(t, "buggy-goroutine-leak"), func(tgt *target.Target) bool {
		before := runtime.NumGoroutine()
		m := fresh(tgt, 0)
		<-together(func(number int) { m.Store(1, 1) })
		m.Close()
		for start := time.Now(); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
			if time.Since(start) > limit(tgt) {
				return true
			}
		}
		return false
	})
}

// hangs reports whether the calls that end in time have not.
func hangs(tgt *target.Target, ended <-chan struct{}) bool {
	select {
	case <-ended:
		return false
	case <-time.After(limit(tgt)):
		return true
	}
}

// limit is how long calls may take, and goroutines to end: with a map that is
// right they get all the time that a busy machine may need.
func limit(tgt *target.Target) time.Duration {
	if strings.HasPrefix(tgt.Name, "repaired-") {
		return time.Minute
	}
	return time.Second
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
