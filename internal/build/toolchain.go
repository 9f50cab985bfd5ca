package build

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// Oldest is the oldest toolchain that can build a child: the tester's packages are of its language.
const Oldest = "go1.23"

// Missing reports whether a toolchain, such as go1.24.6, is to be downloaded before it can build
// anything: the go command does so by itself, without a word until it is done, which may take
// minutes.
func Missing(ctx context.Context, toolchain string) (bool, error) {
	if toolchain == "" {
		return false, nil
	}
	if _, err := exec.LookPath(toolchain); err == nil {
		return false, nil // the go command would take that one
	}
	g := newCommand("local")
	out, err := g.run(ctx, "", "env", "GOVERSION", "GOMODCACHE")
	if err != nil {
		return false, fmt.Errorf("the go command is needed to build with %s: %w", toolchain, err)
	}
	here, cache, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	if here == toolchain {
		return false, nil
	}
	_, err = os.Stat(filepath.Join(cache, "golang.org", fmt.Sprintf("toolchain@v0.0.1-%s.%s-%s", toolchain, runtime.GOOS, runtime.GOARCH)))
	return os.IsNotExist(err), nil
}
