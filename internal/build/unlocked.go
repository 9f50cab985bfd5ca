package build

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// unlocked is what is told of a map none of whose methods synchronizes anything. Many that are not
// for concurrent use do not say so, as no type is that does not say that it is.
const unlocked = "none of its methods uses a lock, an atomic or a channel, and nothing says that it is for concurrent use"

// concurrency is any word with which a documentation may speak of it.
var concurrency = regexp.MustCompile(`(?i)concurren|sync|thread|goroutine|parallel|atomic|\block|lock-?free|\brace|\bsafe`)

// silent reports whether neither the names nor the documentation of a type, of what makes it and of
// its package have any word of concurrency.
func silent(d *docs, pkg, typeName, expr string) bool {
	texts := []string{pkg, typeName, expr, d.pkg, d.types[typeName]}
	for name, doc := range d.funcs {
		if regexp.MustCompile(`\b` + name + `\b`).MatchString(expr) {
			texts = append(texts, doc)
		}
	}
	for _, text := range texts {
		if concurrency.MatchString(text) {
			return false
		}
	}
	return true
}

// A compiled package is one as the go command knows it.
type compiled struct {
	ImportPath, Dir   string
	Export            string // file of what importing it takes
	GoFiles, CgoFiles []string
	Standard          bool
	ImportMap         map[string]string
}

// allCompiled has a package and all that it imports compiled, and returns them, that one last.
func (g *goCommand) allCompiled(ctx context.Context, dir, pkg string) (all []compiled, err error) {
	out, err := g.run(ctx, dir, "list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles,CgoFiles,Standard,ImportMap", "--", pkg)
	if err != nil {
		return nil, err
	}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var c compiled
		if err := d.Decode(&c); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
}

// saysUnlocked returns what is told of a map, if that is so; empty if it is not, or not known. Who has
// a map of their own module searched wants to know whether it is safe, whatever it says.
func (c *Child) saysUnlocked(ctx context.Context, p place, dir, typeName string) string {
	if c.Local && strings.HasPrefix(dir+string(filepath.Separator), c.Root+string(filepath.Separator)) {
		return ""
	}
	d := readDocs(dir)
	if typeName == "" || !silent(&d, c.Spec.Package, typeName, c.Adapter.Expr) {
		return ""
	}
	all, err := p.compiled(ctx, c.Spec.Package)
	if err != nil {
		return ""
	}
	if syncs, err := synchronizes(all, typeName); syncs || err != nil {
		return ""
	}
	return unlocked
}

// synchronizes reports whether a method of a type of the last of the packages may synchronize
// something, itself or by what it calls: all that is not seen to do nothing of that kind. A
// copy does not count: two copies may share what they synchronize, and each be for one caller.
func synchronizes(all []compiled, typeName string) (bool, error) {
	if len(all) == 0 {
		return true, errors.New("no package")
	}
	of := &all[len(all)-1]
	if len(of.CgoFiles) > 0 {
		return true, nil
	}
	fset := token.NewFileSet()
	files := make([]*ast.File, len(of.GoFiles))
	for i, name := range of.GoFiles {
		var err error
		if files[i], err = parser.ParseFile(fset, filepath.Join(of.Dir, name), nil, parser.SkipObjectResolution); err != nil {
			return true, err
		}
	}
	exports, standard := map[string]string{}, map[string]bool{"unsafe": true}
	for _, c := range all {
		exports[c.ImportPath], standard[c.ImportPath] = c.Export, c.Standard
	}
	lookup := func(path string) (io.ReadCloser, error) {
		if mapped, ok := of.ImportMap[path]; ok {
			path = mapped
		}
		if exports[path] == "" {
			return nil, fmt.Errorf("package %s has not been compiled", path)
		}
		return os.Open(exports[path])
	}
	s := &syncing{
		info:     types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}},
		standard: standard, bodies: map[*types.Func]*ast.BlockStmt{}, seen: map[*types.Func]bool{},
	}
	pkg, err := (&types.Config{Importer: importer.ForCompiler(fset, "gc", lookup)}).Check(of.ImportPath, fset, files, &s.info)
	if err != nil {
		return true, err
	}
	s.pkg = pkg
	for _, file := range files {
		for _, decl := range file.Decls {
			if d, ok := decl.(*ast.FuncDecl); ok {
				if f, ok := s.info.Defs[d.Name].(*types.Func); ok {
					s.bodies[f] = d.Body
				}
			}
		}
	}
	name, ok := pkg.Scope().Lookup(typeName).(*types.TypeName)
	if !ok || types.IsInterface(name.Type()) {
		return true, nil
	}
	methods := types.NewMethodSet(types.NewPointer(name.Type()))
	for i := range methods.Len() {
		f, ok := methods.At(i).Obj().(*types.Func)
		if ok && f.Exported() && s.function(f) {
			return true, nil
		}
	}
	return methods.Len() == 0, nil
}

