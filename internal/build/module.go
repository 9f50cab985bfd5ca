package build

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// A place is where programs are built.
type place interface {
	// program builds a main package, and returns its file.
	program(ctx context.Context, name, source string) (executable string, err error)
	// ours is the import path that the tester's packages are below of.
	ours() string
	// packageAt returns the name of a package, which may not be the end of its path, and its
	// directory.
	packageAt(ctx context.Context, pkg string) (name, dir string, err error)
	// compiled returns a package behind all that it imports.
	compiled(ctx context.Context, pkg string) ([]compiled, error)
}

// A module is a directory in which the child is built: a module of the tester's own name,
// so that its internal packages may be imported, with a copy of those that it needs.
type module struct {
	goCommand
	dir string
}

func (m *module) ours() string { return ours }

// newModule is the module in a directory.
func newModule(dir string, g goCommand) *module {
	m := &module{g, dir}
	m.env = append(m.env[:len(m.env):len(m.env)], "GOFLAGS=-mod=mod", "GOWORK=off")
	return m
}

func (m *module) packageAt(ctx context.Context, pkg string) (name, dir string, err error) {
	out, err := m.run(ctx, m.dir, "list", "-find", "-f", "{{.Name}} {{.Dir}}", "--", pkg)
	name, dir, _ = strings.Cut(strings.TrimSpace(string(out)), " ")
	return name, dir, err
}

func (m *module) compiled(ctx context.Context, pkg string) ([]compiled, error) {
	return m.allCompiled(ctx, m.dir, pkg)
}

// copySources copies the sources, but for tests, each changed.
func copySources(from fs.FS, dir string, change func([]byte) []byte) error {
	return fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return os.MkdirAll(filepath.Join(dir, filepath.FromSlash(name)), 0o777)
		case strings.HasSuffix(name, "_test.go") || !strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, ".s"):
			return nil
		}
		data, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), change(data), 0o666)
	})
}

var goleak = regexp.MustCompile(`go\.uber\.org/goleak (v\S+)`)

// goleakVersion is the one that the tester itself has.
func goleakVersion(sources fs.FS) (string, error) {
	own, err := fs.ReadFile(sources, "go.mod")
	if err != nil {
		return "", err
	}
	version := goleak.FindSubmatch(own)
	if version == nil {
		return "", errors.New("go.mod does not require goleak")
	}
	return string(version[1]), nil
}

// write writes go.mod, and go.sum, by which goleak is known without asking anybody.
func (m *module) write(sources fs.FS) error {
	version, err := goleakVersion(sources)
	if err != nil {
		return err
	}
	sums, err := fs.ReadFile(sources, "go.sum")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(m.dir, "go.sum"), sums, 0o666); err != nil {
		return err
	}
	text := fmt.Sprintf("module %s\n\ngo 1.23.0\n\nrequire go.uber.org/goleak %s\n", ours, version)
	return os.WriteFile(filepath.Join(m.dir, "go.mod"), []byte(text), 0o666)
}

// require has the map's module at its version.
func (m *module) require(ctx context.Context, sources fs.FS, s Spec) error {
	if err := m.write(sources); err != nil {
		return err
	}
	if !s.external() || s.Package == ours {
		return nil
	}
	at := s.Package
	if s.Version != "" {
		at += "@" + s.Version
	}
	_, err := m.run(ctx, m.dir, "get", at) // what else is required is there when it is built
	if err != nil && number.MatchString(s.Version) && ctx.Err() == nil {
		return fmt.Errorf("%w\n  did you mean %s@v%s?", err, s.Package, s.Version)
	}
	return err
}

// number is a version that may lack its v: tags of old modules do.
var number = regexp.MustCompile(`^\d+(\.\d+)+`)

// program writes a main package, and builds it.
func (m *module) program(ctx context.Context, name, source string) (executable string, err error) {
	dir := filepath.Join(m.dir, name)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(source), 0o666); err != nil {
		return "", err
	}
	executable = filepath.Join(m.dir, name+".exe")
	_, err = m.run(ctx, m.dir, m.build(executable, "./"+name)...)
	return executable, err
}

// A goCommand is how the go command is called.
type goCommand struct {
	program string
	env     []string
	flags   []string // of go build, beside its own
}

// newCommand calls the go command of a toolchain; empty is the one at hand.
func newCommand(toolchain string) goCommand {
	g := goCommand{program: "go", env: os.Environ()}
	if toolchain != "" {
		g.env = append(g.env, "GOTOOLCHAIN="+toolchain)
	}
	return g
}

// build returns the arguments that build a program.
func (g *goCommand) build(executable, what string, more ...string) []string {
	args := append([]string{"build", "-trimpath", "-o", executable}, g.flags...)
	return append(append(args, more...), what)
}

// A CommandError is what the go command said as it failed.
type CommandError struct {
	Command string
	Output  string
}

func (e *CommandError) Error() string {
	output := strings.TrimSpace(e.Output)
	if full := noSpace.FindString(output); full != "" {
		output = full // it is said of each package that was under way
	}
	return fmt.Sprintf("%s failed:\n%s", e.Command, output)
}

var noSpace = regexp.MustCompile(`(?m)^.*: (no space left on device|disk quota exceeded)$`)

// called names a call of the go command, without the flags and programs that nobody has written.
func called(args []string) string {
	if args[0] == "build" || args[0] == "list" {
		return "go " + args[0]
	}
	return "go " + strings.Join(args, " ")
}

// run calls the go command in a directory, and returns what it wrote.
func (g *goCommand) run(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, g.program, args...)
	cmd.Dir, cmd.Env = dir, g.env
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	cmd.WaitDelay = time.Second // a compiler or git may live a little longer, and hold its pipes
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			return nil, err
		}
		output := out.String() + said.String()
		if strings.TrimSpace(output) == "" { // it was killed, say
			output = err.Error()
		}
		return nil, &CommandError{called(args), output}
	}
	return out.Bytes(), nil
}
