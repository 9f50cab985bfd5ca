package build

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]Spec{
		"github.com/puzpuzpuz/xsync/v3@v3.0.0 NewMapOf[int, int]()": {Package: "github.com/puzpuzpuz/xsync/v3", Version: "v3.0.0", Expr: "NewMapOf[int, int]()"},
		"  sync   Map ":             {Package: "sync", Expr: "Map"},
		"example.com/cache New(8)":  {Package: "example.com/cache", Expr: "New(8)"},
		"./internal/cache New(8)":   {Package: "./internal/cache", Expr: "New(8)"},
		". New":                     {Package: ".", Expr: "New"},
		"../cache/ New[int, any]()": {Package: "../cache/", Expr: "New[int, any]()"},
	} {
		got, is, err := Parse(text)
		if err != nil || !is || got != want {
			t.Errorf("%q: got %+v, %v, %v", text, got, is, err)
		}
		if again, _, _ := Parse(got.String()); again != got {
			t.Errorf("%q is read as %+v", got, again)
		}
	}
	if _, is, _ := Parse("sync.Map"); is {
		t.Error("a word is taken for a package and an expression")
	}
	for text, want := range map[string]string{
		"a//b New()":           `package "a//b"; want an import path`,
		"/tmp/cache New()":     `package "/tmp/cache"; want an import path`,
		"./... New()":          `package "./..."; want an import path`,
		"@v1.0.0 New()":        `package ""; want an import path`,
		"./cache@v1.0.0 New(":  "a directory has none",
		"a.b/c@ New()":         `package "a.b/c@"; want a version after the @`,
		"a.b/c@v1.2.3/d New()": `package "a.b/c@v1.2.3/d"; want the version behind the whole path, as in a.b/c/d@v1.2.3`,
		"sync New(":            `expression "New(": 1:5: expected`,
	} {
		if _, is, err := Parse(text); !is || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v; want %s", text, err, want)
		}
	}
}

// TestExprs: what lacks arguments or type arguments is tried with obvious ones.
func TestExprs(t *testing.T) {
	for expr, want := range map[string]string{
		"New":             "New(); new(New); New[int,int](); new(New[int,int]); New[string,int](); new(New[string,int]); New[int](); new(New[int]); New",
		"New[string,any]": "New[string,any](); new(New[string,any]); New[string,any]",
		"New(8)":          "New(8); New[int,int](8); New[string,int](8); New[int](8)",
		"&Map{}":          "&Map{}",
	} {
		if got := strings.Join((Spec{Expr: expr}).exprs(), "; "); got != want {
			t.Errorf("%s: got %s; want %s", expr, got, want)
		}
	}
	for expr, want := range map[string]string{
		"New()":                          `. "a/cache"`,
		"cache.New()":                    `cache "a/cache"`,
		"New[int,*Entry](cache.With(8))": `. "a/cache"; cache "a/cache"`,
		"cache.New(time.Hour, context.Background())": `"context"; "time"; cache "a/cache"`,
		"&cache.Map{Size: 8}":                        `cache "a/cache"`,
		"New(hash.New)":                              `. "a/cache"; hash "a/go-hash/v2"`,
	} {
		lines, _ := (Spec{Package: "a/cache"}).imports(expr, "cache", map[string]string{"hash": "a/go-hash/v2", "kept": "a/kept", "time": "a/time"})
		if got := strings.Join(lines, "; "); got != want {
			t.Errorf("%s: imports %s; want %s", expr, got, want)
		}
	}
}

// TestGiven: what a bare constructor wants is given to it, if that is obvious.
func TestGiven(t *testing.T) {
	for want, params := range map[string]string{
		"New(8192)": "int", "New[int,int](24*time.Hour, 8192)": "time.Duration, uint32", "New(context.Background(), nil)": "context.Context, *otter.Options[K, V]",
		"New(func(_ context.Context, _ ...K, _ int) (_ *api.V, err error) { err = context.Canceled; return }, 8192); New(nil, 8192)": "func(ctx context.Context, k ...K, n int) (v *api.V, e error), int",
		"New(func(_ string) (_ []int, err error) { err = context.Canceled; return }, nil, nil); New(nil, nil, nil)":                  "func(string) ([]int, error), func() error, func() (error, error)",
		"New(8192, nil)": "int, func(a K, b V) (bool, int), ...Option[K, V]", "New(8192, nil, 24*time.Hour)": "int, expirable.EvictCallback[K, V], time.Duration", "New(nil, nil)": "map[string]int, []func(int, int)",
		"New(24*time.Hour, 8192); New(24*time.Hour, cache.DefaultOptions); New(24*time.Hour, cache.DefaultOptions()); New(24*time.Hour, cache.Options{})": `"time".Duration, "example.com/go-cache/v2".Options`,
		"": "string", "New(8192); New(bigcache.DefaultConfig); New(bigcache.DefaultConfig()); New(bigcache.Config{})": "bigcache.Config",
		"New(8192, 8192); New(8192, cache.DefaultOptions); New(8192, cache.DefaultOptions[int,int]()); New(8192, cache.Options[int,int]{})": "int, cache.Options[int,int]",
	} {
		expr, _, _ := strings.Cut(want, "(")
		if got := strings.Join((Spec{Expr: "New"}).given(expr+"()", "expression:1:1: not enough arguments in call to New\n\thave ()\n\twant ("+params+")\n"), "; "); got != want {
			t.Errorf("%s: got %q; want %q", params, got, want)
		}
	}
	// An argument may want one.
	const inner = "expression:1:27: not enough arguments in call to bigcache.DefaultConfig\n\thave ()\n\twant (time.Duration)\n"
	for expr, want := range map[string]string{
		"New(context.Background(), bigcache.DefaultConfig())": "New(context.Background(), bigcache.DefaultConfig(24*time.Hour))",
		"New(8192)": "",
	} {
		if got := strings.Join((Spec{Expr: "New"}).given(expr, inner), "; "); got != want {
			t.Errorf("%s: got %q; want %q", expr, got, want)
		}
	}
	if got := (Spec{Expr: "New()"}).given("New()", "\thave ()\n\twant (int)\n"); got != nil {
		t.Errorf("an expression with arguments of its own becomes %s", got)
	}
}

