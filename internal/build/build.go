package build

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mapstress/mapstress/internal/match"
	"github.com/mapstress/mapstress/target/methods"
)

// A Child is a program that serves one map.
type Child struct {
	Spec    Spec
	Command []string // the program and its arguments
	Report  methods.Report
	Go      string // version of the toolchain that built it
	Adapter Adapter
	Local   bool   // the package is of the module at hand, or of one that this requires
	Root    string // directory of that module, if so
	Below   string // part of it in which the package can be imported; empty for all of it
}

// An Adapter is how the map's methods are called.
type Adapter struct {
	Lines   []string // of an import declaration
	Expr    string
	Package string            // its name
	Others  map[string]string // further packages that the expression names: their names by their paths
	Unsafe  string            // why it is not for concurrent use: mostly a sentence of its documentation
	Once    map[string]string // the words that promise of a method, by its name, that it meets no key twice
	Again   map[string]string // the sentences that say of one that it may call a function more than once
	match.Adapter
}

// New builds the child for a map, or finds it where it was built before. Sources are the
// tester's own. A CommandError is the compiler's, or that of the module's download.
func New(ctx context.Context, sources fs.FS, s Spec) (*Child, error) {
	c := &Child{Spec: s}
	if err := c.make(ctx, sources); err != nil {
		if none := noFiles.FindStringSubmatch(err.Error()); s.Controlled && none != nil {
			err = fmt.Errorf("for controlled runs it is built without cgo, which leaves no file of %s: %w", none[1], err)
		}
		var said *CommandError
		if c.Adapter.Expr == "" && s.bare() && errors.As(err, &said) && strings.HasPrefix(said.Output, "expression:") {
			return nil, fmt.Errorf("%s: %w\n  %[3]s was taken for %[3]s() or new(%[3]s): give the whole expression if it is another", s, err, s.Expr)
		}
		if expr := c.Adapter.Expr; expr != "" && expr != s.Expr && ctx.Err() == nil {
			return nil, fmt.Errorf("%s: %w\n  the map was made by %s: give the whole expression if it takes another", s, err, expr)
		}
		return nil, fmt.Errorf("%s: %w", s, err)
	}
	return c, nil
}

func (c *Child) make(ctx context.Context, sources fs.FS) error {
	b, err := c.begin(ctx, sources)
	if err != nil {
		return err
	}
	if c.read(b.kept) == nil {
		use(b.kept)
		return nil
	}
	return b.within(ctx, func(p place, scratch string) error {
		if err := c.build(ctx, p, scratch, b.plain); err != nil {
			return b.why(ctx, c.Spec, err)
		}
		return c.keep(scratch, b.kept)
	})
}

// The files of a child.
const (
	programFile = "child.exe"
	reportFile  = "report.json"
	adapterFile = "adapter.json"
)

// build builds the child in the scratch directory, and has it try out the map's methods. What
// these are the same child without hooks may have found out, if there is one in a directory.
func (c *Child) build(ctx context.Context, p place, scratch, plain string) error {
	if a, err := readJSON[Adapter](filepath.Join(plain, adapterFile)); err == nil {
		c.Adapter = *a
		if c.program(ctx, p, scratch) == nil {
			return c.tryAll(ctx, scratch)
		}
		c.Adapter = Adapter{} // by other tags it is another map
	}
	m, err := c.look(ctx, p, scratch)
	if err != nil {
		return err
	}
	a, err := match.Match(m)
	if err != nil {
		return err
	}
	if len(a.Names("Load")) == 0 {
		return m.NoLoad()
	}
	c.Adapter.Adapter = *a
	if c.Adapter.Unsafe == "" && isBuiltin(&m.Type, a) {
		c.Adapter.Unsafe = builtinUnsafe
	}
	if err := c.program(ctx, p, scratch); err != nil {
		return err
	}
	return unchanged(c.tryAll(ctx, scratch), m)
}

// program builds the child.
func (c *Child) program(ctx context.Context, p place, scratch string) error {
	a := &c.Adapter
	program, err := p.program(ctx, "child", serve(c.Spec, p.ours(), a.Lines, a.Expr, &a.Adapter))
	if err != nil {
		return err
	}
	return os.Rename(program, filepath.Join(scratch, programFile))
}

// tryAll has the child try out the map's methods.
func (c *Child) tryAll(ctx context.Context, scratch string) error {
	return c.try(ctx, filepath.Join(scratch, programFile), filepath.Join(scratch, reportFile), "as its methods were tried, one by one")
}

// manyExprs is about how many expressions are tried. Arguments that want arguments might have no end.
const manyExprs = 16

