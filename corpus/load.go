package corpus

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Load reads the cases of a target, sorted by file name. Each file that cannot be
// read is an error that names it, and the others go on. A directory that is not
// there has no cases.
func (s *Store) Load(target string) (cases []*Case, errs []error) {
	all, errs := s.loadDir(dirName(target))
	for _, c := range all {
		if c.Target == target { // a file system that folds case has "Map" and "map" in one place
			cases = append(cases, c)
		}
	}
	return cases, errs
}

// LoadAll reads the cases of every target, sorted by directory and file name,
// with errors as Load's.
func (s *Store) LoadAll() (cases []*Case, errs []error) {
	entries, err := readDir(s.dir)
	if err != nil {
		return nil, []error{err}
	}
	for _, entry := range entries {
		if !entry.IsDir() || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		c, e := s.loadDir(entry.Name())
		cases, errs = append(cases, c...), append(errs, e...)
	}
	return cases, errs
}

func (s *Store) loadDir(name string) (cases []*Case, errs []error) {
	dir := filepath.Join(s.dir, name)
	entries, err := readDir(dir)
	if err != nil {
		return nil, []error{err}
	}
	for _, entry := range entries {
		if entry.IsDir() || strings.HasPrefix(entry.Name(), ".") || filepath.Ext(entry.Name()) != extension {
			continue
		}
		c, err := loadFile(filepath.Join(dir, entry.Name()), name)
		switch {
		case err == nil:
			cases = append(cases, c)
		case !errors.Is(err, fs.ErrNotExist): // removed since the directory was read
			errs = append(errs, err)
		}
	}
	return cases, errs
}

// maxSize is what no case is as large as, in bytes.
const maxSize = 64 << 20

// ReadFile reads one case, wherever it is.
func ReadFile(path string) (*Case, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read case: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSize+1)) // it may be any file, or a device
	if err != nil {
		return nil, fmt.Errorf("read case: %w", err)
	}
	if len(data) > maxSize {
		return nil, fmt.Errorf("%s: larger than %d MiB, which no case is", path, maxSize>>20)
	}
	return Parse(path, data)
}

// loadFile reads one case, which must be of the target that the directory is for.
func loadFile(path, dir string) (*Case, error) {
	c, err := ReadFile(path)
	if err != nil {
		return nil, err
	}
	if want := dirName(c.Target); !strings.EqualFold(want, dir) {
		return nil, fmt.Errorf("%s: a case of target %q, which belongs in the directory %q", path, c.Target, want)
	}
	return c, nil
}

// readDir returns a directory's entries sorted by name; none if it is not there.
func readDir(dir string) ([]fs.DirEntry, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read cases of %s: %w", dir, err)
	}
	return entries, nil
}
