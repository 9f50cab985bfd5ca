package child

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/mapstress/mapstress/internal/dirlock"
)

// What a process that was killed has left is removed; what is in use is not, nor
// what has another name.
func TestSweep(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	if os.TempDir() != temp {
		t.Skip("the directory for temporary files is another here: " + os.TempDir())
	}
	dir, remove, err := makeWorkDir()
	if err != nil {
		t.Fatal(err)
	}
	unlock, err := dirlock.Lock(temp)
	if err != nil {
		t.Skip(err) // no locks here: nothing is swept
	}
	unlock()
	stale := filepath.Join(temp, workDirs+"1")
	other := filepath.Join(temp, "other")
	for _, name := range []string{stale + "/made by a target", other} {
		if err := os.MkdirAll(name, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	link := filepath.Join(temp, workDirs+"2")
	if err := os.Symlink(other, link); err != nil {
		t.Fatal(err)
	}
	sweep()
	for name, want := range map[string]bool{dir: true, stale: false, other: true, link: true} {
		if _, err := os.Stat(name); (err == nil) != want {
			t.Errorf("%s is there: %v; want %v", name, err == nil, want)
		}
	}
	remove()
	if _, err := os.Stat(dir); err == nil {
		t.Errorf("%s is still there", dir)
	}
}
