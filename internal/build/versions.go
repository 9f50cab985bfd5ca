package build

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	goversion "go/version"

	modpath "golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// Versions lists the map's package at every version of its module between two, these
// included, in ascending order. Where the two are of different major versions those of the
// modules in between are there, too: github.com/puzpuzpuz/xsync/v2 at v2.5.1, and
// github.com/puzpuzpuz/xsync/v3 at v3.0.1.
func Versions(ctx context.Context, s Spec, from, to string) ([]Spec, error) {
	if s.local() {
		return nil, fmt.Errorf("package %s; a directory has no versions, but toolchains such as go1.24.6 to build it with", s.Package)
	}
	for _, v := range []string{from, to} {
		if !semver.IsValid(v) {
			return nil, fmt.Errorf("version %q; want one such as v1.2.3", v)
		}
	}
	if semver.Compare(from, to) >= 0 {
		return nil, fmt.Errorf("from %s to %s; want a version and a later one", from, to)
	}
	dir, err := os.MkdirTemp("", "mapstress-versions-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	m := newModule(dir, newCommand(""))
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module versions\n"), 0o666); err != nil {
		return nil, err
	}
	l := &listing{module: m, spec: s, from: from, to: to}
	if err := l.find(ctx); err != nil {
		return nil, err
	}
	return l.all(ctx)
}

// A listing finds the versions of a package's module.
type listing struct {
	module   *module
	spec     Spec
	from, to string
	base     string // path of the module, without its major version
	below    string // path of the package within it
}

// find finds the module: it has the path of the package at one of the two ends.
func (l *listing) find(ctx context.Context) error {
	var failed error
	for _, v := range []string{l.from, l.to} {
		if _, err := l.module.run(ctx, l.module.dir, "get", l.spec.Package+"@"+v); err != nil {
			if failed == nil {
				failed = err
			}
			continue
		}
		path, err := l.module.run(ctx, l.module.dir, "list", "-f", "{{.Module.Path}}", l.spec.Package)
		if err != nil {
			return err
		}
		name := strings.TrimSpace(string(path))
		base, _, ok := modpath.SplitPathVersion(name)
		if !ok {
			return fmt.Errorf("module %s: its path has no version that can be told", name)
		}
		l.base, l.below = base, strings.TrimPrefix(l.spec.Package, name)
		return nil
	}
	return failed
}

// all lists the versions of each major one.
func (l *listing) all(ctx context.Context) (specs []Spec, err error) {
	first, last := l.major(l.from), l.major(l.to)
	for major := first; major <= last; major++ {
		if major == 1 && first == 0 {
			continue // v0 and v1 are of one module
		}
		path := l.path(major)
		out, err := l.module.run(ctx, l.module.dir, "list", "-m", "-versions", "-json", path)
		if err != nil && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		var listed struct{ Versions []string }
		if err == nil { // or there is no such module, unless it is that of an end, which is there
			if err := json.Unmarshal(out, &listed); err != nil {
				return nil, fmt.Errorf("the versions of %s: %w", path, err)
			}
		}
		for _, end := range []string{l.from, l.to} { // which a list may lack
			if l.path(l.major(end)) == path && !slices.Contains(listed.Versions, end) {
				listed.Versions = append(listed.Versions, end)
			}
		}
		semver.Sort(listed.Versions)
		for _, v := range listed.Versions {
			if semver.Compare(l.from, v) <= 0 && semver.Compare(v, l.to) <= 0 {
				specs = append(specs, Spec{Package: path + l.below, Version: v, Expr: l.spec.Expr})
			}
		}
	}
	return specs, nil
}

// major is the major version that the module's path has at a version.
func (l *listing) major(v string) (n int) {
	if strings.HasSuffix(v, "+incompatible") {
		return 1
	}
	_, _ = fmt.Sscanf(semver.Major(v), "v%d", &n) // it is valid
	return n
}

func (l *listing) path(major int) string {
	switch gopkg := strings.HasPrefix(l.base, "gopkg.in/"); {
	case gopkg:
		return fmt.Sprintf("%s.v%d", l.base, major)
	case major < 2:
		return l.base
	}
	return fmt.Sprintf("%s/v%d", l.base, major)
}

// Toolchains lists the Go toolchains for this platform from one version to another, these
// included, in ascending order.
func Toolchains(ctx context.Context, from, to string) (names []string, err error) {
	for _, v := range []string{from, to} {
		if !goversion.IsValid(v) {
			return nil, fmt.Errorf("toolchain %q; want one such as go1.24.0", v)
		}
	}
	if goversion.Compare(from, to) >= 0 {
		return nil, fmt.Errorf("from %s to %s; want a version and a later one", from, to)
	}
	dir, err := os.MkdirTemp("", "mapstress-versions-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module versions\n"), 0o666); err != nil {
		return nil, err
	}
	m := newModule(dir, newCommand(""))
	out, err := m.run(ctx, m.dir, "list", "-m", "-versions", "golang.org/toolchain")
	if err != nil {
		return nil, err
	}
	names = []string{from, to}
	for _, word := range strings.Fields(string(out)) {
		name, here := strings.CutSuffix(strings.TrimPrefix(word, "v0.0.1-"), "."+runtime.GOOS+"-"+runtime.GOARCH)
		if here && goversion.Compare(from, name) < 0 && goversion.Compare(name, to) < 0 {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, goversion.Compare)
	return slices.Compact(names), nil
}
