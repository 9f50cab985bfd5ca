package child

import (
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// attributes: a child dies with its parent, whatever ends the parent.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
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
