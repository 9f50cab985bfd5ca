package build

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]Spec{
		"github.com/puzpuzpuz/xsync/v3@v3.0.0 NewMapOf[int, int]()": {"github.com/puzpuzpuz/xsync/v3", "v3.0.0", "NewMapOf[int, int]()"},
		"  sync   Map ":            {"sync", "", "Map"},
		"example.com/cache New(8)": {"example.com/cache", "", "New(8)"},
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
		"./cache New()": `package "./cache"; want an import path`,
		"a//b New()":    `package "a//b"; want an import path`,
		"@v1.0.0 New()": `package ""; want an import path`,
	} {
		if _, is, err := Parse(text); !is || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v; want %s", text, err, want)
		}
	}
}

func TestTypes(t *testing.T) {
	for seen, want := range map[string][2]string{
		`{"Get":[["string"],["interface {}","bool"]]}`:                            {"string", "any"},
		`{"Load":[["io.Reader"],["error"]],"Set":[["int","*User"],null]}`:         {"int", "*User"},
		`{"Get":[["int"],["string"]],"Put":[["int","string"],["string","bool"]]}`: {"int", "string"},
	} {
		key, value, err := types([]byte(seen))
		if err != nil || [2]string{key, value} != want {
			t.Errorf("%s: got %s, %s, %v", seen, key, value, err)
		}
	}
	if _, _, err := types([]byte(`{"Frob":[null,null]}`)); err == nil || err.Error() != "no method that reads or stores; it has Frob" {
		t.Errorf("without methods: %v", err)
	}
}

// checkout is the module's own tree.
const checkout = "../.."

// TestBuild builds a child for sync.Map, by its bare name, and finds it again.
func TestBuild(t *testing.T) {
	if testing.Short() {
		t.Skip("it calls the compiler")
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	if cache, err := exec.Command("go", "env", "GOCACHE").Output(); err == nil {
		t.Setenv("GOCACHE", strings.TrimSpace(string(cache))) // or all is compiled anew
	}
	sources := os.DirFS(checkout)
	spec := Spec{Package: "sync", Expr: "Map"}
	c, err := New(context.Background(), only(sources), spec, false)
	if err != nil {
		t.Fatal(err)
	}
	if c.Report.Key != "interface {}" || len(c.Report.Taken) < 9 || len(c.Report.Left) > 0 || !reflect.DeepEqual(c.Report.Unknown, []string(nil)) {
		t.Errorf("of sync.Map: %+v", c.Report)
	}
	before, err := os.Stat(c.Program)
	if err != nil {
		t.Fatal(err)
	}
	again, err := New(context.Background(), only(sources), spec, false)
	if err != nil {
		t.Fatal(err)
	}
	if after, err := os.Stat(again.Program); err != nil || !os.SameFile(before, after) {
		t.Errorf("it was built again: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(filepath.Dir(c.Program)), "building-*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}

	_, err = New(context.Background(), only(sources), Spec{Package: "sync", Expr: "NoSuch()"}, false)
	var said *CommandError
	if !errors.As(err, &said) || !strings.Contains(said.Output, "undefined: NoSuch") {
		t.Errorf("of what is not there: %v", err)
	}
}
