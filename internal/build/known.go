package build

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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
	how.Package, how.Version, how.Expr = ours, "", "known"
	c := &Child{Spec: how}
	b, err := c.begin(ctx, sources)
	if err != nil {
		return nil, err
	}
	program := filepath.Join(b.kept, programFile)
	c.Command = []string{program}
	if _, err := os.Stat(program); err == nil {
		return c, nil
	}
	return c, b.within(ctx, func(p place, scratch string) error {
		built, err := p.program(ctx, "child", known)
		if err != nil {
			return fmt.Errorf("the built-in targets: %w", err)
		}
		if err := os.MkdirAll(b.kept, 0o777); err != nil {
			return err
		}
		return os.Rename(built, program)
	})
}
