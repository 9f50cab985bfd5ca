package child

import (
	"strings"
	"testing"

	"github.com/mapstress/mapstress/oracle"
)

func TestLeak(t *testing.T) {
	for _, start := range startModes {
		s := odd(t, Config{})
		o := do(t, s, "leaks", "timing start="+start+"\n"+twoStores, 20)
		if len(o.Found) != 1 || o.Tally.Failed < 15 {
			t.Fatalf("%s: found %q in %+v", start, signatures(o), o.Tally)
		}
		v := o.Found[0].Verdict
		if v.Class != oracle.GoroutineLeak || len(v.Frames) != 1 || !strings.HasPrefix(v.Frames[0], here+"oddTargets.func") {
			t.Errorf("%s: got %s (%s)", start, v.Signature(), v.Detail)
		}
		// Once it is proved, each further run counts, in jobs of one run, too.
		again := do(t, s, "leaks", "timing start="+start+"\n"+twoStores, 1)
		if len(again.Found) != 1 || again.Tally.Failed != 1 || again.Found[0].Verdict.Signature() != v.Signature() {
			t.Errorf("%s: found %q once more, in %+v", start, signatures(again), again.Tally)
		}
		if o := do(t, s, "correct", twoStores, 10); len(o.Found) != 0 {
			t.Errorf("%s: found %q after it", start, signatures(o))
		}
	}
}

// Goroutines that end a little later, that a map has by its nature, or that the
// package starts once, are no leaks; and they do not slow the runs down much.
func TestNoLeak(t *testing.T) {
	for _, c := range []struct {
		target string
		count  int
	}{
		{"cleans up late", 50},
		{"cleans up very late", 20},
		{"has a daemon", 12_000},
		{"has a global daemon", 6000},
		{"correct", 2000},
	} {
		s := odd(t, Config{})
		for range 2 {
			if o := do(t, s, c.target, twoStores, c.count); len(o.Found) != 0 || o.Lost != 0 {
				t.Errorf("%s: found %q, lost %d", c.target, signatures(o), o.Lost)
			}
		}
	}
}
