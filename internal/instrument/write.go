package instrument

import (
	"bytes"
	"os"
	"path/filepath"
)

// write writes a file in one step, unless it is as it should be: another process may be building
// with it.
func write(file string, data []byte) error {
	if old, err := os.ReadFile(file); err == nil && bytes.Equal(old, data) {
		return nil
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".writing-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails once it is renamed
	_, err = f.Write(data)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Chmod(f.Name(), 0o666&^0o022)
	}
	if err == nil {
		err = os.Rename(f.Name(), file)
	}
	return err
}
