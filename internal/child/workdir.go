package child

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/mapstress/mapstress/internal/dirlock"
)

// workDirs begins the name of every session's directory. Each is locked by its
// process while it is in use.
const workDirs = "mapstress-children-"

// sweepOnce: what others have left by then is enough.
var sweepOnce sync.Once

// A WorkDirError means that there is nowhere for children to work: nothing can be made in the
// directory for temporary files.
type WorkDirError struct{ Err error }

func (e *WorkDirError) Error() string {
	return fmt.Sprintf("make the children's working directory: %v; TMPDIR says where", e.Err)
}

func (e *WorkDirError) Unwrap() error { return e.Err }

// CheckWorkDir makes a directory for children to work in, and removes it again: its error is a
// *WorkDirError.
func CheckWorkDir() error {
	_, remove, err := makeWorkDir()
	if err != nil {
		return &WorkDirError{err}
	}
	remove()
	return nil
}

// makeWorkDir makes a directory for children to work in. A process removes its own
// when it is done; one that is killed cannot, so the next one does.
func makeWorkDir() (dir string, remove func(), err error) {
	sweepOnce.Do(sweep)
	for {
		if dir, err = os.MkdirTemp("", workDirs); err != nil {
			return "", nil, err
		}
		unlock, err := dirlock.Lock(dir)
		switch {
		case errors.Is(err, errors.ErrUnsupported):
			return dir, func() { os.RemoveAll(dir) }, nil
		case errors.Is(err, dirlock.ErrLocked), errors.Is(err, fs.ErrNotExist):
			continue // another's sweep was faster
		case err != nil:
			os.Remove(dir)
			return "", nil, err
		}
		if _, err := os.Stat(dir); err == nil {
			return dir, func() { os.RemoveAll(dir); unlock() }, nil
		}
		unlock() // swept before it was locked
	}
}

// sweep removes the directories whose processes are gone: those that it can lock.
func sweep() {
	entries, _ := os.ReadDir(os.TempDir())
	for _, entry := range entries {
		if !entry.IsDir() || !strings.HasPrefix(entry.Name(), workDirs) {
			continue
		}
		dir := filepath.Join(os.TempDir(), entry.Name())
		if unlock, err := dirlock.Lock(dir); err == nil {
			os.RemoveAll(dir)
			unlock()
		}
	}
}