// copies reports whether a method takes nothing and answers another of its type.
func copies(f *types.Func) bool {
	sig := f.Type().(*types.Signature)
	if sig.Recv() == nil || sig.Params().Len() > 0 || sig.Results().Len() != 1 {
		return false
	}
	of := named(sig.Recv().Type())
	return of != nil && of == named(sig.Results().At(0).Type())
}

// named returns what names a type, or the one that it points to; nil if nothing does.
func named(t types.Type) *types.TypeName {
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj()
	}
	return nil
}

// syncing looks for what synchronizes, from function to function of a package.
type syncing struct {
	pkg      *types.Package
	info     types.Info
	standard map[string]bool // by import path
	bodies   map[*types.Func]*ast.BlockStmt
	seen     map[*types.Func]bool
}

// function reports whether a function may synchronize something. One of the standard library
// does if it is for that; any other package's may do anything. An interface's is any that the package
// has of that name.
func (s *syncing) function(f *types.Func) bool {
	f = f.Origin()
	body, own := s.bodies[f]
	switch {
	case s.seen[f] || f.Pkg() == nil || copies(f): // of no package is error's
		return false
	case f.Pkg() != s.pkg:
		return !s.standard[f.Pkg().Path()] || synchronizing[f.Pkg().Path()]
	case !own:
		return s.anyOf(f)
	case body == nil:
		return true
	}
	s.seen[f] = true
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		found = found || s.node(n)
		return !found
	})
	return found
}

// anyOf reports whether one of the package's methods of that name does, or there is none.
func (s *syncing) anyOf(f *types.Func) bool {
	none := true
	for other := range s.bodies {
		if other.Name() == f.Name() && other.Type().(*types.Signature).Recv() != nil {
			if none = false; s.function(other) {
				return true
			}
		}
	}
	return none
}

// synchronizing are the packages of the standard library whose functions and types synchronize, or may call
// what does.
var synchronizing = map[string]bool{"sync": true, "sync/atomic": true, "internal/sync": true, "expvar": true, "runtime": true, "context": true, "reflect": true}

// node reports whether a part of a function does.
func (s *syncing) node(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GoStmt, *ast.SelectStmt, *ast.SendStmt, *ast.ChanType:
		return true
	case *ast.UnaryExpr:
		return n.Op == token.ARROW
	case *ast.RangeStmt:
		_, channel := s.info.TypeOf(n.X).Underlying().(*types.Chan)
		return channel
	case *ast.Ident:
		switch used := s.info.Uses[n].(type) {
		case *types.Func:
			return s.function(used)
		case *types.Var:
			return synchronizer(used.Type())
		}
	}
	return false
}

// synchronizer reports whether a variable of a type is a lock, an atomic or a channel, or a function that may be
// a lock's.
func synchronizer(t types.Type) bool {
	if name := named(t); name != nil && name.Pkg() != nil && synchronizing[name.Pkg().Path()] {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Chan:
		return true
	case *types.Signature:
		return u.Params().Len() == 0 && u.Results().Len() == 0
	}
	return false
}