// TestMade: what is of the expression is told from what is around it.
func TestMade(t *testing.T) {
	source, files := "package p\n\nvar m = "+made("New(\"a\")")+"\n\nvar other = 1\n", token.NewFileSet()
	parsed, err := parser.ParseFile(files, "main.go", source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			want := map[string]string{"New": "expression:1:1", "other": "adapter:3:5"}[id.Name]
			if got := files.Position(id.Pos()).String(); want != "" && got != want {
				t.Errorf("%s is at %s; want %s", id.Name, got, want)
			}
		}
		return true
	})
}

// TestImportedBy: by which names a package has others.
func TestImportedBy(t *testing.T) {
	dir := t.TempDir()
	for file, source := range map[string]string{
		"cache.go":      "package cache\n\nimport (\n\t\"hash/fnv\"\n\n\tother \"a/kept\"\n\t\"a/go-hash/v2\"\n\t\"gopkg.in/yaml.v3\"\n)\n",
		"cache_test.go": "package cache\n\nimport \"testing\"\n",
		"broken.go":     "pack",
	} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(source), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]string{"fnv": "hash/fnv", "other": "a/kept", "hash": "a/go-hash/v2", "yaml": "gopkg.in/yaml.v3"}
	if got := importedBy(dir); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v; want %v", got, want)
	}
}

// checkout is the module's own tree.
const checkout = "../.."

// ownCache has the test build its own children, of what is compiled already.
func ownCache(t *testing.T) {
	if cache, err := exec.Command("go", "env", "GOCACHE").Output(); err == nil {
		t.Setenv("GOCACHE", strings.TrimSpace(string(cache)))
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
}

// TestBuild builds a child for sync.Map, by its bare name, and finds it again.
func TestBuild(t *testing.T) {
	if testing.Short() {
		t.Skip("it calls the compiler")
	}
	ownCache(t)
	download := exec.Command("go", "mod", "download", "go.uber.org/goleak")
	download.Dir = checkout
	if out, err := download.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	t.Setenv("GOPROXY", "off") // what is there is not looked up again
	sources := os.DirFS(checkout)
	spec := Spec{Package: "sync", Expr: "Map"}
	c, err := New(context.Background(), only(sources), spec)
	if err != nil {
		t.Fatal(err)
	}
	if c.Report.Key != "interface {}" || len(c.Report.Taken) < 9 || len(c.Report.Left) > 0 || len(c.Report.Unused) > 0 {
		t.Errorf("of sync.Map: %+v", c.Report)
	}
	before, err := os.Stat(c.Command[0])
	if err != nil {
		t.Fatal(err)
	}
	again, err := New(context.Background(), only(sources), spec)
	if err != nil {
		t.Fatal(err)
	}
	if after, err := os.Stat(again.Command[0]); err != nil || !os.SameFile(before, after) {
		t.Errorf("it was built again: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(filepath.Dir(c.Command[0])), "building-*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}

	_, err = New(context.Background(), only(sources), Spec{Package: "sync", Expr: "NoSuch()"})
	var said *CommandError
	if !errors.As(err, &said) || !strings.Contains(said.Output, "undefined: NoSuch") {
		t.Errorf("of what is not there: %v", err)
	}
}

// TestOfExpression: of a program that cannot be built, what is told is what is wrong with the
// expression; if nothing is, all, but for a full disk, which is told once.
func TestOfExpression(t *testing.T) {
	const other = "# x/look0\n./look0/main.go:12:2: \"x\" imported and not used\n"
	for output, want := range map[string]string{
		"# x/look0\nexpression:1:1: undefined: Nwe\n/t/look0/main.go:12:2: \"x\" imported and not used\n":    "go build failed:\nexpression:1:1: undefined: Nwe",
		"expression:1:4: not enough arguments in call to New\n\thave ()\n\twant (int)\nnote: something else": "go build failed:\nexpression:1:4: not enough arguments in call to New\n\thave ()\n\twant (int)",
		other: "go build -o x failed:\n" + strings.TrimSpace(other),
		"internal/cpu: write /t/b012/importcfg: no space left on device\n# runtime\ncompile: writing output: write $WORK/b010/_pkg_.a: no space left on device\n": "go build -o x failed:\ninternal/cpu: write /t/b012/importcfg: no space left on device",
	} {
		if got := ofExpression(&CommandError{"go build -o x", output}).Error(); got != want {
			t.Errorf("%s\ngot %s\nwant %s", output, got, want)
		}
	}
}
