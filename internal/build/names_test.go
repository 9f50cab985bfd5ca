package build

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// lockedMap is the source of a map, of a key type of its own.
func lockedMap(pkg string) string {
	return "package " + pkg + `

import "sync"

type Key string

type Map struct {
	mu sync.Mutex
	m  map[Key]int
}

func New() *Map { return &Map{m: map[Key]int{}} }

func newHidden() *Map { return New() }

func (c *Map) Load(k Key) (int, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.m[k]
	return v, ok
}

func (c *Map) Store(k Key, v int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.m[k] = v
}
`
}

// inModule goes to a module of those files.
func inModule(t *testing.T, files map[string]string) {
	t.Helper()
	dir := t.TempDir()
	files["go.mod"] = "module example.com/app\n\ngo 1.23\n"
	for name, text := range files {
		write(t, filepath.Join(dir, filepath.FromSlash(name)), text)
	}
	if err := os.Chdir(dir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chdir(startedIn) })
}

// TestNames: a package may have any name, those of the child's own variables among them.
func TestNames(t *testing.T) {
	if testing.Short() {
		t.Skip("it calls the compiler")
	}
	ownCache(t)
	t.Setenv("CGO_ENABLED", "0")
	sources := only(os.DirFS(checkoutPath(t)))
	inModule(t, map[string]string{
		"m/m.go": lockedMap("m"), "t/t.go": lockedMap("t"), "use/use.go": lockedMap("use"), "list/list.go": lockedMap("list"),
	})
	for _, spec := range []Spec{
		{Package: "./m", Expr: "New()"}, {Package: "./m", Expr: "m.New()"}, {Package: "./t", Expr: "t.New()"},
		{Package: "./use", Expr: "use.New()"}, {Package: "./list", Expr: "list.New()"},
	} {
		c, err := New(context.Background(), sources, spec)
		if err != nil {
			t.Errorf("%s: %v", spec, err)
			continue
		}
		if file, err := c.TestFile(); err != nil || !strings.Contains(string(file), " \"example.com/app/"+spec.Package[2:]+`"`) && !strings.Contains(string(file), "\t\"example.com/app/"+spec.Package[2:]+`"`) {
			t.Errorf("%s: %v, %s; want its package imported", spec, err, file)
		}
	}
}

// TestUndefined: what cannot be reached is told with why.
func TestUndefined(t *testing.T) {
	if testing.Short() {
		t.Skip("it calls the compiler")
	}
	ownCache(t)
	t.Setenv("CGO_ENABLED", "0")
	sources := only(os.DirFS(checkoutPath(t)))
	inModule(t, map[string]string{
		"plain/m.go": lockedMap("plain"), "tagged/doc.go": "package tagged\n", "tagged/m.go": "//go:build special\n\n" + lockedMap("tagged"),
	})
	for _, c := range []struct{ pkg, expr, want string }{
		{"./plain", "newHidden()", "undefined: newHidden\n  newHidden is not exported"},
		{"./plain", "newHidden", "undefined: newHidden\n  newHidden is not exported"},
		{"./plain", "plain.newHidden()", "newHidden is not exported"},
		{"./tagged", "New()", "undefined: New\n  build constraints leave out m.go"},
	} {
		_, err := New(context.Background(), sources, Spec{Package: c.pkg, Expr: c.expr})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %s: got %v; want %s", c.pkg, c.expr, err, c.want)
		}
	}
	t.Setenv("GOFLAGS", "-tags=special")
	if _, err := New(context.Background(), sources, Spec{Package: "./tagged", Expr: "New()"}); err != nil {
		t.Error(err)
	}
}
