package crash

import "testing"

func TestSpinning(t *testing.T) {
	for _, c := range []struct{ name, dump, want string }{
		{"in a loop", dump("runnable: x.probe; x.(*Map[...]).Store; main.worker"), "hang|livelock|x.(*Map[...]).Store"},
		{"in the built-in map", dump("running: internal/runtime/maps.(*Map).putSlotSmallFast64; runtime.mapassign_fast64; main.worker"), "hang|livelock|runtime.mapassign"},
		{"beside one that waits", dump("sync.Mutex.Lock: sync.(*Mutex).Lock; x.Load; main.worker", "running: x.Store; main.worker"), "hang|livelock|x.Store"},
		{"started by the target", dump("running: x.grow"), "hang|livelock|x.grow"},
		{"asleep", dump("sleep: time.Sleep; x.Store; main.worker"), "unknown|no-progress"},
		{"in our own code", dump("running: main.spin; main.worker"), "unknown|no-progress"},
		{"in our own code, above the target's", dump("running: main.yield; x.Range; main.worker"), "unknown|no-progress"},
		{"no dump", "", "unknown|no-progress"},
	} {
		if v := Spinning(Goroutines(c.dump), ownMain); v.Signature() != c.want {
			t.Errorf("%s: got %s (%s), want %s", c.name, v.Signature(), v.Detail, c.want)
		}
	}
}

func TestSpinningCounts(t *testing.T) {
	x := "running: x.Store; main.worker"
	for want, d := range map[string]string{
		"one goroutine runs without end: running in x.Store":       dump(x),
		"2 goroutines run without end: 2 times running in x.Store": dump(x, x),
	} {
		if v := Spinning(Goroutines(d), ownMain); v.Detail != want {
			t.Errorf("got %q, want %q", v.Detail, want)
		}
	}
}

func TestStuckLeavesOutOurs(t *testing.T) {
	d := dump("sync.Mutex.Lock: sync.(*Mutex).Lock; main.adapter; x.Store; main.worker")
	if v := Stuck(Goroutines(d), worker, ownMain); v.Signature() != "hang|deadlock|x.Store" {
		t.Errorf("got %s", v.Signature())
	}
}
