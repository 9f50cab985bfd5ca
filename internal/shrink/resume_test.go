package shrink

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/mapstress/mapstress/corpus"
)

// TestResumed: a shrink that runs out of time again and again, and goes on from the
// file each time, comes to the minimum, and tries hardly more than one that has all
// the time: each time it starts, it measures, and goes through a candidate again.
func TestResumed(t *testing.T) {
	b := bugs[1]
	for i, schedule := range failing(t, &b, 5) {
		s := &simulation{seed: uint64(i), chance: b.chance}
		whole, parts := 0, 0
		config := s.config(1)
		config.Tried = func(Step) { whole++ }
		if _, err := Run(context.Background(), s.found(t, schedule), config); err != nil {
			t.Fatal(err)
		}
		c, rounds := s.found(t, schedule), 0
		for ; !c.Shrunk.Done; rounds++ {
			if rounds == 100 {
				t.Fatalf("no end: %+v\n%s", c.Shrunk, c.Schedule.Text())
			}
			config := s.config(1)
			// The time of 25,000 runs, and more if that is not enough: what fails twenty times
			// a second, the least that is accepted, takes twice as long to measure.
			config.Time = 500 * time.Millisecond << (rounds / 10)
			config.Tried = func(Step) { parts++ }
			next, err := Run(context.Background(), c, config)
			if err != nil {
				t.Fatal(err)
			}
			if c, err = corpus.Parse("case", next.Format()); err != nil {
				t.Fatal(err)
			}
		}
		t.Logf("%d rounds to %d ops, %d candidates, and %d in one go", rounds, c.Schedule.Ops(), parts, whole)
		if c.Schedule.Ops() != 2 || c.Original.Text() != schedule.Text() || c.Shrunk.From != schedule.Ops() {
			t.Errorf("after %d rounds, from %d ops:\n%s", rounds, c.Shrunk.From, c.Schedule.Text())
		}
		if rounds < 3 || parts > 2*whole+2*rounds {
			t.Errorf("%d rounds tried %d candidates, and one that has the time %d", rounds, parts, whole)
		}
	}
}

// TestKilled: whoever keeps what Save is told has the last step, and can go on.
func TestKilled(t *testing.T) {
	b := bugs[0]
	schedule := failing(t, &b, 1)[0]
	for after := 1; ; after++ {
		s := &simulation{seed: 7, chance: b.chance}
		ctx, cancel := context.WithCancel(context.Background())
		config := s.config(1)
		var kept *corpus.Case
		saves := 0
		config.Save = func(c *corpus.Case) {
			if saves++; saves == after {
				kept = c
				cancel()
			}
		}
		c, err := Run(ctx, s.found(t, schedule), config)
		cancel()
		if kept == nil {
			if after < 3 {
				t.Fatalf("only %d steps", after-1)
			}
			return
		}
		if !errors.Is(err, context.Canceled) || c.Schedule.Text() != kept.Schedule.Text() {
			t.Fatalf("step %d: %v, with\n%sthough\n%swas kept", after, err, c.Schedule.Text(), kept.Schedule.Text())
		}
		again, err := corpus.Parse("case", kept.Format())
		if err != nil {
			t.Fatal(err)
		}
		end, err := Run(context.Background(), again, s.config(1))
		if err != nil || !end.Shrunk.Done || end.Schedule.Ops() != 2 || end.Original.Text() != schedule.Text() {
			t.Errorf("after step %d: %v, %+v\n%s", after, err, end.Shrunk, end.Schedule.Text())
		}
	}
}
