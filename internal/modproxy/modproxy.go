// Package modproxy serves modules that are made on the fly to the go command, for tests of
// what fetches and builds modules.
//
// It needs nothing but files, and leaves the machine's own caches of modules alone.
package modproxy

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	modpath "golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// Serve has the go command find modules, for the time of a test: by path@version, the
// text of their only file. What else it needs it has from where it usually does. Children
// that mapstress builds are not kept.
func Serve(t *testing.T, files map[string]string) {
	t.Helper()
	out, err := exec.Command("go", "env", "GOCACHE", "GOMODCACHE", "GOPROXY").Output()
	if err != nil {
		t.Skip("no go command: ", err)
	}
	usual := strings.Split(string(out), "\n")
	proxy, lists := t.TempDir(), map[string]string{}
	for at, text := range files {
		path, version, _ := strings.Cut(at, "@")
		dir := filepath.Join(proxy, filepath.FromSlash(path), "@v")
		if err := publish(t.TempDir(), dir, path, version, text); err != nil {
			t.Fatal(err)
		}
		lists[dir] += version + "\n"
	}
	for dir, list := range lists {
		if err := os.WriteFile(filepath.Join(dir, "list"), []byte(list), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	cache := t.TempDir()
	t.Setenv("GOCACHE", usual[0]) // or all is compiled anew
	t.Setenv("GOMODCACHE", cache)
	t.Setenv("GOPROXY", strings.Join([]string{url(proxy), url(filepath.Join(usual[1], "cache", "download")), usual[2]}, ","))
	t.Setenv("GOSUMDB", "off")
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Cleanup(func() {
		clean := exec.Command("go", "clean", "-modcache") // its files are read-only
		clean.Env = append(os.Environ(), "GOMODCACHE="+cache)
		if out, err := clean.CombinedOutput(); err != nil {
			t.Errorf("go clean -modcache: %v\n%s", err, out)
		}
	})
}

func url(dir string) string {
	return "file:///" + strings.TrimPrefix(filepath.ToSlash(dir), "/")
}

// publish puts a version of a module into its directory of a proxy.
func publish(source, dir, path, version, text string) error {
	mod := []byte("module " + path + "\n\ngo 1.23.0\n")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(dir, version+".zip"))
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(source, "go.mod"), mod, 0o666),
		os.WriteFile(filepath.Join(source, "map.go"), []byte(text), 0o666),
		zip.CreateFromDir(f, modpath.Version{Path: path, Version: version}, source), f.Close(),
		os.WriteFile(filepath.Join(dir, version+".mod"), mod, 0o666),
		os.WriteFile(filepath.Join(dir, version+".info"), []byte(`{"Version":"`+version+`"}`), 0o666))
}

// Planted is a map whose LoadOrStore looks under its lock, lets others in if it is buggy,
// and stores without a second look.
func Planted(buggy bool) string {
	between := ""
	if buggy {
		between = "m.mu.Unlock()\n\truntime.Gosched()\n\tm.mu.Lock()"
	}
	return strings.Replace(planted, "BETWEEN", between, 1)
}

const planted = `package planted

import (
	"runtime"
	"sync"
)

var _ = runtime.Gosched

type Map struct {
	mu sync.Mutex
	m  map[int]int
}

func New() *Map { return &Map{m: map[int]int{}} }

func (m *Map) Load(k int) (int, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.m[k]
	return v, ok
}

func (m *Map) Store(k, v int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.m[k] = v
}

func (m *Map) LoadOrStore(k, v int) (int, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if old, ok := m.m[k]; ok {
		return old, true
	}
	BETWEEN
	m.m[k] = v
	return v, false
}
`
