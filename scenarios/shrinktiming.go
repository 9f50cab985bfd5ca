package scenarios

import "github.com/mapstress/mapstress/scheduler"

// calmerTiming takes the disturbances away, all at once and then one by one.
// GOMAXPROCS goes down to 2, not to 1, where workers only take turns. Of the
// start modes spin counts as the calmest: it depends least on luck.
func calmerTiming(*scheduler.Schedule) []edit {
	calm := []edit{
		func(c *scheduler.Schedule) { c.Timing.Gosched = 0 },
		func(c *scheduler.Schedule) { c.Timing.Spin = 0 },
		func(c *scheduler.Schedule) { c.Timing.Procs = min(c.Timing.Procs, 2) },
		func(c *scheduler.Schedule) { c.Timing.Start = scheduler.Spin },
		func(c *scheduler.Schedule) { c.Timing.Lock = false },
		func(c *scheduler.Schedule) { c.Timing.GC = false },
		func(c *scheduler.Schedule) { c.Timing.NoPreempt = false },
		func(c *scheduler.Schedule) { c.Timing.Stalled = 0 },
	}
	all := func(c *scheduler.Schedule) {
		for _, e := range calm {
			e(c)
		}
	}
	return append([]edit{all}, append(calm,
		func(c *scheduler.Schedule) { c.Timing.Spin /= 2 },
		func(c *scheduler.Schedule) { c.Timing.Procs = max(c.Timing.Procs/2, min(c.Timing.Procs, 2)) },
	)...)
}
