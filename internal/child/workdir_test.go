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

// TestLeavesNothing: what a target leaves where temporary files go, or where it is, is removed when the session
// is closed, however its process ended.
func TestLeavesNothing(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	if os.TempDir() != temp {
		t.Skip("the directory for temporary files is another here: " + os.TempDir())
	}
	s := odd(t, Config{})
	if o := do(t, s, "leaves files", twoStores, 3); len(o.Found) > 0 {
		t.Fatalf("found %q", signatures(o))
	}
	inDir, err := filepath.Glob(filepath.Join(temp, workDirs+"*", "left*"))
	if err != nil || len(inDir) != 7 {
		t.Errorf("the session's directory has %q (%v); want six directories and a file", inDir, err)
	}
	s.Close()
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}
