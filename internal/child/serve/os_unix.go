//go:build unix

package serve

import (
	"fmt"
	"os"
	"strconv"
	"syscall"

	"github.com/mapstress/mapstress/internal/child/wire"
)

// connect opens what the parent handed over: requests on descriptor 3, frames
// on 4, the journal's memory on 5. Standard output and error are the target's.
func connect() (*link, error) {
	memory, err := syscall.Mmap(5, 0, wire.JournalSize, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("map the journal on descriptor 5: %w", err)
	}
	for fd := 3; fd <= 5; fd++ {
		syscall.CloseOnExec(fd) // a target may start processes
	}
	if err := limit(); err != nil {
		return nil, err
	}
	// A read that blocks the thread would keep a processor from the workers until
	// the runtime takes it back, which takes longer than most requests.
	if err := syscall.SetNonblock(3, true); err != nil {
		return nil, fmt.Errorf("make descriptor 3 non-blocking: %w", err)
	}
	return &link{
		in:      os.NewFile(3, "requests"),
		out:     os.NewFile(4, "frames"),
		journal: wire.NewJournal(memory),
		shared:  true,
	}, nil
}

// limit bounds what a target gone wild can take, as the parent asked for: the
// address space, and no core files. The race detector needs all the address
// space there is.
func limit() error {
	core := syscall.Rlimit{}
	if err := syscall.Setrlimit(syscall.RLIMIT_CORE, &core); err != nil {
		return fmt.Errorf("limit core files: %w", err)
	}
	bytes, err := strconv.ParseUint(os.Getenv(wire.MemoryEnviron), 10, 64)
	if err != nil || bytes == 0 || raceEnabled {
		return nil
	}
	var space syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_AS, &space) == nil && uint64(space.Max) < bytes {
		return nil // the system's own limit is tighter, and may not be raised
	}
	set(&space.Cur, bytes)
	set(&space.Max, bytes)
	if err := syscall.Setrlimit(syscall.RLIMIT_AS, &space); err != nil {
		return fmt.Errorf("limit memory to %d bytes: %w", bytes, err)
	}
	return nil
}

// set sets half of an Rlimit, whose type depends on the system.
func set[T int64 | uint64](to *T, n uint64) { *to = T(n) }

// cpuMillis returns the CPU time this process has used.
func cpuMillis() int64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return (u.Utime.Nano() + u.Stime.Nano()) / 1e6
}
