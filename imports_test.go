package mapstress_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/mapstress/mapstress"

// A floor says what some packages may import. Paths are within the module; one
// that ends in /... takes in everything below.
type floor struct {
	packages []string
	may      []string // of ours; none means none
	// alone: of what is not ours, the standard library only, but for exceptions.
	alone bool
	why   string
}

// floors is the house, the ground floor first. The first line that has a package
// counts. Imports go down only: what is below must not depend on what is above.
var floors = []floor{
	{[]string{"target", "history"}, nil, true,
		"they are what every other package is told in"},
	{[]string{"target/methods"}, []string{"target"}, true,
		"it is built into a child, beside somebody's map, with somebody's toolchain"},
	{[]string{"scheduler", "scheduler/..."}, []string{"target", "history", "scheduler", "scheduler/..."}, true,
		"an engine serves any map, and knows nothing of what maps promise"},
	{[]string{"oracle", "oracle/..."}, []string{"target", "history", "oracle", "oracle/..."}, true,
		"a verdict must not depend on the schedule that made the history"},
	{[]string{"internal/nearest"}, nil, true,
		"a leaf that any package may use"},
	{[]string{"scenarios", "corpus"}, slices.Concat(lower, []string{"internal/nearest"}), false,
		"what to try and what to keep stand beside each other, above the engines"},
	{[]string{"internal/child/wire"}, lower, true,
		"it is built into a child, beside somebody's map, with somebody's toolchain"},
	{[]string{"internal/child/serve"}, slices.Concat(lower, []string{"internal/child/wire"}), true,
		"it is built into a child, beside somebody's map, with somebody's toolchain"},
	{[]string{"internal/..."}, slices.Concat(lower, []string{"scenarios", "corpus", "internal/..."}), false,
		"the root is made of them"},
	{[]string{"."}, slices.Concat(lower, []string{"scenarios", "corpus", "internal/..."}), false,
		"the library does all that the command does"},
	{[]string{"cmd/..."}, slices.Concat(lower, []string{".", "scenarios", "corpus", "internal/nearest", "internal/story", "cmd/..."}), false,
		"the command is a face of the library, and can do nothing that a program could not"},
}

// lower is the packages of the two lower floors.
var lower = []string{"target", "target/methods", "history", "scheduler", "scheduler/...", "oracle", "oracle/..."}

// exceptions are what a package that stands alone may import all the same. Each
// must itself need nothing but the standard library.
var exceptions = map[string]string{
	"oracle/visual":        "github.com/anishathalye/porcupine", // its page for a browser; no child draws
	"internal/child/serve": "go.uber.org/goleak",                // finds goroutines that outlive their map, where they are
}

// inTests is what any test may import beside: maps with known bugs. A test may
// also use libraries that its package may not.
const inTests = "internal/buggy"

func TestImports(t *testing.T) {
	for _, f := range sources(t) {
		house := floorOf(f.pkg)
		if house == nil {
			t.Errorf("%s: package %s is on no floor; add it to the table of this test", f.name, f.pkg)
			continue
		}
		for _, spec := range f.syntax.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if wrong := house.forbids(f, imported); wrong != "" {
				t.Errorf("%s imports %s: %s; %s", f.name, imported, wrong, house.why)
			}
		}
	}
}

// forbids says what is wrong with an import of f's, if anything.
func (house *floor) forbids(f source, imported string) string {
	ours, isOurs := "", imported == module
	if isOurs {
		ours = "."
	} else {
		ours, isOurs = strings.CutPrefix(imported, module+"/")
	}
	first, _, _ := strings.Cut(imported, "/")
	switch {
	case isOurs && (ours == f.pkg || matches(house.may, ours) || f.test && ours == inTests):
		return ""
	case isOurs && len(house.may) == 0:
		return "want no package of this module"
	case isOurs:
		return "of this module, want only " + strings.Join(house.may, ", ")
	case house.alone && !f.test && strings.Contains(first, ".") && exceptions[f.pkg] != imported:
		return "want the standard library only"
	}
	return ""
}

// A long file has more than one idea in it.
const maxLines = 400

func TestFilesAreShort(t *testing.T) {
	for _, f := range sources(t) {
		if !f.test && f.lines > maxLines {
			t.Errorf("%s has %d lines; want %d at most: one idea a file", f.name, f.lines, maxLines)
		}
	}
}

