package instrument

import (
	"errors"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// roots returns the root directory of every toolchain that is installed here, by version:
// the one that runs the test, and those that were downloaded.
func roots(t *testing.T) map[string]string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOROOT", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(out), "\n")
	all, _ := filepath.Glob(filepath.Join(lines[1], "golang.org", "toolchain@*"))
	found := map[string]string{}
	for _, root := range append(all, lines[0]) {
		data, err := os.ReadFile(filepath.Join(root, "VERSION"))
		if err != nil {
			continue // half of one
		}
		version, _, _ := strings.Cut(string(data), "\n")
		if _, err := minorOf(version); err == nil {
			found[version] = root
		}
	}
	if found[runtime.Version()] == "" {
		t.Fatalf("%s is not among the toolchains found: %v", runtime.Version(), found)
	}
	return found
}

// TestAnchors holds the patches against every toolchain that is installed here.
func TestAnchors(t *testing.T) {
	for version, root := range roots(t) {
		t.Run(version, func(t *testing.T) {
			files, err := Files(root, version)
			if err != nil {
				t.Fatal(err)
			}
			for name, text := range files {
				if !strings.HasSuffix(name, ".go") {
					continue
				}
				if _, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution); err != nil {
					t.Error(err)
				}
				if !strings.Contains(text, "mapstress") && name != "runtime/rand.go" {
					t.Errorf("%s: nothing was changed", name)
				}
				if strings.Contains(text, "p, _ := runtime_mapaccess2") {
					t.Errorf("%s: a read of a map is told as at a line of the runtime", name)
				}
			}
			for _, hook := range []string{"mapstressTake(&m.state)", "mapstressYields()", "mapstressAtomic(unsafe.Pointer(addr), 8, 6)", "mapstressReadPC(unsafe.Pointer("} {
				n := 0
				for name, text := range files {
					if !strings.HasSuffix(name, "/mapstress.go") && strings.Contains(text, hook) {
						n++
					}
				}
				if n == 0 {
					t.Errorf("no file calls %s", hook)
				}
			}
		})
	}
}

// TestMissingAnchor changes one line of a file of Go's, as a new version may.
func TestMissingAnchor(t *testing.T) {
	root := roots(t)[runtime.Version()]
	minor, err := minorOf(runtime.Version())
	if err != nil {
		t.Fatal(err)
	}
	other := t.TempDir()
	for i := range patches {
		if p := &patches[i]; p.fits(minor) {
			copyTo(t, root, other, p.file)
		}
	}
	for _, file := range []string{"sync/atomic/doc.go", "sync/atomic/doc_64.go"} {
		copyTo(t, root, other, file)
	}
	if _, err := Files(other, runtime.Version()); err != nil {
		t.Fatalf("of an exact copy: %v", err)
	}
	for _, c := range []struct{ file, old string }{
		{"runtime/proc.go", "func Gosched() {"},
		{"sync/pool.go", "l, pid := p.pin()"},
		{"sync/atomic/doc.go", "func LoadInt32(addr *int32) (val int32)"},
	} {
		path := filepath.Join(other, "src", filepath.FromSlash(c.file))
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		after := strings.ReplaceAll(string(before), c.old, "")
		if c.file == "sync/atomic/doc.go" {
			after = strings.ReplaceAll(string(before), "\nfunc ", "\nfunc  ")
		}
		os.WriteFile(path, []byte(after), 0o666)
		_, err = Files(other, runtime.Version())
		var missing *AnchorError
		if !errors.As(err, &missing) || missing.File != c.file || missing.Version != runtime.Version() ||
			!strings.Contains(err.Error(), strings.Fields(c.old)[0]) {
			t.Errorf("without %q: got %v", c.old, err)
		}
		os.WriteFile(path, before, 0o666)
	}
	os.Remove(filepath.Join(other, "src", "runtime", "time.go"))
	var missing *AnchorError
	if _, err := Files(other, runtime.Version()); !errors.As(err, &missing) || missing.File != "runtime/time.go" {
		t.Errorf("without a file: got %v", err)
	}
}

func copyTo(t *testing.T, from, to, file string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(from, "src", filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(to, "src", filepath.FromSlash(file))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestVersions(t *testing.T) {
	for version, want := range map[string]int{"go1.26.8": 26, "go1.23": 23, "go1.27-devel_abc": 27} {
		if got, err := minorOf(version); err != nil || got != want {
			t.Errorf("%s: got %d, %v; want %d", version, got, err, want)
		}
	}
	for _, version := range []string{"go1.22.4", "devel", "go2.1", ""} {
		if _, err := minorOf(version); err == nil || !strings.Contains(err.Error(), version) {
			t.Errorf("%q: got %v", version, err)
		}
	}
	for _, version := range []string{"go1.24.6 X:noswissmap", "go1.25.3-X:noswissmap"} {
		if _, err := Files(t.TempDir(), version); err == nil || !strings.Contains(err.Error(), "want it without GOEXPERIMENT=noswissmap") {
			t.Errorf("%q: got %v", version, err)
		}
	}
}
