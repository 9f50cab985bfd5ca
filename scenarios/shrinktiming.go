package scenarios

import "github.com/mapstress/mapstress/scheduler"

// calm has what takes away each disturbance. Of the start modes spin counts as the
// calmest: it depends least on luck.
var calm = []edit{
	func(c *scheduler.Schedule) { c.Timing.Gosched = 0 },
	func(c *scheduler.Schedule) { c.Timing.Spin = 0 },
	func(c *scheduler.Schedule) { c.Timing.Start = scheduler.Spin },
	func(c *scheduler.Schedule) { c.Timing.Lock = false },
	func(c *scheduler.Schedule) { c.Timing.GC = false },
	func(c *scheduler.Schedule) { c.Timing.NoPreempt = false },
	func(c *scheduler.Schedule) { c.Timing.Stalled = 0 },
}

// unrest measures a timing plan, for Space.Size: nothing of it is calmest.
func unrest(t *scheduler.Timing) []int {
	return []int{one(t.GC) + one(t.NoPreempt) + one(t.Lock), t.Stalled, t.Gosched, t.Spin, loudness(t.Noise), t.Procs, int(t.Start)}
}

// leastNoise is so seldom that nothing is gained by less. Noise is not taken away: how often a
// schedule fails depends on the hooks, too, and it says that there are some.
const leastNoise = 1 << 12

func loudness(noise int) int {
	if noise == 0 {
		return 0
	}
	return 1 + leastNoise/noise
}

// leastSpin is so short that no shorter one is any calmer.
const leastSpin = 16

// calmerTiming takes the disturbances away, all at once and then one by one.
func calmerTiming(*scheduler.Schedule) []edit {
	all := func(c *scheduler.Schedule) {
		for _, e := range calm {
			e(c)
		}
	}
	edits := append([]edit{all}, calm...)
	return append(edits,
		func(c *scheduler.Schedule) { c.Timing.Noise = min(4*c.Timing.Noise, max(c.Timing.Noise, leastNoise)) },
		func(c *scheduler.Schedule) { c.Timing.Spin = max(c.Timing.Spin/2, min(c.Timing.Spin, leastSpin)) })
}

func one(set bool) int {
	if set {
		return 1
	}
	return 0
}
