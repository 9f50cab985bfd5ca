package shrink

import (
	"context"
	"testing"

	"github.com/mapstress/mapstress/scheduler"
)

// TestBusyMachine: now and then the machine is so busy that workers meet in a tenth of
// the runs only. That takes ten times as long, and changes nothing.
func TestBusyMachine(t *testing.T) {
	for _, b := range bugs[:2] {
		for i, schedule := range failing(t, &b, 5) {
			s := &simulation{seed: uint64(i), chance: b.chance, busy: func(runs int) bool { return runs/5000%2 == 1 }}
			c, err := Run(context.Background(), s.found(t, schedule), s.config(1))
			if err != nil {
				t.Fatal(err)
			}
			if c.Schedule.Ops() != 2 || !c.Shrunk.Done {
				t.Errorf("%s: %+v\n%s", b.name, c.Shrunk, c.Schedule.Text())
			}
		}
	}
}

// TestControl: from some time on all fails a tenth as often, for a reason that nobody
// sees. The round in which that happens is spoilt, not the shrink.
func TestControl(t *testing.T) {
	b := bugs[0]
	for i, schedule := range failing(t, &b, 5) {
		for _, before := range []int{500, 3000, 10_000} {
			s := &simulation{seed: uint64(i)}
			s.chance = func(c *scheduler.Schedule) float64 {
				if s.runs > before {
					return b.chance(c) / 10
				}
				return b.chance(c)
			}
			c, err := Run(context.Background(), s.found(t, schedule), s.config(1))
			if err != nil {
				t.Fatal(err)
			}
			if c.Schedule.Ops() != 2 || !c.Shrunk.Done {
				t.Errorf("after %d runs: %+v\n%s", before, c.Shrunk, c.Schedule.Text())
			}
		}
	}
}
