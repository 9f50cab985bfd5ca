//go:build !linux

package scheduler

// holdBack: a thread has no priority of its own that could be set here, so a
// stalled worker's longer busy loops have to do.
func holdBack() {}
