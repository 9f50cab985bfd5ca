package build

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/mapstress/mapstress/internal/instrument"
)

// quiet are the packages that are called at points, and have none themselves.
var quiet = []string{
	ours + "/history", ours + "/scheduler/...", ours + "/oracle/...", ours + "/internal/child/...", "go.uber.org/goleak/...",
}

const ours = "github.com/mapstress/mapstress"

// known is a program that serves the maps that are known without being told.
const known = `package main

import (
	"github.com/mapstress/mapstress/internal/buggy"
	"github.com/mapstress/mapstress/internal/child/serve"
	"github.com/mapstress/mapstress/target"
)

func main() {
	serve.Main(append(append(target.Builtin(), buggy.Targets()...), buggy.Repaired()...))
}
`

// Known builds the child for controlled runs of the built-in targets, the planted ones
// included, or finds it where it was built before.
func Known(ctx context.Context, sources fs.FS) (program string, err error) {
	c := &Child{Spec: Spec{Package: ours, Expr: "known"}, Controlled: true}
	if err := c.find(ctx, sources); err != nil {
		return "", err
	}
	if _, err := os.Stat(c.Program); err == nil {
		return c.Program, nil
	}
	return c.Program, c.build(ctx, sources, func(m *module) (string, error) { return m.program(ctx, "child", known) })
}

// instrument has what the module builds stop at points. The overlay is beside the children,
// so that the same one is used again and what was compiled with it is, too.
func (m *module) instrument(ctx context.Context, cache string) error {
	if err := instrument.Supported(); err != nil {
		return err
	}
	goroot, version, err := m.toolchain(ctx, cache)
	if err != nil {
		return err
	}
	files, err := instrument.Files(goroot, version)
	if err != nil {
		return err
	}
	sum := sha256.New()
	fmt.Fprintf(sum, "%s %q", goroot, files)
	dir := filepath.Join(cache, "overlay-"+hex.EncodeToString(sum.Sum(nil)[:8]))
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	overlay, err := instrument.Overlay(goroot, version, dir)
	if err != nil {
		return err
	}
	m.flags = instrument.Flags(overlay, quiet...)
	m.env = append(m.env, "CGO_ENABLED=0", "GOROOT="+goroot, "GOTOOLCHAIN=local")
	m.goCommand = filepath.Join(goroot, "bin", "go")
	return nil
}

// toolchain returns the root and the version of the toolchain that builds the module. The go
// command refuses to overlay files in the module cache, where downloaded toolchains are; by
// another name it takes them.
func (m *module) toolchain(ctx context.Context, cache string) (goroot, version string, err error) {
	out, err := m.output(ctx, "go", "env", "GOROOT", "GOVERSION", "GOMODCACHE")
	if err != nil {
		return "", "", err
	}
	lines := strings.Split(string(out), "\n")
	if len(lines) < 3 {
		return "", "", fmt.Errorf("go env says %q; want GOROOT, GOVERSION and GOMODCACHE", out)
	}
	goroot, version = lines[0], lines[1]
	if below, err := filepath.Rel(lines[2], goroot); err == nil && !strings.HasPrefix(below, "..") {
		link := filepath.Join(cache, "goroot-"+version)
		if at, err := os.Readlink(link); err != nil || at != goroot {
			os.Remove(link)
			if err := os.Symlink(goroot, link); err != nil && !os.IsExist(err) {
				return "", "", err
			}
		}
		goroot = link
	}
	return goroot, version, nil
}
