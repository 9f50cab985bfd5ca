package scheduler

import (
	"runtime"
	"syscall"
)

// lowest is the lowest priority that a thread can have.
const lowest = 19

// holdBack gives the goroutine that calls it a thread of its own, of the lowest
// priority. An ordinary process may not raise a priority again, so the goroutine
// keeps the thread, which ends with it. If the system forbids even to lower one,
// the longer busy loops have to do.
func holdBack() {
	runtime.LockOSThread()
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, syscall.Gettid(), lowest)
}
