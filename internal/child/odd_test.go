package child

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// among is ops on odd keys among others. The maps grow by their NaNs.
const among = `prefill 7
w0 store k1073741824 v20
w0 load-or-store k8 v21
w0 load k1073741824
w0 swap k1073741825 v22
w0 load k1
w0 range
w1 load-or-store k8 v30
w1 store k1073741824 v31
w1 compare-and-swap k1 v1 v32
w1 load-and-delete k1073741826
w1 load-or-store k1073741825 v33
w1 load-and-delete k2
w1 clone
`

// The built-in targets bear odd keys, and are judged by the others.
func TestOddKeys(t *testing.T) {
	const runs = 500
	s := session(t, Config{})
	for _, tgt := range target.Builtin() {
		if tgt.Contract.Unsafe {
			continue
		}
		for _, a := range scheduler.Abilities(&tgt) {
			if !a.Odd {
				continue
			}
			text := among
			if tgt.Name == "sync.Map" { // which cannot be cloned
				text = strings.Replace(text, "w1 clone\n", "", 1)
			}
			job := Job{Target: tgt.Name, Schedule: parse(t, "shape "+a.Shape.String()+"\n"+text), Count: runs}
			o, err := s.Run(context.Background(), job)
			if err != nil || len(o.Found) > 0 || o.Deaths > 0 || o.Lost > 0 || o.Tally.Runs != runs || o.Tally.Unknown > 0 {
				t.Errorf("%s %s: found %q in %+v, %d deaths, %d lost, %v", tgt.Name, a.Shape, signatures(o), o.Tally, o.Deaths, o.Lost, err)
			}
		}
	}
}

// A map that is left locked by a key that cannot be hashed is caught at the next
// op, and what led there is in the history.
func TestLockLeftByUnhashableKey(t *testing.T) {
	for _, start := range startModes {
		o := do(t, odd(t, Config{Patience: quick}), "unlocks without defer",
			"timing start="+start+"\nw0 store k1073741824 v10\nw1 load k1\nw1 load k2\nw1 load k1\n", 1)
		if len(o.Found) != 1 || o.Found[0].Verdict.Class != oracle.Hang || o.Found[0].Verdict.Rule != "deadlock" {
			t.Errorf("%s: found %q, %d lost", start, signatures(o), o.Lost)
			continue
		}
		if h := o.Found[0].History; !strings.Contains(h, "store k1073741824 v10") {
			t.Errorf("%s: history %q; want the op on the odd key in it", start, h)
		}
	}
}

// A value that faults when it is looked at is the fault of the map that it came
// from, not of the code layer, which looks.
func TestWildValue(t *testing.T) {
	o := do(t, odd(t, Config{}), "yields a wild string", "w0 range\n", 1)
	if len(o.Found) != 1 {
		t.Fatalf("nothing found; lost %d", o.Lost)
	}
	v := o.Found[0].Verdict
	if v.Class != oracle.Sigsegv || !slices.Contains(v.Frames, here+"yieldsWild.func1") ||
		strings.Contains(strings.Join(v.Frames, " "), "mapstress/target.") {
		t.Errorf("got %s with the frames %q; want the map's, and none of the code layer's", v.Class, v.Frames)
	}
}
