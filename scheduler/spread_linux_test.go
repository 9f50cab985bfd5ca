package scheduler

import (
	"runtime"
	"testing"
)

func TestNthProcessor(t *testing.T) {
	set := cpuSet{0: 1<<3 | 1<<63, 2: 1 << 5}
	want := []cpuSet{{0: 1 << 3}, {0: 1 << 63}, {2: 1 << 5}, {0: 1 << 3}}
	for n := range want {
		if got := set.nth(n); got != want[n] {
			t.Errorf("processor %d of %x: %x; want %x", n, set, got, want[n])
		}
	}
}

// A thread that was moved is as free as before, and while it is there it may be nowhere
// else.
func TestSpread(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before := allowed()
	if before == (cpuSet{}) {
		t.Skip("the kernel does not tell which processors there are")
	}
	for n := range 3 {
		one := before.nth(n)
		one.use()
		if got := allowed(); got != one {
			t.Errorf("on processor %d: may use %x; want %x", n, got, one)
		}
		before.use()
		spread(n)
		if got := allowed(); got != before {
			t.Errorf("after spread(%d): may use %x; want %x", n, got, before)
		}
	}
}
