package scenarios

import "github.com/mapstress/mapstress/scheduler"

// fewerProcs lets GOMAXPROCS go down to 2 or to a half, and never to 1, where
// workers only take turns.
func fewerProcs(*scheduler.Schedule) []edit {
	return []edit{
		func(c *scheduler.Schedule) { c.Timing.Procs = min(c.Timing.Procs, 2) },
		func(c *scheduler.Schedule) { c.Timing.Procs = max(c.Timing.Procs/2, min(c.Timing.Procs, 2)) },
	}
}
