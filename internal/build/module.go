package build

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// A module is a directory in which the child is built: a module of the tester's own name,
// so that its internal packages may be imported, with a copy of those that it needs.
type module struct {
	dir string
	env []string

	goCommand string
	flags     []string // of go build, beside its own
}

// newModule is the module in a directory; empty is the usual toolchain.
func newModule(dir, toolchain string) *module {
	m := &module{dir: dir, goCommand: "go", env: append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")}
	if toolchain != "" {
		m.env = append(m.env, "GOTOOLCHAIN="+toolchain)
	}
	return m
}

// goVersion is that of the toolchain that would build it.
func (m *module) goVersion(ctx context.Context) (string, error) {
	out, err := m.output(ctx, "go", "env", "GOVERSION")
	return strings.TrimSpace(string(out)), err
}

// write copies the sources, but for tests.
func (m *module) write(sources fs.FS) error {
	return fs.WalkDir(sources, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return os.MkdirAll(filepath.Join(m.dir, filepath.FromSlash(name)), 0o777)
		case strings.HasSuffix(name, "_test.go") || !strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, ".s"):
			return nil
		}
		data, err := fs.ReadFile(sources, name)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(m.dir, filepath.FromSlash(name)), data, 0o666)
	})
}

var goleak = regexp.MustCompile(`go\.uber\.org/goleak (v\S+)`)

// require writes go.mod, with the map's module at its version.
func (m *module) require(ctx context.Context, sources fs.FS, s Spec) error {
	own, err := fs.ReadFile(sources, "go.mod")
	if err != nil {
		return err
	}
	version := goleak.FindSubmatch(own)
	if version == nil {
		return errors.New("go.mod does not require goleak")
	}
	text := fmt.Sprintf("module github.com/mapstress/mapstress\n\ngo 1.23.0\n\nrequire go.uber.org/goleak %s\n", version[1])
	if err := os.WriteFile(filepath.Join(m.dir, "go.mod"), []byte(text), 0o666); err != nil {
		return err
	}
	wanted := []string{"get", "go.uber.org/goleak"}
	if s.external() && s.Package != ours {
		at := s.Package
		if s.Version != "" {
			at += "@" + s.Version
		}
		wanted = append(wanted, at)
	}
	return m.run(ctx, "go", wanted...)
}

// A CommandError is what the go command said as it failed.
type CommandError struct {
	Command string
	Output  string
}

func (e *CommandError) Error() string {
	return fmt.Sprintf("%s failed:\n%s", e.Command, strings.TrimSpace(e.Output))
}

func (m *module) run(ctx context.Context, name string, args ...string) error {
	_, err := m.output(ctx, name, args...)
	return err
}

func (m *module) output(ctx context.Context, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = m.dir, m.env
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			return nil, err
		}
		return nil, &CommandError{filepath.Base(name) + " " + strings.Join(args, " "), out.String() + said.String()}
	}
	return out.Bytes(), nil
}

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
	args := append([]string{"build", "-trimpath", "-o", executable}, m.flags...)
	return executable, m.run(ctx, m.goCommand, append(args, "./"+name)...)
}

// fingerprint tells builds apart: what is built, of which sources, by which toolchain.
func fingerprint(sources fs.FS, s Spec, toolchain string) (string, error) {
	sum := sha256.New()
	fmt.Fprintf(sum, "%s\n%s\n", s, toolchain)
	err := fs.WalkDir(sources, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(sources, name)
		fmt.Fprintf(sum, "%s %d\n%s", name, len(data), data)
		return err
	})
	return hex.EncodeToString(sum.Sum(nil)[:8]), err
}
