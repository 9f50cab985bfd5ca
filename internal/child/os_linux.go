package child

import (
	"fmt"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// attributes: a child dies with its parent, whatever ends the parent. It has a
// process group of its own, for the processes that its target may start.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}

// cpuTime returns the CPU time that the process has used.
func (p *process) cpuTime() time.Duration {
	const cpuClock = 2 // CPUCLOCK_SCHED: what clock_getcpuclockid(3) makes of a process
	var t unix.Timespec
	if unix.ClockGettime(int32(^p.cmd.Process.Pid<<3|cpuClock), &t) != nil {
		return 0 // it has ended
	}
	return time.Duration(t.Nano())
}

// sharedMemory returns memory of the journal's size, and the file it is, which
// is in no directory.
func sharedMemory() ([]byte, *os.File, error) {
	fd, err := unix.MemfdCreate("mapstress-journal", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, nil, fmt.Errorf("make shared memory: %w", err)
	}
	f := os.NewFile(uintptr(fd), "journal")
	memory, err := mapFile(f)
	if err != nil {
		f.Close()
		return nil, nil, fmt.Errorf("make shared memory: %w", err)
	}
	return memory, f, nil
}
