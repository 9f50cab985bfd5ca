package scheduler

// A Noise disturbs workers in the midst of ops.
type Noise interface {
	// Begin says at one of how many accesses to memory they are disturbed.
	Begin(points int)
	// On has the goroutine that calls it disturbed, by chances that come from the seed, until it
	// calls Off.
	On(seed uint64)
	Off()
}

// Disturb gives an engine, before its first run, what it takes for Timing.Noise, which counts for
// nothing otherwise. There must be one such engine at a time.
func (e *Engine) Disturb(n Noise) {
	if points := e.schedule.Timing.Noise; points > 0 {
		n.Begin(points)
		e.noise = n
	}
}
