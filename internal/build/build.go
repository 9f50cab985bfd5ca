package build

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/mapstress/mapstress/internal/instrument"
	"github.com/mapstress/mapstress/target/methods"
)

// A Child is a program that serves one map.
type Child struct {
	Spec       Spec
	Controlled bool   // built for controlled runs
	Program    string // its file
	Report     methods.Report
	Go         string // version of the toolchain that built it

	toolchain string // to build it with; empty is the usual one
}

// New builds the child for a map, or finds it where it was built before; if controlled is
// set, one for controlled runs. Sources are the tester's own. A CommandError is the
// compiler's, or that of the module's download.
func New(ctx context.Context, sources fs.FS, s Spec, controlled bool) (*Child, error) {
	return (&Child{Spec: s, Controlled: controlled}).make(ctx, sources)
}

// NewWith is New with a Go toolchain, such as go1.24.0, that is downloaded if it is not
// there; empty is the usual one.
func NewWith(ctx context.Context, sources fs.FS, s Spec, toolchain string) (*Child, error) {
	return (&Child{Spec: s, toolchain: toolchain}).make(ctx, sources)
}

func (c *Child) make(ctx context.Context, sources fs.FS) (*Child, error) {
	if err := c.find(ctx, sources); err != nil {
		return nil, fmt.Errorf("%s: %w", c.Spec, err)
	}
	if _, err := os.Stat(c.Program); err != nil {
		if err := c.build(ctx, sources, func(m *module) (string, error) { return c.ofMap(ctx, m) }); err != nil {
			return nil, fmt.Errorf("%s: %w", c.Spec, err)
		}
	}
	return c, c.explain(ctx)
}

// find says where the child is, or is to be.
func (c *Child) find(ctx context.Context, sources fs.FS) (err error) {
	if c.Go, err = newModule(os.TempDir(), c.toolchain).goVersion(ctx); err != nil {
		return fmt.Errorf("the go command is needed to build it: %w", err)
	}
	how := c.Go + "\n"
	if c.Controlled {
		how += instrument.Fingerprint()
	}
	id, err := fingerprint(sources, c.Spec, how)
	if err != nil {
		return err
	}
	cache, err := os.UserCacheDir()
	c.Program = filepath.Join(cache, "mapstress", id, "child.exe")
	return err
}

// build builds beside its place, and moves it there.
func (c *Child) build(ctx context.Context, sources fs.FS, program func(*module) (string, error)) error {
	place := filepath.Dir(c.Program)
	cache := filepath.Dir(place)
	if err := os.MkdirAll(cache, 0o777); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(cache, "building-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	m := newModule(dir, c.toolchain)
	if err := m.write(sources); err != nil {
		return err
	}
	if err := m.require(ctx, sources, c.Spec); err != nil {
		return err
	}
	if c.Controlled {
		if err := m.instrument(ctx, cache); err != nil {
			return err
		}
	}
	built, err := program(m)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(place, 0o777); err != nil {
		return err
	}
	return os.Rename(built, c.Program)
}

// ofMap builds the program that serves the map.
func (c *Child) ofMap(ctx context.Context, m *module) (program string, err error) {
	expr, seen, err := c.look(ctx, m)
	if err != nil {
		return "", err
	}
	key, value, err := types(seen)
	if err != nil {
		return "", err
	}
	return m.program(ctx, "child", serve(c.Spec, expr, key, value))
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
