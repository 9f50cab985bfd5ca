package scheduler

import (
	"math/bits"
	"runtime"
	"syscall"
	"unsafe"
)

// A cpuSet is a set of processors, as the kernel has it.
type cpuSet [16]uint64

// allowed are the processors that the calling thread may use; none if the kernel does not tell.
func allowed() (s cpuSet) {
	_, _, e := syscall.RawSyscall(syscall.SYS_SCHED_GETAFFINITY, 0, unsafe.Sizeof(s), uintptr(unsafe.Pointer(&s)))
	if e != 0 {
		return cpuSet{}
	}
	return s
}

func (s *cpuSet) use() {
	// Where it fails the thread stays where it is.
	_, _, _ = syscall.RawSyscall(syscall.SYS_SCHED_SETAFFINITY, 0, unsafe.Sizeof(*s), uintptr(unsafe.Pointer(s)))
}

// nth has the n-th of the set's processors alone, counted round and round; s must not be
// empty.
func (s *cpuSet) nth(n int) (one cpuSet) {
	count := 0
	for _, word := range s {
		count += bits.OnesCount64(word)
	}
	n %= count
	for i, word := range s {
		for ; word != 0; word &= word - 1 {
			if n == 0 {
				one[i] = word & -word
				return one
			}
			n--
		}
	}
	return one
}

// spread moves the caller's thread to the n-th of the processors that it may use. It may
// be moved again after that: a thread that was kept there would be of no use to others.
func spread(n int) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	all := allowed()
	if all == (cpuSet{}) {
		return
	}
	one := all.nth(n)
	one.use()
	all.use()
}
