package mapstress

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"go/version"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/build"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/internal/search"
	"github.com/mapstress/mapstress/target"
	"github.com/mapstress/mapstress/target/methods"
)

// sources are what a child needs that is built for somebody's map.
//
//go:embed go.mod go.sum target/*.go target/methods/*.go history/*.go internal/buggy/*.go
//go:embed scheduler/*.go scheduler/strategy/*.go scheduler/hb/*.go scheduler/controlled/*.go scheduler/controlled/hooks.s scheduler/internal/sparse/*.go
//go:embed oracle/*.go oracle/crash/*.go oracle/linear/*.go internal/child/wire/*.go internal/child/serve/*.go
var sources embed.FS

// A BuildError is what the go command said as it failed to build a child for a map that is
// named by an expression.
type BuildError = build.CommandError

// A Matched says what was made of the methods of a map that is named by an expression.
type Matched = methods.Report

// An Unused is a method of such a map of which nothing was made, and why.
type Unused = methods.Unused

// A Build says how children are built. The zero Build is the toolchain at hand, and no build
// at all for targets that this program has.
type Build struct {
	Go   string // toolchain, such as go1.24.6, which is downloaded if need be; empty is the one at hand
	Race bool   // with the race detector
}

// check refuses what is no toolchain, and the race detector where workers do not race.
func (b Build) check(controlled bool) error {
	switch {
	case b.Go != "" && !version.IsValid(b.Go):
		return fmt.Errorf("toolchain %q; want one such as go1.24.6", b.Go)
	case b.Go != "" && version.Compare(b.Go, build.Oldest) < 0:
		return fmt.Errorf("toolchain %s; want %s or a later one", b.Go, build.Oldest)
	case b.Race && controlled:
		return errors.New("the hooks of controlled runs, and of noise, are in the place of the race detector; want the one or the other")
	}
	return nil
}

// with says in a spec how to build.
func (b Build) with(s build.Spec, controlled bool) build.Spec {
	s.Go, s.Race, s.Controlled = b.Go, b.Race, controlled
	return s
}

// MissingToolchain reports whether a Go toolchain, such as go1.24.6, is not at hand yet: whatever
// builds with it downloads it first, which may take minutes.
func MissingToolchain(ctx context.Context, toolchain string) (bool, error) {
	if err := (Build{Go: toolchain}).check(false); err != nil {
		return false, err
	}
	return build.Missing(ctx, toolchain)
}

// builtin is the name of the set of targets that every mapstress has.
const builtin = "builtin"

// children says how to start children: this program again.
func children() (child.Config, error) {
	program, err := thisProgram()
	if err != nil {
		return child.Config{}, err
	}
	return child.Config{Command: []string{program}, Set: builtin}, nil
}

// thisProgram returns the file of this program. Where the system does not tell, as on Linux
// without /proc, it is found by the name by which it was started.
func thisProgram() (string, error) {
	program, unknown := os.Executable()
	if unknown == nil {
		return program, nil
	}
	program, err := exec.LookPath(os.Args[0])
	if err != nil {
		return "", fmt.Errorf("find this program, to start children: %w", unknown)
	}
	if !filepath.IsAbs(program) {
		program = filepath.Join(started, program)
	}
	return program, nil
}

// subjects finds the targets of those names, each once, or the built-in ones if there are
// none, and says how to start children that serve them. A name with a space in it is a
// package and an expression that makes a map, for which a child is built. For controlled
// runs, another toolchain or the race detector one is built in any case.
func subjects(ctx context.Context, names []string, how Build, controlled bool) (config child.Config, all []wire.Description, err error) {
	if err := how.check(controlled); err != nil {
		return config, nil, err
	}
	for _, name := range names {
		if _, is, err := build.Parse(name); is && err == nil && len(names) > 1 {
			return config, nil, alone(name)
		}
	}
	if len(names) == 1 {
		if spec, is, err := build.Parse(names[0]); is {
			if err != nil {
				return config, nil, err
			}
			return built(ctx, how.with(spec, controlled))
		}
	}
	targets := target.Builtin()
	if len(names) > 0 {
		targets = nil
	}
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			continue
		}
		t, err := FindTarget(name)
		if err != nil {
			return config, nil, err
		}
		targets = append(targets, t)
	}
	for i := range targets {
		all = append(all, search.Describe(&targets[i]))
	}
	if controlled || how != (Build{}) {
		known, err := build.Known(ctx, sources, how.with(build.Spec{}, controlled))
		if err != nil {
			return config, nil, err
		}
		return child.Config{Command: known.Command, Set: builtin}, all, nil
	}
	config, err = children()
	return config, all, err
}

// alone says that a map has children of its own.
func alone(name string) error {
	return fmt.Errorf("%q and others: a map of another module is searched by itself", name)
}

// built builds a child for a map, and has it describe the map.
func built(ctx context.Context, spec build.Spec) (config child.Config, all []wire.Description, err error) {
	b, err := build.New(ctx, sources, spec)
	if err != nil {
		return config, nil, err
	}
	config = child.Config{Command: b.Command, Set: builtin}
	err = inSessions(config, 1, func(s []*child.Session) error {
		all, err = s[0].Describe(ctx)
		return err
	})
	return config, all, err
}

// Match builds a child for a map that is named by a package and an expression, such as
// "github.com/puzpuzpuz/xsync/v3@v3.0.0 NewMapOf[int,int]()", and says what is made of the
// map's methods. It reports false for a name that is none of these.
func Match(ctx context.Context, name string, how Build) (m Matched, is bool, err error) {
	b, is, err := matched(ctx, name, how)
	if b == nil {
		return m, is, err
	}
	return b.Report, true, nil
}

// Adapter returns Go source that calls such a map, to keep and to edit: a test file that uses
// Check, for the external tests of the map's package.
func Adapter(ctx context.Context, name string) ([]byte, error) {
	b, is, err := matched(ctx, name, Build{})
	if err == nil && !is {
		err = fmt.Errorf("%q; want a package and an expression that makes a map, such as 'sync Map'", name)
	}
	if err != nil {
		return nil, err
	}
	return b.TestFile()
}

func matched(ctx context.Context, name string, how Build) (b *build.Child, is bool, err error) {
	spec, is, err := build.Parse(name)
	if err == nil {
		err = how.check(false)
	}
	if !is || err != nil {
		return nil, is, err
	}
	b, err = build.New(ctx, sources, how.with(spec, false))
	return b, true, err
}

// opened returns the store of a directory, none if that is empty. That nothing can be kept in it
// is told first of all, and not with the first finding.
func opened(dir string, problem func(error)) *corpus.Store {
	if dir == "" {
		return nil
	}
	store := corpus.Open(dir)
	if err := store.Writable(); err != nil && problem != nil {
		problem(fmt.Errorf("%w; what is found is told with its schedule, and not kept", err))
	}
	return store
}
