package build

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/mapstress/mapstress/internal/instrument"
)

// A Test is a test binary that is running, and is to be built once more for controlled runs.
type Test struct {
	Dir     string // of its package
	Package string // import path
	Tags    string // of the build, with commas between them
}

// RunningTest says how this test binary was built, as far as it knows: Go 1.23 notes nothing.
// Dir is where it was started.
func RunningTest(dir string) Test {
	t := Test{Dir: dir, Package: "."}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return t
	}
	// What is given as files is a package of no path.
	if pkg, ok := strings.CutSuffix(info.Path, ".test"); ok && pkg != "command-line-arguments" {
		t.Package = pkg
	}
	for _, s := range info.Settings {
		if s.Key == "-tags" {
			t.Tags = s.Value
		}
	}
	return t
}

// BuildTest builds a test binary for controlled runs, from the sources as they are now, and
// returns its file; or finds it where it was built before. It is built without cgo, the race
// detector and coverage.
func BuildTest(ctx context.Context, t Test) (program string, err error) {
	g := newCommand("")
	flags, err := g.run(ctx, t.Dir, "env", "GOFLAGS")
	if err != nil {
		return "", fmt.Errorf("the go command is needed to build the test for them: %w", err)
	}
	g.env = append(g.env, "GOFLAGS="+readOnly(string(flags)))
	cache, err := cacheDir()
	if err == nil {
		err = mkdir(cache)
	}
	if err != nil {
		return "", err
	}
	if err := g.instrument(ctx, cache, ours); err != nil {
		return "", err
	}
	tags := instrument.Tag
	if t.Tags != "" {
		tags += "," + t.Tags
	}
	g.flags = append(g.flags, "-tags="+tags, "-race=false", "-msan=false", "-asan=false", "-cover=false")
	if !strings.Contains(string(flags), "-ldflags") {
		g.flags = append(g.flags, "-ldflags=-w")
	}
	kept, err := g.keptTest(ctx, cache, t)
	if err != nil {
		return "", err
	}
	program = filepath.Join(kept, programFile)
	if _, err := os.Stat(program); err == nil {
		use(kept)
		return program, nil
	}
	dropOld(cache)
	return program, g.compileTest(ctx, t, program)
}

// keptTest returns the directory of a test binary: its name tells the content of all that is
// linked into it. That is compiled for it, which the go command keeps.
func (g *goCommand) keptTest(ctx context.Context, cache string, t Test) (string, error) {
	list := append([]string{"list", "-test", "-export", "-f", "{{.ImportPath}} {{.BuildID}}"}, g.flags...)
	content, err := g.run(ctx, t.Dir, append(list, "--", t.Package)...)
	if err != nil {
		return "", ofTest(err)
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%q\n%s", g.flags, content)
	return filepath.Join(cache, testPrefix+hex.EncodeToString(sum.Sum(nil)[:8])), nil
}

// compileTest builds the test binary beside its place, and moves it there: others may look.
func (g *goCommand) compileTest(ctx context.Context, t Test, program string) error {
	scratch, err := os.MkdirTemp(filepath.Dir(filepath.Dir(program)), "building-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	built := filepath.Join(scratch, programFile)
	args := append([]string{"test", "-c", "-vet=off", "-o", built}, g.flags...)
	if _, err := g.run(ctx, t.Dir, append(args, t.Package)...); err != nil {
		return ofTest(err)
	}
	if _, err := os.Stat(built); err != nil {
		return fmt.Errorf("package %s has no tests: %w", t.Package, err)
	}
	if err := mkdir(filepath.Dir(program)); err != nil {
		return err
	}
	return os.Rename(built, program)
}

// ofTest leaves out of an error of the go command the flags that nobody has written, and what was
// listed before the compiler spoke.
func ofTest(err error) error {
	var said *CommandError
	if !errors.As(err, &said) {
		return err
	}
	output := said.Output
	if _, compiler, ok := strings.Cut("\n"+output, "\n# "); ok {
		output = "# " + compiler
	}
	return fmt.Errorf("the test cannot be built for them, without cgo: %w", &CommandError{"go test -c", output})
}

// testPrefix begins the names of the directories of test binaries.
const testPrefix = "test-"
