package corpus

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Writable reports why cases cannot be saved, as far as that can be known before: its directory, or
// the one in which it would be made, may be no directory, or closed to this process.
func (s *Store) Writable() error {
	at := s.dir
	for {
		info, err := os.Stat(at)
		above := filepath.Dir(at)
		switch {
		case err == nil && !info.IsDir():
			return fmt.Errorf("corpus %s: %s is not a directory", s.dir, at)
		case err == nil:
			if err := access(at); err != nil {
				return fmt.Errorf("corpus %s: no case can be written in %s: %w", s.dir, at, err)
			}
			return nil
		case above == at || !errors.Is(err, os.ErrNotExist) && !isNotDir(err):
			return fmt.Errorf("corpus %s: %w", s.dir, err)
		}
		at = above
	}
}
