package build

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

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

// Known builds the child of the built-in targets, the planted ones included, in the way that
// a spec says, or finds it where it was built before.
func Known(ctx context.Context, sources fs.FS, how Spec) (*Child, error) {
	return own(ctx, sources, how, "known", known)
}

// Program builds a program of the tester's packages, whose main package has that source, in the
// way that a spec says, or finds it where it was built before. It is no child.
func Program(ctx context.Context, sources fs.FS, how Spec, source string) (file string, err error) {
	c, err := own(ctx, sources, how, fmt.Sprintf("known %x", sha256.Sum256([]byte(source))), source)
	if err != nil {
		return "", err
	}
	return c.Command[0], nil
}

// isOwn reports whether a program is of the tester's packages alone.
func (s *Spec) isOwn() bool {
	return s.Package == ours && (s.Expr == "known" || strings.HasPrefix(s.Expr, "known "))
}

func own(ctx context.Context, sources fs.FS, how Spec, name, source string) (*Child, error) {
	how.Package, how.Version, how.Expr = ours, "", name
	c := &Child{Spec: how}
	b, err := c.begin(ctx, sources)
	if err != nil {
		return nil, err
	}
	program := filepath.Join(b.kept, programFile)
	c.Command = []string{program}
	if _, err := os.Stat(program); err == nil {
		use(b.kept)
		return c, nil
	}
	return c, b.within(ctx, func(p place, scratch string) error {
		built, err := p.program(ctx, "child", source)
		if err != nil {
			return fmt.Errorf("a program of the built-in targets: %w", err)
		}
		if err := os.MkdirAll(b.kept, 0o777); err != nil {
			return err
		}
		return os.Rename(built, program)
	})
}
