package child

import (
	"strings"
	"testing"
	"time"

	"github.com/mapstress/mapstress/oracle"
)

// quick is patience for targets that hang: looks after 0.2, 0.8 and 3.2 s.
const quick = 200 * time.Millisecond

func TestDeadlock(t *testing.T) {
	for _, start := range startModes {
		for _, schedule := range []string{
			"w0 store k1 v10\nw1 store k2 v11\n",        // each waits
			"w0 load k1\nw0 load k1\nw1 store k2 v11\n", // another worker, or the reading back, waits
			"w0 store k1 v10\nw1 load k1\nw2 load k1\n", // the engine's own goroutine waits
			"w0 load k1\nw1 load k1\nw2 store k3 v1\n",  // more workers than processors here
			"prefill 2\nw0 load k1\nw1 load k1\n",       // the prefill waits
		} {
			t.Run(start, func(t *testing.T) {
				o := do(t, odd(t, Config{Patience: quick}), "deadlocks", "timing start="+start+"\n"+schedule, 1)
				if len(o.Found) != 1 {
					t.Fatalf("nothing found; lost %d", o.Lost)
				}
				v := o.Found[0].Verdict
				if v.Class != oracle.Hang || v.Rule != "deadlock" {
					t.Errorf("got %s: %s (%s)", v.Class, v.Rule, v.Detail)
				}
				for _, f := range v.Frames {
					if !strings.HasPrefix(f, here) {
						t.Errorf("frame %s is not the target's", f)
					}
				}
				if len(v.Frames) == 0 {
					t.Errorf("no frames: %s", o.Found[0].Evidence)
				}
				if strings.Contains(schedule, "prefill") {
					return
				}
				if h := o.Found[0].History; !strings.Contains(h, "store") {
					t.Errorf("history %q", h)
				}
			})
		}
	}
}

// A map is closed after its last round, or when no more are wanted, and then that is its fault, too.
func TestCloseBlocks(t *testing.T) {
	for _, rounds := range []string{"1", "3", "1000"} {
		o := do(t, odd(t, Config{Patience: quick}), "blocks when it is closed", "rounds "+rounds+"\n"+twoStores, 3)
		if len(o.Found) != 1 || o.Found[0].Verdict.Rule != "deadlock" || o.Lost != 0 {
			t.Errorf("%s rounds: found %q, lost %d", rounds, signatures(o), o.Lost)
		}
	}
}

func TestConstructorBlocks(t *testing.T) {
	o := do(t, odd(t, Config{Patience: quick}), "constructor blocks", twoStores, 1)
	if len(o.Found) != 1 || o.Found[0].Verdict.Rule != "deadlock" {
		t.Errorf("found %q, lost %d", signatures(o), o.Lost)
	}
}

// A timer could feed a channel, so that is proved by the last look only.
func TestWaitsForEver(t *testing.T) {
	t.Parallel()
	o := do(t, odd(t, Config{Patience: quick}), "waits for ever", twoStores, 1)
	if len(o.Found) != 1 || o.Found[0].Verdict.Rule != "deadlock" {
		t.Errorf("found %q, lost %d", signatures(o), o.Lost)
	}
}

func TestLivelock(t *testing.T) {
	for _, schedule := range []string{
		"timing start=spin\nw0 store k99 v10\nw1 load k1\n", // in the engine's own goroutine
		"timing start=spin\nw0 load k1\nw1 store k99 v11\n",
		"timing start=go\nw0 load k1\nw1 store k99 v11\n",
		"timing start=barrier\nw0 store k99 v10\nw1 load k1\n",
	} {
		f, ok := livelocked(t, schedule)
		if !ok {
			t.Errorf("%s: nothing found", schedule)
			continue
		}
		if f.Verdict.Class != oracle.Hang || f.Verdict.Rule != "livelock" {
			t.Errorf("%s: got %s", schedule, f.Verdict.Signature())
		}
		if len(f.Verdict.Frames) != 1 || !strings.HasPrefix(f.Verdict.Frames[0], here+"(*box).methods.") {
			t.Errorf("%s: frames %q; want the method that never returned", schedule, f.Verdict.Frames)
		}
		if !strings.Contains(f.History, "store k99") {
			t.Errorf("%s: history %q", schedule, f.History)
		}
	}
}

// A loop that the runtime cannot stop, as those in its own map, keeps the child
// from looking at itself; SIGQUIT shows it all the same.
func TestLivelockThatCannotBeStopped(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	t.Setenv("GODEBUG", "asyncpreemptoff=1")
	for _, start := range startModes[:2] {
		f, ok := livelocked(t, "timing start="+start+"\nw0 load k1\nw1 store k99 v11\n")
		if !ok || f.Verdict.Rule != "livelock" || len(f.Verdict.Frames) != 1 || !strings.HasPrefix(f.Verdict.Frames[0], here+"(*box).methods.") {
			t.Errorf("%s: got %s\n%s", start, f.Verdict.Signature(), f.Evidence)
		}
	}
}

// livelocked runs a schedule until it is found to livelock. On a machine that is
// busy with something else a child may not get the CPU time that proves it.
func livelocked(t *testing.T, schedule string) (Found, bool) {
	for range 3 {
		o := do(t, odd(t, Config{Patience: quick / 2}), "livelocks at 99", schedule, 1)
		if len(o.Found) > 0 {
			return o.Found[0], true
		}
	}
	return Found{}, false
}

// What is merely slow is no finding, and if it is not too slow it is not even lost.
func TestSlow(t *testing.T) {
	for _, name := range []string{"sleeps", "waits for a timer"} {
		for _, start := range startModes {
			t.Run(name+"/"+start, func(t *testing.T) {
				t.Parallel()
				o := do(t, odd(t, Config{Patience: time.Second}), name, "timing start="+start+"\n"+twoStores, 1)
				if len(o.Found) != 0 || o.Lost != 0 {
					t.Errorf("found %q, lost %d", signatures(o), o.Lost)
				}
			})
		}
	}
	t.Run("too slow", func(t *testing.T) {
		t.Parallel()
		for _, start := range startModes {
			o := do(t, odd(t, Config{Patience: 50 * time.Millisecond}), "sleeps", "timing start="+start+"\n"+twoStores, 1)
			if len(o.Found) != 0 || o.Lost != 1 || o.Tally.Unknown != 1 {
				t.Errorf("%s: found %q, lost %d, %+v", start, signatures(o), o.Lost, o.Tally)
			}
		}
	})
}

// A run may take as long as it likes while its ops get done.
func TestLongRun(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	schedule := strings.Repeat("w0 store k1 v10\nw1 store k2 v11\n", 100)
	o := do(t, odd(t, Config{Patience: 60 * time.Millisecond}), "takes a while", schedule, 1)
	if len(o.Found) != 0 || o.Lost != 0 {
		t.Errorf("found %q, lost %d", signatures(o), o.Lost)
	}
}
