package corpus

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/mapstress/mapstress/oracle"
)

// extension ends the name of every case's file.
const extension = ".txtar"

// A Store is a directory of cases: a directory for each target, and in it a file
// for each case, <dir>/<target>/<id>.txtar. Its methods are safe for concurrent
// use, by several processes too.
type Store struct {
	dir    string
	create func(dir string) (file, error) // nil means createTemp; other in tests

	mu     sync.Mutex
	failed map[string]bool // guarded by mu; what Fresh was asked about
}

// Open returns the store in a directory. The directory is made when the first
// case is saved.
func Open(dir string) *Store { return &Store{dir: dir} }

// Path returns where Save puts the case.
func (s *Store) Path(c *Case) string {
	return filepath.Join(s.dir, dirName(c.Target), c.ID()+extension)
}

// Save writes the case and returns its file's name. It replaces an older file of
// the same ID. Whatever happens meanwhile, the file is there whole or not at all.
func (s *Store) Save(c *Case) (path string, err error) {
	path = s.Path(c)
	if err := s.save(path, c); err != nil {
		return "", err
	}
	return path, nil
}

// WriteFile writes the case to a file of any name, as Save does.
func WriteFile(path string, c *Case) error { return new(Store).save(path, c) }

func (s *Store) save(path string, c *Case) error {
	data := c.Format()
	if _, err := parse(data); err != nil {
		return fmt.Errorf("keep case %s: it could not be read again: %w", path, err)
	}
	if err := s.write(path, data); err != nil {
		return fmt.Errorf("keep case %s: %w", path, err)
	}
	return nil
}

// Fresh reports whether an error of Save, for a case of that target, is another than those before
// it: where one case cannot be written no other can, for the same reason, and once is enough to
// say so.
func (s *Store) Fresh(target string, err error) bool {
	reason := err.Error()
	var path *fs.PathError
	if errors.As(err, &path) { // which file it was says nothing
		reason = path.Err.Error()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key := dirName(target) + ": " + reason
	if s.failed[key] {
		return false
	}
	if s.failed == nil {
		s.failed = map[string]bool{}
	}
	s.failed[key] = true
	return true
}

// Replace saves a case that supersedes an older one, such as its shrunk form,
// and then removes the older one. It returns the new file's name also if only
// removing failed.
func (s *Store) Replace(old, new *Case) (path string, err error) {
	path, err = s.Save(new)
	if err != nil || s.file(old) == path {
		return path, err
	}
	return path, s.Remove(old)
}

// Remove removes the case's file: the one that it was read from, if that is in
// the store. A file that is already gone is no error.
func (s *Store) Remove(c *Case) error {
	path := s.file(c)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove case %s: %w", path, err)
	}
	return nil
}

// file returns the case's file: a case that was edited or named by hand is not
// where its ID says.
func (s *Store) file(c *Case) string {
	path := s.Path(c)
	if c.File != "" && filepath.Dir(c.File) == filepath.Dir(path) {
		return filepath.Clean(c.File)
	}
	return path
}

// Find returns the target's case of the same finding as v, if there is one.
// Files that cannot be read are passed over; Load tells of them.
func (s *Store) Find(target string, v oracle.Verdict) (*Case, bool) {
	cases, _ := s.Load(target)
	for _, c := range cases {
		if c.Verdict.Same(v) {
			return c, true
		}
	}
	return nil, false
}
