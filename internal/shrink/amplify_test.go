package shrink

import (
	"context"
	"testing"

	"github.com/mapstress/mapstress/scheduler"
)

// TestAmplify: a timing plan that makes the outcome fail more often is found and
// kept, and none is if there is none.
func TestAmplify(t *testing.T) {
	for _, helps := range []bool{true, false} {
		b := bug{"spins", 0.02, func(c *scheduler.Schedule) float64 {
			if helps && c.Timing.Spin >= 128 && len(c.Workers) == 2 && c.Ops() == 2 {
				return 8
			}
			return 1
		}}
		changed := 0
		for i, schedule := range failing(t, &b, 10) {
			s := &simulation{seed: uint64(i), chance: b.chance}
			c, err := Run(context.Background(), s.found(t, schedule), s.config(1))
			if err != nil {
				t.Fatal(err)
			}
			if c.Shrunk.Amplified != (c.Schedule.Timing.Spin >= 128) && helps {
				t.Errorf("amplified: %v, with\n%s", c.Shrunk.Amplified, c.Schedule.Text())
			}
			if b.chance(c.Schedule) > 0.1 || c.Shrunk.Amplified {
				changed++
			}
		}
		// Equal plans win one race in 100.
		if helps && changed < 9 || !helps && changed > 1 {
			t.Errorf("helps: %v; %d of 10 amplified", helps, changed)
		}
	}
}
