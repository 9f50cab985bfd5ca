package build

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/mapstress/mapstress/target/methods"
)

// A Child is a program that serves one map.
type Child struct {
	Spec    Spec
	Program string // its file
	Report  methods.Report
	Go      string // version of the toolchain that built it
}

// New builds the child for a map, or finds it where it was built before. Sources are the
// tester's own. A CommandError is the compiler's, or that of the module's download.
func New(ctx context.Context, sources fs.FS, s Spec) (*Child, error) {
	toolchain, err := exec.CommandContext(ctx, "go", "env", "GOVERSION").Output()
	if err != nil {
		return nil, fmt.Errorf("%s: the go command is needed to build it: %w", s, err)
	}
	id, err := fingerprint(sources, s, string(toolchain))
	if err != nil {
		return nil, err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	c := &Child{Spec: s, Program: filepath.Join(cache, "mapstress", id, "child.exe"), Go: strings.TrimSpace(string(toolchain))}
	if _, err := os.Stat(c.Program); err != nil {
		if err := c.build(ctx, sources); err != nil {
			return nil, fmt.Errorf("%s: %w", s, err)
		}
	}
	return c, c.explain(ctx)
}

// build builds beside its place, and moves it there.
func (c *Child) build(ctx context.Context, sources fs.FS) error {
	place := filepath.Dir(c.Program)
	if err := os.MkdirAll(filepath.Dir(place), 0o777); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(filepath.Dir(place), "building-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	m := &module{dir, append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")}
	if err := m.write(sources); err != nil {
		return err
	}
	if err := m.require(ctx, sources, c.Spec); err != nil {
		return err
	}
	expr, seen, err := c.look(ctx, m)
	if err != nil {
		return err
	}
	key, value, err := types(seen)
	if err != nil {
		return err
	}
	built, err := m.program(ctx, "child", serve(c.Spec, expr, key, value))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(place, 0o777); err != nil {
		return err
	}
	return os.Rename(built, c.Program)
}

// look returns the first expression that makes a map, and that map's methods.
func (c *Child) look(ctx context.Context, m *module) (expr string, seen []byte, err error) {
	var failed error
	for i, expr := range c.Spec.exprs() {
		program, err := m.program(ctx, fmt.Sprintf("look%d", i), look(c.Spec, expr))
		if err == nil {
			seen, err := m.output(ctx, program)
			return expr, seen, err
		}
		var said *CommandError
		if !errors.As(err, &said) {
			return "", nil, err
		}
		if failed == nil {
			failed = err
		}
	}
	return "", nil, failed
}

func (c *Child) explain(ctx context.Context) error {
	m := module{env: os.Environ()}
	out, err := m.output(ctx, c.Program)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Spec, err)
	}
	if err := json.Unmarshal(out, &c.Report); err != nil {
		return fmt.Errorf("%s: read what its child makes of it: %w", c.Spec, err)
	}
	if !c.Report.Inserts() {
		return fmt.Errorf("%s: no method that stores; it has %s", c.Spec, strings.Join(append(c.Report.Taken, c.Report.Unknown...), ", "))
	}
	return nil
}