func TestPackagesHaveComments(t *testing.T) {
	comments := map[string]int{}
	for _, f := range sources(t) {
		if f.test {
			continue
		}
		n := 0
		if f.syntax.Doc != nil {
			n = 1
			start := "Package " + f.syntax.Name.Name + " "
			if f.syntax.Name.Name == "main" {
				start = "Command " + path.Base(f.pkg) + " "
			}
			if text := f.syntax.Doc.Text(); !strings.HasPrefix(strings.Join(strings.Fields(text), " "), start) {
				t.Errorf("%s: the package comment begins %.30q; want %q", f.name, text, start)
			}
		}
		comments[f.pkg] += n
	}
	for pkg, n := range comments {
		if n != 1 {
			t.Errorf("package %s has %d package comments; want one, that says what it is for and what it does not know", pkg, n)
		}
	}
}

// A source is one Go file of ours, read as far as its imports.
type source struct {
	name   string // slash-separated, from the module's root
	pkg    string // its directory, likewise
	test   bool
	lines  int
	syntax *ast.File
}

// sources reads every Go file of the module, whatever system it is for.
func sources(t *testing.T) (all []source) {
	t.Helper()
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name != "." && !partOfModule(name, entry.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), name, content, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		slashed := filepath.ToSlash(name)
		all = append(all, source{
			name: slashed, pkg: path.Dir(slashed), test: strings.HasSuffix(name, "_test.go"),
			lines: bytes.Count(content, []byte("\n")), syntax: syntax,
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("no Go file was found")
	}
	return all
}

// partOfModule tells whether the go command would look into a directory.
func partOfModule(dir, base string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return os.IsNotExist(err) && base != "testdata" && base != "vendor" && base[0] != '.' && base[0] != '_'
}

func floorOf(pkg string) *floor {
	for i := range floors {
		if matches(floors[i].packages, pkg) {
			return &floors[i]
		}
	}
	return nil
}

// matches tells whether one of the patterns has the package.
func matches(patterns []string, pkg string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		below, all := strings.CutSuffix(pattern, "...")
		return pkg == pattern || all && strings.HasPrefix(pkg, below)
	})
}

// The rules bite: each of these imports is refused or let pass as it must be.
func TestImportRules(t *testing.T) {
	for _, test := range []struct {
		pkg, imports string
		test, ok     bool
	}{
		{"target", "strings", false, true},
		{"target", module + "/history", false, false},
		{"target", module + "/history", true, false},
		{"history", "go.uber.org/goleak", false, false},
		{"history", "go.uber.org/goleak", true, true},
		{"scheduler", module + "/target", false, true},
		{"scheduler/strategy", module + "/scheduler", false, true},
		{"scheduler", module + "/oracle", false, false},
		{"scheduler", module + "/oracle", true, false},
		{"scheduler", module + "/internal/buggy", true, true},
		{"scheduler", module + "/internal/buggy", false, false},
		{"oracle", module + "/scheduler", false, false},
		{"oracle", module + "/oracle/linear", false, true},
		{"oracle", "github.com/anishathalye/porcupine", false, false},
		{"oracle/linear", "github.com/anishathalye/porcupine", false, false},
		{"oracle/linear", "github.com/anishathalye/porcupine", true, true},
		{"scenarios", "github.com/leanovate/gopter", false, true},
		{"scenarios", module + "/corpus", false, false},
		{"scenarios", module + "/internal/nearest", false, true},
		{"internal/nearest", module + "/target", false, false},
		{"internal/child/serve", module + "/internal/child/wire", false, true},
		{"internal/child/serve", module + "/internal/child", false, false},
		{"internal/child/serve", module + "/corpus", false, false},
		{"internal/child/serve", "golang.org/x/sys/unix", false, false},
		{"internal/child", "golang.org/x/sys/unix", false, true},
		{"internal/search", module + "/internal/child", false, true},
		{"internal/search", module, false, false},
		{".", module + "/internal/search", false, true},
		{".", module + "/cmd/mapstress", false, false},
		{"cmd/mapstress", module, false, true},
		{"cmd/mapstress", module + "/internal/search", false, false},
		{"cmd/mapstress", module + "extra/thing", false, true},
	} {
		wrong := floorOf(test.pkg).forbids(source{pkg: test.pkg, test: test.test}, test.imports)
		if ok := wrong == ""; ok != test.ok {
			t.Errorf("%s imports %s (in a test: %v): %q; want it let pass: %v", test.pkg, test.imports, test.test, wrong, test.ok)
		}
	}
}
