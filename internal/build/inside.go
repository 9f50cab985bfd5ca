package build

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// A listed package is what the go command knows of the map's.
type listed struct {
	ImportPath, Name, Dir string
	Standard              bool
	BuildID               string // tells its content, and that of all it needs
	Module                *struct {
		Path, Dir, GoMod string
		Main             bool
	}
	Error *struct{ Err string }
}

// find asks for a package of the module at hand, or of what that requires.
func (g *goCommand) find(ctx context.Context, pkg string) (l listed, err error) {
	out, err := g.run(ctx, "", "list", "-e", "-find", "-json=ImportPath,Name,Dir,Standard,Module,Error", "--", pkg)
	if err != nil {
		return l, err
	}
	return l, json.Unmarshal(out, &l)
}

// inside is a place in the user's own module: packages that only an overlay has are built
// there, below the module's root or as deep as the internal package that is wanted.
// Nothing is written to the module, and its go.mod, its vendor directory and its workspace
// count as they always do.
//
// The tester's packages are copied with another import path, since nothing that the module
// does not require could be imported.
type inside struct {
	goCommand
	root    string            // directory of the main module
	overlay map[string]string // files that are not there, and where they are
	at      string            // where the child's packages seem to be
	path    string            // import path of that
	name    string            // the map's package
	dir     string            // of that
	scratch string            // where they are
}

// childDir is the name of the directory that the overlay adds. Its end is that of our own
// module's, by which our functions are known in a stack; internal/child knows all of it.
const childDir = "child-of-mapstress"

// enter prepares a place for a child of a package.
func (g *goCommand) enter(ctx context.Context, sources fs.FS, l *listed, scratch string) (*inside, error) {
	i := &inside{goCommand: *g, scratch: scratch, name: l.Name, dir: l.Dir, overlay: map[string]string{}}
	root, within, below, err := g.site(ctx, l)
	if err != nil {
		return nil, err
	}
	i.root = root
	i.at, i.path = filepath.Join(root, filepath.FromSlash(below), childDir), path.Join(within, below, childDir)
	return i, i.write(ctx, sources)
}

// site returns the directory and the path of the main module, and below which part of it a
// package can be imported.
func (g *goCommand) site(ctx context.Context, l *listed) (root, within, below string, err error) {
	if !l.Module.Main { // a package of another module, which the one at hand imports
		main, err := g.mainModule(ctx)
		return main.Dir, main.Path, "", err
	}
	if rest, ok := strings.CutPrefix(l.ImportPath, l.Module.Path+"/"); ok {
		elements := strings.Split(rest, "/")
		for n := len(elements) - 1; n >= 0; n-- {
			if elements[n] == "internal" {
				below = path.Join(elements[:n]...)
				break
			}
		}
	}
	return l.Module.Dir, l.Module.Path, below, nil
}

func (g *goCommand) mainModule(ctx context.Context) (m struct{ Path, Dir, GoMod string }, err error) {
	gomod, err := g.run(ctx, "", "env", "GOMOD")
	if err != nil {
		return m, err
	}
	out, err := g.run(ctx, "", "list", "-m", "-json=Path,Dir,GoMod")
	if err != nil {
		return m, err
	}
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		if err := d.Decode(&m); err != nil {
			return m, err
		}
		if m.GoMod == strings.TrimSpace(string(gomod)) {
			break
		}
	}
	return m, nil
}

func (i *inside) ours() string { return i.path }

func (i *inside) packageAt(context.Context, string) (name, dir string, err error) {
	return i.name, i.dir, nil
}

func (i *inside) compiled(ctx context.Context, pkg string) ([]compiled, error) {
	return i.allCompiled(ctx, i.root, pkg)
}

var buildLine = regexp.MustCompile(`(?m)^//go:build (.*)$`)

