package serve

import (
	"runtime"
	"testing"

	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// A handle is what a map's goroutine does not refer to, so that it is collected when nobody uses
// the map any more.
type handle struct{ stop chan bool }

func newHandle() *handle {
	h := &handle{make(chan bool)}
	go wait(h.stop) // until the finalizer of h, or of nobody
	return h
}

func wait(stop chan bool) { <-stop }

// TestLeaksFinalized: a goroutine that a finalizer ends is left only until garbage is collected.
func TestLeaksFinalized(t *testing.T) {
	for _, finalized := range []bool{true, false} {
		var l leaks
		l.baseline()
		for range 2 * enough {
			if h := newHandle(); finalized {
				runtime.SetFinalizer(h, func(h *handle) { h.stop <- true })
			}
		}
		v := &target.Variant{New: func() target.Instance { return target.Instance{} }}
		creator, n := l.prove(v, func(scheduler.Phase) {})
		if leaked := n > 0; leaked == finalized {
			t.Errorf("with finalizers %v: %d goroutines of %q leaked", finalized, n, creator)
		}
	}
}
