package child

import (
	"context"
	"testing"

	"github.com/mapstress/mapstress/target"
)

// A schedule gets the kind of child that it needs, whatever the one before had,
// and the user's other settings stay.
func TestNoPreempt(t *testing.T) {
	const off = "timing nopreempt=1\n" + twoStores
	for user, want := range map[string]string{
		"":                               "asyncpreemptoff=1",
		"invalidptr=1,asyncpreemptoff=0": "invalidptr=1,asyncpreemptoff=0,asyncpreemptoff=1",
	} {
		t.Run(user, func(t *testing.T) {
			t.Setenv("GODEBUG", user)
			t.Setenv("WANT_GODEBUG", want)
			s := odd(t, Config{})
			for range 2 {
				for _, c := range []struct{ target, schedule string }{
					{"wants no preemption", off},
					{"correct", twoStores},
				} {
					if o := do(t, s, c.target, c.schedule, 10); len(o.Found) != 0 || o.Lost != 0 {
						t.Errorf("%s: found %q, lost %d: %s", c.target, signatures(o), o.Lost, o.Found[0].Evidence)
					}
				}
			}
		})
	}
	s := odd(t, Config{})
	do(t, s, "correct", off, 10)
	if _, err := s.Probe(context.Background(), "correct", target.Shape{}, 10); err != nil { // any child will do
		t.Error(err)
	}
	if o := do(t, s, "wants preemption", twoStores, 10); len(o.Found) != 0 || o.Lost != 0 {
		t.Errorf("found %q, lost %d", signatures(o), o.Lost)
	}
}

// A child that dies is replaced by one of its kind, and a spare of another kind
// is not used.
func TestNoPreemptSpare(t *testing.T) {
	t.Setenv("WANT_GODEBUG", "asyncpreemptoff=1")
	t.Setenv("GODEBUG", "")
	s := odd(t, Config{})
	const off = "timing nopreempt=1\n" + twoStores
	for range 2 {
		do(t, s, "panics", off, 2) // leaves a spare behind
		if o := do(t, s, "wants no preemption", off, 10); len(o.Found) != 0 {
			t.Errorf("found %q: %s", signatures(o), o.Found[0].Evidence)
		}
		do(t, s, "panics", off, 2)
		if o := do(t, s, "wants preemption", twoStores, 10); len(o.Found) != 0 {
			t.Errorf("found %q", signatures(o))
		}
		do(t, s, "panics", twoStores, 2)
		if o := do(t, s, "wants no preemption", off, 10); len(o.Found) != 0 {
			t.Errorf("found %q: %s", signatures(o), o.Found[0].Evidence)
		}
	}
}

// What the plan adds to the process is neither a leak of the target's nor in the
// way of proving a deadlock.
func TestDisturbedChild(t *testing.T) {
	for _, start := range startModes {
		timing := "timing lock=1 gc=1 nopreempt=1 stalled=w1 start=" + start + "\n"
		if o := do(t, odd(t, Config{}), "correct", timing+twoStores, 50); len(o.Found) != 0 || o.Lost != 0 {
			t.Errorf("%s: found %q, lost %d", start, signatures(o), o.Lost)
		}
		o := do(t, odd(t, Config{Patience: quick}), "deadlocks", timing+twoStores, 1)
		if len(o.Found) != 1 || o.Found[0].Verdict.Rule != "deadlock" {
			t.Errorf("%s: found %q, lost %d", start, signatures(o), o.Lost)
		}
	}
}
