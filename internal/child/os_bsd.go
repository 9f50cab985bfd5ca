//go:build unix && !linux

package child

import (
	"fmt"
	"os"
	"syscall"
	"time"
)

// attributes: nothing here kills a child with its parent, but a child ends by
// itself when the pipe of its requests does. It has a process group of its own,
// for the processes that its target may start.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// cpuTime: not known of a living process here, so no livelock is ever proved.
func (p *process) cpuTime() time.Duration { return 0 }

// sharedMemory returns memory of the journal's size, and the file it is, which
// is removed from its directory at once.
func sharedMemory() ([]byte, *os.File, error) {
	f, err := os.CreateTemp("", "mapstress-journal-")
	if err != nil {
		return nil, nil, fmt.Errorf("make shared memory: %w", err)
	}
	os.Remove(f.Name())
	memory, err := mapFile(f)
	if err != nil {
		f.Close()
		return nil, nil, fmt.Errorf("make shared memory: %w", err)
	}
	return memory, f, nil
}
