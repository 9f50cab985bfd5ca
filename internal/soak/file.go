package soak

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// A file that is being written has a name that begins and ends like that.
const tempStart, tempEnd = ".new-", ".tmp"

// writeFile puts data in a new file beside path and renames it: whatever becomes of
// this process, path has the old bytes or the new ones, all of them. A durable one
// is flushed to disk before that, so that it is whole after the machine stopped,
// too; this takes some milliseconds.
func writeFile(path string, data []byte, durable bool) error {
	f, err := os.CreateTemp(filepath.Dir(path), tempStart+"*"+tempEnd)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err == nil && durable {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// removeTemps removes what a soak that was killed while it wrote has left.
func removeTemps(dir string) {
	entries, _ := os.ReadDir(dir) // what cannot be listed is left
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), tempStart) && strings.HasSuffix(entry.Name(), tempEnd) {
			os.Remove(filepath.Join(dir, entry.Name()))
		}
	}
}
