package build

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

// testedModule has tests of both packages, one of which wants a build tag.
const testedModule = `
-- go.mod --
module example.com/tested

go 1.23
-- cache/cache.go --
package cache

func double(n int) int { return 2 * n }
-- cache/cache_test.go --
package cache

import "testing"

func TestDouble(t *testing.T) { t.Log("twice", double(21)) }
-- cache/outside_test.go --
//go:build fancy && mapstress_controlled && !race && !cgo

package cache_test

import "testing"

func TestOutside(t *testing.T) { t.Log("all tags") }
`

// TestBuildTest: both packages' tests are in the binary, with the build's own tags and those of
// hooks. It is found again as long as nothing has changed, and what does not compile is told.
func TestBuildTest(t *testing.T) {
	if testing.Short() {
		t.Skip("all packages are compiled anew")
	}
	if _, err := exec.LookPath("go"); err != nil || runtime.GOARCH != "amd64" {
		t.Skip("it takes the go command, and amd64")
	}
	ownCache(t)
	root := t.TempDir()
	for _, f := range txtar.Parse([]byte(testedModule)).Files {
		write(t, filepath.Join(root, f.Name), string(f.Data))
	}
	t.Setenv("GOFLAGS", "-race -tags=unheard") // which are not for this build
	dir := filepath.Join(root, "cache")
	build := func() string {
		t.Helper()
		program, err := BuildTest(context.Background(), Test{Dir: dir, Package: "example.com/tested/cache", Tags: "fancy"})
		if err != nil {
			t.Fatal(err)
		}
		return program
	}
	first := build()
	said, err := exec.Command(first, "-test.v").CombinedOutput()
	for _, want := range []string{"twice 42", "all tags"} {
		if err != nil || !strings.Contains(string(said), want) {
			t.Errorf("the test said %q, and lacks %q: %v", said, want, err)
		}
	}
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(first, old, old); err != nil {
		t.Fatal(err)
	}
	if again := build(); again != first {
		t.Errorf("built %s, and then %s of the same sources", first, again)
	}
	if info, err := os.Stat(first); err != nil || time.Since(info.ModTime()) < time.Minute {
		t.Errorf("it was built again: %v, %v", info, err)
	}
	write(t, filepath.Join(dir, "cache.go"), "package cache\n\nfunc double(n int) int { return 3 * n }\n")
	if changed := build(); changed == first {
		t.Error("sources were changed, and the test was not built anew")
	}
	write(t, filepath.Join(dir, "cache.go"), "package cache\n\nfunc double(n int) int { return m }\n")
	var refused *CommandError
	_, err = BuildTest(context.Background(), Test{Dir: dir, Package: "."})
	if !errors.As(err, &refused) || refused.Command != "go test -c" || !strings.Contains(refused.Output, "cache.go:3:33: undefined: m") || !strings.HasPrefix(refused.Output, "# ") {
		t.Errorf("of what does not compile: %v", err)
	}
}

// TestDropOld: what was not used for long is dropped, but for links to toolchains.
func TestDropOld(t *testing.T) {
	cache, toolchain := t.TempDir(), t.TempDir()
	old := time.Now().Add(-keptFor - time.Hour)
	if err := os.Symlink(toolchain, filepath.Join(cache, "goroot-link")); err != nil {
		t.Skip("no links here: ", err)
	}
	for _, dir := range []string{filepath.Join(cache, "old"), filepath.Join(cache, "new"), filepath.Join(cache, "used"), toolchain} {
		if err := mkdir(dir); err != nil {
			t.Fatal(err)
		}
		if filepath.Base(dir) == "new" {
			continue
		}
		if err := os.Chtimes(dir, old, old); err != nil {
			t.Fatal(err)
		}
	}
	use(filepath.Join(cache, "used"))
	use(filepath.Join(cache, "none"))
	dropOld(cache)
	left, _ := filepath.Glob(filepath.Join(cache, "*"))
	for i := range left {
		left[i] = filepath.Base(left[i])
	}
	if got := strings.Join(left, " "); got != "goroot-link new used" {
		t.Errorf("%s are left", got)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(name), 0o777)
	if err == nil {
		err = os.WriteFile(name, []byte(text), 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
}
