package corpus

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// A file is what write needs of an *os.File.
type file interface {
	io.WriteCloser
	Name() string
	Chmod(os.FileMode) error
	Sync() error
}

// createTemp makes a file that nobody takes for a case. One that is left behind
// by a process that died stays, and does no harm.
func createTemp(dir string) (file, error) { return os.CreateTemp(dir, ".new-*.tmp") }

// WriteBeside writes a file that goes with a case, in the way in which cases are written:
// whatever happens meanwhile, it is there whole or not at all.
func WriteBeside(path string, data []byte) error {
	if err := new(Store).write(path, data); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// write puts data in a new file beside path and then renames it, each step
// flushed to disk: after a crash path has the old bytes or the new ones, all of
// them. Of two that write the same path at once, the later rename counts.
func (s *Store) write(path string, data []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	create := s.create
	if create == nil {
		create = createTemp
	}
	f, err := create(dir)
	if err != nil {
		return err
	}
	if err := fill(f, data); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return errors.Join(syncDir(dir), syncDir(filepath.Dir(dir)))
}

// fill writes the file and closes it, whatever goes wrong.
func fill(f file, data []byte) error {
	_, err := f.Write(data)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

// syncDir flushes a directory's entries. Where that is not to be had, it is done
// without: the file itself is whole all the same.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	err = d.Sync()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EINVAL) {
		return nil
	}
	return err
}
