package build

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/mapstress/mapstress/internal/instrument"
)

// quiet are the packages that are called at points, and have none themselves.
func quiet(ours string) []string {
	return []string{
		ours + "/history", ours + "/scheduler/...", ours + "/oracle/...", ours + "/internal/child/...",
		"go.uber.org/goleak/...", ours + "/goleak/...",
	}
}

// instrument has what is built stop at points. The overlay is beside the children,
// so that the same one is used again and what was compiled with it is, too.
func (g *goCommand) instrument(ctx context.Context, cache, ours string) error {
	if err := instrument.Supported(); err != nil {
		return err
	}
	goroot, version, err := g.toolchain(ctx, cache)
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
	use(dir)
	overlay, err := instrument.Overlay(goroot, version, dir)
	if err != nil {
		return err
	}
	g.flags = append(g.flags, instrument.Flags(overlay, quiet(ours)...)...)
	g.env = append(g.env, "CGO_ENABLED=0", "GOROOT="+goroot, "GOTOOLCHAIN=local")
	g.program = filepath.Join(goroot, "bin", "go")
	return nil
}

// toolchain returns the root and the version of the toolchain that builds. The go
// command refuses to overlay files in the module cache, where downloaded toolchains are; by
// another name it takes them.
func (g *goCommand) toolchain(ctx context.Context, cache string) (goroot, version string, err error) {
	out, err := g.run(ctx, "", "env", "GOROOT", "GOVERSION", "GOMODCACHE")
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
