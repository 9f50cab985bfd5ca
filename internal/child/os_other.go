//go:build !unix

package child

import (
	"errors"
	"os"
	"os/exec"
	"time"

	"github.com/mapstress/mapstress/internal/child/wire"
)

// attach makes do without inherited descriptors: frames travel on standard
// input and output, and the child sends what its target prints to standard
// error.
func attach(cmd *exec.Cmd, h *handed) {
	cmd.Stdin, cmd.Stdout, cmd.Stderr = h.requests, h.frames, h.printed
}

// sharedMemory returns memory that is not shared: which run a child died of is
// not known here, and its event log is lost.
func sharedMemory() ([]byte, *os.File, error) { return make([]byte, wire.JournalSize), nil, nil }

func unmap([]byte) {}

// quit: there is no way to ask for stacks here.
func (p *process) quit() error { return errors.ErrUnsupported }

// signalled: nothing ends by a signal here.
func (p *process) signalled() string { return "" }

// killGroup: the processes that a target started are not found here.
func (p *process) killGroup() {}

// cpuTime: not known here.
func (p *process) cpuTime() time.Duration { return 0 }
