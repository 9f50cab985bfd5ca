package child

import (
	"os"

	"github.com/mapstress/mapstress/internal/child/wire"
)

// handed is what a child is handed when it starts.
type handed struct {
	requests *os.File // it reads
	frames   *os.File // it writes, as it does
	printed  *os.File // standard output and standard error
	journal  *os.File // nil where memory cannot be shared
}

// launch starts the process with its pipes and its journal.
func (p *process) launch(spawn *spawner) (err error) {
	var theirs, ours files
	defer func() { theirs.close() }() // the child has its own by then
	defer func() {
		if err != nil {
			ours.close()
		}
	}()
	var child handed
	pipe := func() (r, w *os.File) {
		if err == nil {
			r, w, err = os.Pipe()
		}
		return r, w
	}
	var requests, frames, printed *os.File
	child.requests, requests = pipe()
	frames, child.frames = pipe()
	printed, child.printed = pipe()
	theirs = files{child.requests, child.frames, child.printed}
	ours = files{requests, frames, printed}
	if err != nil {
		return err
	}
	memory, file, err := sharedMemory()
	if err != nil {
		return err
	}
	child.journal = file
	theirs = append(theirs, file)
	attach(p.cmd, &child)
	if err = spawn.start(p.cmd); err != nil {
		unmap(memory)
		return err
	}
	p.requests, p.answers = requests, frames
	p.printed, p.journal = newCapture(printed), wire.NewJournal(memory)
	p.release = func() {
		unmap(memory)
		printed.Close()
	}
	return nil
}

// files are closed together; nil ones are none.
type files []*os.File

func (all files) close() {
	for _, f := range all {
		if f != nil {
			f.Close()
		}
	}
}
