//go:build unix

package child

import (
	"os"
	"os/exec"
	"syscall"

	"github.com/mapstress/mapstress/internal/child/wire"
)

// attach hands over: requests on descriptor 3, frames on 4, the journal's memory
// on 5. Standard output and error are the target's.
func attach(cmd *exec.Cmd, h *handed) {
	cmd.ExtraFiles = []*os.File{h.requests, h.frames, h.journal}
	cmd.Stdout, cmd.Stderr = h.printed, h.printed
	cmd.SysProcAttr = attributes()
}

// mapFile gives a file the journal's size, and maps it.
func mapFile(f *os.File) ([]byte, error) {
	if err := f.Truncate(wire.JournalSize); err != nil {
		return nil, err
	}
	return syscall.Mmap(int(f.Fd()), 0, wire.JournalSize, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
}

func unmap(memory []byte) { syscall.Munmap(memory) }

// quit asks a child for its goroutines' stacks, of which it dies.
func (p *process) quit() error { return p.cmd.Process.Signal(syscall.SIGQUIT) }

// signalled returns the signal that ended the process, if one did.
func (p *process) signalled() string {
	if status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return status.Signal().String()
	}
	return ""
}

// killGroup ends the processes that the target started and left behind: they may
// hold its pipes open. Called as soon as the child has been waited for: while
// one of them lives, the group's number is no other's.
func (p *process) killGroup() { syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) }
