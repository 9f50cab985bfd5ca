package child

import (
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/mapstress/mapstress/target"
)

// fillTargets do something odd when a map is filled that is not the first one. These have nothing
// to be closed, so that a worker fills them while the one before is read back.
func fillTargets() (all []target.Target) {
	filling := func(name string, act func()) {
		var maps atomic.Int64
		filled := constructing(name, func() target.Map[int, int] {
			number := maps.Add(1)
			m := newBox().methods(func(_ *box, k int) {
				if number == 20 && k == 1 {
					act()
				}
			})
			m.Close = nil
			return m
		})
		filled.Variants[0].Apart = true
		all = append(all, filled)
	}
	filling("fill panics", func() { panic("no room in the box") })
	filling("fill exits", func() { os.Exit(3) })
	filling("fill goexits", func() { runtime.Goexit() })
	filling("fill deadlocks", func() {
		var mu sync.Mutex
		mu.Lock()
		mu.Lock()
	})
	return all
}

// TestFill: what goes wrong where a map is filled is found, as anywhere else, and no run is told to
// have been under way, nor is one that had come to its end.
func TestFill(t *testing.T) {
	for _, c := range []struct{ target, class, rule string }{
		{"fill panics", "panic", "no room in the box"},
		{"fill exits", "panic", "exited"},
		{"fill goexits", "panic", "a method called runtime.Goexit"},
		{"fill deadlocks", "hang", "deadlock"},
	} {
		for _, start := range startModes {
			t.Run(c.target+"/"+start, func(t *testing.T) {
				o := do(t, odd(t, Config{Patience: quick}), c.target, "prefill 1\ntiming start="+start+"\nw0 store k2 v10\nw1 store k3 v11\n", 30)
				if len(o.Found) != 1 || o.Deaths != 1 || o.Lost != 0 || o.Tally.Failed != 1 || o.Tally.Runs != 30 {
					t.Fatalf("found %q in %+v, %d deaths, %d lost", signatures(o), o.Tally, o.Deaths, o.Lost)
				}
				f := o.Found[0]
				if v := f.Verdict; v.Class.String() != c.class || !strings.Contains(v.Rule, c.rule) {
					t.Errorf("got %s: %s (%s); want %s: %s", v.Class, v.Rule, v.Detail, c.class, c.rule)
				}
				if f.History != "" && c.rule != "exited" {
					t.Errorf("history\n%s", f.History)
				}
			})
		}
	}
}
