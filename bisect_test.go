package mapstress_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	modpath "golang.org/x/mod/module"
	"golang.org/x/mod/zip"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler"
)

// planted is a map whose LoadOrStore looks, and stores without a second look where
// BETWEEN lets others in.
const planted = `package planted

import "sync"

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

// modules serves versions of modules to the go command, and to nothing else of the
// machine, for the time of a test: by path@version, the text of their only file.
func modules(t *testing.T, files map[string]string) {
	t.Helper()
	out, err := exec.Command("go", "env", "GOCACHE", "GOMODCACHE", "GOPROXY").Output()
	if err != nil {
		t.Skip("no go command: ", err)
	}
	env := strings.Split(string(out), "\n")
	proxy, lists := t.TempDir(), map[string]string{}
	for at, text := range files {
		path, version, _ := strings.Cut(at, "@")
		source := t.TempDir()
		mod := "module " + path + "\n\ngo 1.23.0\n"
		for name, content := range map[string]string{"go.mod": mod, "planted.go": text} {
			if err := os.WriteFile(filepath.Join(source, name), []byte(content), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		dir := filepath.Join(proxy, filepath.FromSlash(path), "@v")
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(filepath.Join(dir, version+".zip"))
		if err != nil {
			t.Fatal(err)
		}
		err = errors.Join(zip.CreateFromDir(f, modpath.Version{Path: path, Version: version}, source), f.Close(),
			os.WriteFile(filepath.Join(dir, version+".mod"), []byte(mod), 0o666),
			os.WriteFile(filepath.Join(dir, version+".info"), []byte(`{"Version":"`+version+`"}`), 0o666))
		if err != nil {
			t.Fatal(err)
		}
		lists[dir] += version + "\n"
	}
	for dir, list := range lists {
		if err := os.WriteFile(filepath.Join(dir, "list"), []byte(list), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	file := func(dir string) string { return "file://" + strings.TrimPrefix(filepath.ToSlash(dir), "/") }
	if filepath.Separator == '/' {
		file = func(dir string) string { return "file://" + dir }
	}
	cache := t.TempDir()
	t.Setenv("GOCACHE", env[0]) // or all is compiled anew
	t.Setenv("GOMODCACHE", cache)
	t.Setenv("GOPROXY", strings.Join([]string{file(proxy), file(filepath.Join(env[1], "cache", "download")), env[2]}, ","))
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

// TestBisect finds the version of a module that has a planted bug first, across a major
// version and one that does not compile. Odds: two callers meet in a run in five or more,
// in some 200 runs each.
func TestBisect(t *testing.T) {
	if testing.Short() {
		t.Skip("it calls the compiler")
	}
	good := strings.Replace(planted, "BETWEEN", "", 1)
	bad := strings.Replace(planted, "BETWEEN", "m.mu.Unlock()\n\truntime.Gosched()\n\tm.mu.Lock()", 1)
	bad = strings.Replace(bad, `import "sync"`, "import (\n\t\"runtime\"\n\t\"sync\"\n)", 1)
	modules(t, map[string]string{
		"example.com/planted@v1.0.0":    good,
		"example.com/planted@v1.1.0":    planted,
		"example.com/planted@v1.2.0":    bad,
		"example.com/planted@v1.3.0":    bad,
		"example.com/planted/v2@v2.0.0": bad,
	})
	s, err := scheduler.Parse(scheduler.Header + "\ntiming start=spin procs=2 gosched=0 spin=0 seed=1\nw0 load-or-store k1 v2\nw1 load-or-store k1 v3\n")
	if err != nil {
		t.Fatal(err)
	}
	c := &corpus.Case{
		Target: "example.com/planted@v1.2.0 New()", Schedule: s, Reproduced: corpus.Rate{Failed: 20, Runs: 100},
		Verdict: oracle.Verdict{Class: oracle.SilentCorruption, Rule: oracle.LostUpdate},
	}
	versions, probed := 0, 0
	r, err := mapstress.Bisect(context.Background(), c, mapstress.BisectConfig{
		Target: "example.com/planted New()", From: "v1.0.0", To: "v2.0.0",
		OnVersions: func(n int) { versions = n }, OnProbe: func(mapstress.BisectProbe) { probed++ },
	})
	if err != nil {
		t.Fatal(err)
	}
	if versions != 5 || probed != len(r.Probes) || r.What != "bad" || r.Last != "v1.0.0" || r.First != "v1.2.0" || strings.Join(r.Skipped, " ") != "v1.1.0" {
		t.Errorf("of %d versions: %+v", versions, r)
	}
	if r.Wrong <= 0 || r.Wrong > 0.01 {
		t.Errorf("it is wrong once in %v", 1/r.Wrong)
	}
	for _, p := range r.Probes {
		if p.Version == "v1.1.0" && !strings.Contains(p.Why, "undefined: BETWEEN") {
			t.Errorf("skipped: %q", p.Why)
		}
	}

	_, err = mapstress.Bisect(context.Background(), c, mapstress.BisectConfig{Target: "example.com/planted New()", From: "v1.2.0", To: "v2.0.0"})
	if !errors.Is(err, mapstress.ErrBothFail) {
		t.Errorf("between bad ones: %v", err)
	}
}

// TestBisectRefuses what makes no sense, before it calls the go command.
func TestBisectRefuses(t *testing.T) {
	for want, config := range map[string]mapstress.BisectConfig{
		`"sync.Map"; want a package and an expression`:       {Target: "sync.Map", From: "v1.0.0", To: "v1.1.0"},
		`version "1.0"; want one such as v1.2.3`:             {Target: "example.com/m New()", From: "1.0", To: "v1.1.0"},
		"from v1.1.0 to v1.0.0; want a version and a later":  {Target: "example.com/m New()", From: "v1.1.0", To: "v1.0.0"},
		"example.com/m@v1.0.0; want no version there":        {Target: "example.com/m@v1.0.0 New()", From: "v1.0.0", To: "v1.1.0"},
		`toolchain "v1.1.0"; want one such as go1.24.0`:      {Target: "sync Map", From: "go1.24.0", To: "v1.1.0"},
		"from go1.25.0 to go1.24.0; want a version and a":    {Target: "sync Map", From: "go1.25.0", To: "go1.24.0"},
		"example.com/m without a version; want example.com/": {Target: "example.com/m New()", From: "go1.23.0", To: "go1.24.0"},
	} {
		if _, err := mapstress.Bisect(context.Background(), &corpus.Case{}, config); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want %s", err, want)
		}
	}
}
