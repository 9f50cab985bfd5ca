//go:build !linux

package scheduler

// spread does nothing: there is no way to choose the caller's processor here.
func spread(int) {}