// write copies the tester's packages, and goleak, beside each other.
func (i *inside) write(ctx context.Context, sources fs.FS) error {
	download := newModule(i.scratch, i.goCommand)
	if err := download.write(sources); err != nil {
		return err
	}
	out, err := download.run(ctx, i.scratch, "mod", "download", "-json", "go.uber.org/goleak")
	if err != nil {
		return err
	}
	var leaks struct{ Dir string }
	if err := json.Unmarshal(out, &leaks); err != nil {
		return err
	}
	change := func(source []byte) []byte {
		text := strings.ReplaceAll(string(source), `"`+ours+"/", `"`+i.path+"/")
		text = strings.ReplaceAll(text, `"go.uber.org/goleak`, `"`+i.path+"/goleak")
		// The module may be older than the language that these are written in.
		if buildLine.MatchString(text) {
			text = buildLine.ReplaceAllString(text, "//go:build ($1) && go1.23")
		} else {
			text = "//go:build go1.23\n\n" + text
		}
		return []byte(text)
	}
	if err := copySources(sources, i.scratch, change); err != nil {
		return err
	}
	for _, dir := range []string{".", "internal/stack"} {
		if err := copyDir(filepath.Join(leaks.Dir, dir), filepath.Join(i.scratch, "goleak", dir), change); err != nil {
			return err
		}
	}
	return filepath.WalkDir(i.scratch, func(name string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(name, ".go") {
			err = i.add(name)
		}
		return err
	})
}

// copyDir copies the Go files of one directory, but for tests.
func copyDir(from, to string, change func([]byte) []byte) error {
	files, err := filepath.Glob(filepath.Join(from, "*.go"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(to, 0o777); err != nil {
		return err
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, filepath.Base(file)), change(data), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// add puts a file of the scratch directory where the module seems to have it.
func (i *inside) add(name string) error {
	rel, err := filepath.Rel(i.scratch, name)
	if err != nil {
		return err
	}
	i.overlay[filepath.Join(i.at, rel)] = name
	return nil
}

func (i *inside) program(ctx context.Context, name, source string) (executable string, err error) {
	main := filepath.Join(i.scratch, name, "main.go")
	if err := os.MkdirAll(filepath.Dir(main), 0o777); err != nil {
		return "", err
	}
	if err := os.WriteFile(main, []byte("//go:build go1.23\n\n"+source), 0o666); err != nil {
		return "", err
	}
	if err := i.add(main); err != nil {
		return "", err
	}
	overlay := filepath.Join(i.scratch, "overlay.json")
	if err := i.writeOverlay(overlay); err != nil {
		return "", err
	}
	executable = filepath.Join(i.scratch, name+".exe")
	_, err = i.run(ctx, i.root, i.goCommand.build(executable, i.path+"/"+name, "-overlay="+overlay)...)
	return executable, err
}

// writeOverlay writes the overlay, with what is in the one that the flags have: the go
// command takes only the last.
func (i *inside) writeOverlay(file string) error {
	all := struct{ Replace map[string]string }{map[string]string{}}
	for _, flag := range i.flags {
		if other, ok := strings.CutPrefix(flag, "-overlay="); ok {
			body, err := os.ReadFile(other)
			if err == nil {
				err = json.Unmarshal(body, &all)
			}
			if err != nil {
				return fmt.Errorf("the overlay of the toolchain: %w", err)
			}
		}
	}
	for name, at := range i.overlay {
		all.Replace[name] = at
	}
	body, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return os.WriteFile(file, body, 0o666)
}

// content returns what tells the package from any other state of it. If it does not
// compile, that is the error.
func (g *goCommand) content(ctx context.Context, pkg string) (string, error) {
	out, err := g.run(ctx, "", "list", "-export", "-f", "{{.BuildID}}", "--", pkg)
	return string(out), err
}

// Fixed reports whether the package has no other version than the one that is at hand: that of
// the standard library, or of the module at hand.
func Fixed(ctx context.Context, s Spec) bool {
	g := newCommand("")
	l, err := g.resolve(ctx, &s)
	return err == nil && (l != nil || !s.external()) || s.local() // what is wrong is said when it is built
}

// resolve makes the package's import path out of a directory, and returns the package if it
// is one that the module at hand can import: its own version counts then.
func (g *goCommand) resolve(ctx context.Context, s *Spec) (*listed, error) {
	if s.Version != "" {
		return nil, nil
	}
	l, err := g.find(ctx, s.Package)
	switch {
	case err != nil:
		return nil, err
	case l.Name == "main":
		return nil, fmt.Errorf("package %s is a program, which cannot be imported; want the package that has the map", s.Package)
	case l.Standard:
		return nil, nil
	case l.Dir != "" && l.Module != nil && l.Name != "":
		s.Package = l.ImportPath
		return &l, nil
	case s.external() && !s.local():
		return nil, nil // its latest version
	case l.Error != nil:
		return nil, errors.New(strings.TrimSpace(l.Error.Err))
	}
	return nil, fmt.Errorf("package %s is of no module; want a directory with a go.mod at its root", s.Package)
}
