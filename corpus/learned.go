package corpus

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// learnedDir is where the store keeps what searches learned, beside the targets'
// directories. Nothing in it is a case.
const learnedDir = ".learned"

func (s *Store) learnedPath(target string) string {
	return filepath.Join(s.dir, learnedDir, dirName(target)+".json")
}

// Learned returns what a search learned of a target and SaveLearned kept; nil if
// there is nothing. What is in it is the search's business.
func (s *Store) Learned(target string) (data []byte, path string, err error) {
	path = s.learnedPath(target)
	data, err = os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, path, nil
	}
	return data, path, err
}

// SaveLearned keeps what a search learned of a target, in place of what was there.
func (s *Store) SaveLearned(target string, data []byte) error {
	path := s.learnedPath(target)
	if err := s.write(path, data); err != nil {
		return fmt.Errorf("keep what was learned of %s in %s: %w", target, path, err)
	}
	return nil
}