// look finds the first expression that makes a map, and returns what that is.
func (c *Child) look(ctx context.Context, p place, scratch string) (*match.Map, error) {
	name, dir, err := p.packageAt(ctx, c.Spec.Package)
	if err != nil {
		return nil, err
	}
	var failed error
	exprs, others := c.Spec.exprs(), importedBy(dir)
	for i := 0; i < len(exprs); i++ {
		expr := exprs[i]
		imports, more := c.Spec.imports(expr, name, others)
		program, err := p.program(ctx, fmt.Sprintf("look%d", i), look(imports, expr, p.ours()))
		if err != nil {
			var said *CommandError
			if !errors.As(err, &said) {
				return nil, err
			}
			if said = ofExpression(said); failed == nil || tells(said) && !tells(failed) {
				failed = said
			}
			given := slices.DeleteFunc(c.Spec.given(expr, said.Output), func(with string) bool { return slices.Contains(exprs, with) })
			if len(exprs) < manyExprs {
				exprs = slices.Insert(exprs, i+1, given...)
			}
			continue
		}
		c.Adapter.Lines, c.Adapter.Expr, c.Adapter.Package, c.Adapter.Others = imports, expr, name, more
		file := filepath.Join(scratch, "map.json")
		if err := c.try(ctx, program, file, "as "+expr+" made a map"); err != nil {
			return nil, err
		}
		m, err := readJSON[match.Map](file)
		if err == nil && c.Spec.bare() && (m.Type.Kind == "func" || m.Type.Kind == "ptr" && m.Type.Elem.Kind == "func") {
			c.Adapter = Adapter{}
			continue // New and new(New), of a New that wants arguments
		}
		if name, of := strings.CutPrefix(expr, "new("); err == nil && c.Spec.bare() && of && m.Type.Kind == "ptr" && m.Type.Elem.Kind == "map" {
			c.Adapter = Adapter{}
			exprs = slices.Insert(exprs, i+1, "make("+name) // what new makes is nil
			continue
		}
		if err == nil {
			of := typeIn(name, m.Type.Text)
			c.Adapter.Unsafe, c.Adapter.Once, c.Adapter.Again = documentedUnsafe(dir, of, expr), documentedOnce(dir, of), documentedAgain(dir, of)
			if c.Adapter.Unsafe == "" {
				c.Adapter.Unsafe = c.saysUnlocked(ctx, p, dir, of, m.Dynamic)
			}
		}
		return m, err
	}
	return nil, failed
}

// keep moves what was built to where it is kept.
func (c *Child) keep(scratch, kept string) error {
	body, err := json.Marshal(&c.Adapter)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(scratch, adapterFile), body, 0o666); err != nil {
		return err
	}
	if err := c.note(filepath.Join(scratch, reportFile)); err != nil {
		return err
	}
	if err := os.MkdirAll(kept, 0o777); err != nil {
		return err
	}
	for _, name := range []string{adapterFile, reportFile, programFile} { // the program last: it is complete then
		if err := os.Rename(filepath.Join(scratch, name), filepath.Join(kept, name)); err != nil {
			return err
		}
	}
	return c.read(kept)
}

// note adds to the report what the child cannot know.
func (c *Child) note(file string) error {
	r, err := readJSON[methods.Report](file)
	if err != nil {
		return err
	}
	r.Unsafe, r.Once, r.Again = c.Adapter.Unsafe, c.Adapter.Once, c.Adapter.Again
	for t, name := range map[*match.Type]*string{&c.Adapter.KeyOf: &r.Key, &c.Adapter.ValueOf: &r.Value} {
		if t.StandsIn() {
			*name = t.Text
		}
	}
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return os.WriteFile(file, body, 0o666)
}

// read reads what is kept.
func (c *Child) read(kept string) error {
	program, report := filepath.Join(kept, programFile), filepath.Join(kept, reportFile)
	if _, err := os.Stat(program); err != nil {
		return err
	}
	r, err := readJSON[methods.Report](report)
	if err != nil {
		return err
	}
	a, err := readJSON[Adapter](filepath.Join(kept, adapterFile))
	if err != nil {
		return err
	}
	c.Command, c.Report, c.Adapter = []string{program, report}, *r, *a
	for _, u := range a.Unused {
		c.Report.Unused = append(c.Report.Unused, methods.Unused(u))
	}
	return nil
}

func readJSON[T any](file string) (*T, error) {
	body, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var x T
	if err := json.Unmarshal(body, &x); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return &x, nil
}

// written are the sources of this package, by which a child's own are written.
//
//go:embed *.go
var written embed.FS

// fingerprint tells builds apart: what is built, how, and of which sources.
func fingerprint(s Spec, how string, sources ...fs.FS) (string, error) {
	sum := sha256.New()
	fmt.Fprintf(sum, "%s\n%s\n", s, how)
	for _, of := range sources {
		err := fs.WalkDir(of, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := fs.ReadFile(of, name)
			fmt.Fprintf(sum, "%s %d\n%s", name, len(data), data)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:8]), nil
}
