package build

import (
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
)

// syncing looks for what synchronizes, from function to function and from package to package.
type syncing struct {
	packages map[string]*compiled // by import path
	loaded   map[string]*types.Package
	bodies   map[string]body // by full name: a package that is imported has other objects than one that is read
	seen     map[string]bool
}

// A body is that of a function.
type body struct {
	*ast.BlockStmt
	f    *types.Func
	info *types.Info
}

func newSyncing(all []compiled) *syncing {
	s := &syncing{packages: map[string]*compiled{}, loaded: map[string]*types.Package{}, bodies: map[string]body{}, seen: map[string]bool{}}
	for i := range all {
		s.packages[all[i].ImportPath] = &all[i]
	}
	return s
}

// maxRead is how many packages are read, which takes some 0.1 s for each. Of more it is not known what
// they do.
const maxRead = 16

// load reads the source of a package.
func (s *syncing) load(path string) (*types.Package, error) {
	if pkg, ok := s.loaded[path]; ok {
		return pkg, nil
	}
	of := s.packages[path]
	switch {
	case of == nil || len(of.CgoFiles) > 0:
		return nil, fmt.Errorf("package %s has sources that cannot be read", path)
	case len(s.loaded) >= maxRead:
		return nil, fmt.Errorf("package %s is one of too many", path)
	}
	fset := token.NewFileSet()
	files := make([]*ast.File, len(of.GoFiles))
	for i, name := range of.GoFiles {
		var err error
		if files[i], err = parser.ParseFile(fset, filepath.Join(of.Dir, name), nil, parser.SkipObjectResolution); err != nil {
			return nil, err
		}
	}
	lookup := func(path string) (io.ReadCloser, error) {
		if mapped, ok := of.ImportMap[path]; ok {
			path = mapped
		}
		if p := s.packages[path]; p != nil && p.Export != "" {
			return os.Open(p.Export)
		}
		return nil, fmt.Errorf("package %s has not been compiled", path)
	}
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}}
	pkg, err := (&types.Config{Importer: importer.ForCompiler(fset, "gc", lookup)}).Check(of.ImportPath, fset, files, info)
	if err != nil {
		return nil, err
	}
	s.loaded[path] = pkg
	for _, file := range files {
		for _, decl := range file.Decls {
			if d, ok := decl.(*ast.FuncDecl); ok {
				if f, ok := info.Defs[d.Name].(*types.Func); ok {
					s.bodies[f.FullName()] = body{d.Body, f, info}
				}
			}
		}
	}
	return pkg, nil
}

// function reports whether a function may synchronize something. One of the standard library
// does if it is for that, and one of another package that cannot be read. An interface's is any of that
// name that the packages have which are read.
func (s *syncing) function(f *types.Func) bool {
	f = f.Origin()
	if f.Pkg() == nil || copies(f) { // of no package is error's
		return false
	}
	path := f.Pkg().Path()
	if of := s.packages[path]; of == nil || of.Standard {
		return of == nil || synchronizing[path] && !ofPool(f) && (path != "reflect" || calling[f.Name()])
	}
	if _, err := s.load(path); err != nil {
		return true
	}
	name := f.FullName()
	b, own := s.bodies[name]
	switch {
	case s.seen[name]:
		return false
	case !own:
		return s.anyOf(f)
	case b.BlockStmt == nil:
		return s.assembly(path, f.Name())
	}
	s.seen[name] = true
	found := false
	ast.Inspect(b.BlockStmt, func(n ast.Node) bool {
		found = found || s.node(n, b.info)
		return !found
	})
	return found
}

// anyOf reports whether one of the methods of that name does, or there is none.
func (s *syncing) anyOf(f *types.Func) bool {
	var all []*types.Func
	for _, b := range s.bodies {
		if b.f.Name() == f.Name() && b.f.Type().(*types.Signature).Recv() != nil {
			all = append(all, b.f)
		}
	}
	for _, other := range all {
		if s.function(other) {
			return true
		}
	}
	return len(all) == 0
}

// synchronizing are the packages of the standard library whose functions and types synchronize, or may call
// what does.
var synchronizing = map[string]bool{"sync": true, "sync/atomic": true, "internal/sync": true, "expvar": true, "runtime": true, "context": true, "reflect": true}

// calling are the functions of package reflect by which what is not seen may be called, or sent.
var calling = map[string]bool{
	"Call": true, "CallSlice": true, "Send": true, "TrySend": true, "Recv": true, "TryRecv": true, "Select": true, "Seq": true, "Seq2": true, "Method": true, "MethodByName": true,
}

// locking are the instructions that synchronize, on processors of several kinds.
var locking = regexp.MustCompile(`(?m)^\s*(LOCK|XCHG|CMPXCHG|XADD|LDA|STL|LDX|STX|LDADD|LDAX|CAS|SWP|DMB|LR[WD]|SC[WD]|AMO|L[LW]ARX|SYNC|LWSYNC|DBAR|FENCE|MFENCE)\w*\b`)

// assembly reports whether a function without a body may: one that the package's own assembly does not
// have is another's by its name.
func (s *syncing) assembly(path, name string) bool {
	of := s.packages[path]
	text := regexp.MustCompile(`(?m)^TEXT\s+·` + regexp.QuoteMeta(name) + `(<\w+>)?\(SB\)`)
	for _, file := range of.SFiles {
		if source, err := os.ReadFile(filepath.Join(of.Dir, file)); err == nil && text.Match(source) {
			return locking.Match(source)
		}
	}
	return true
}

// ofPool reports whether a function is a method of a sync.Pool: what is borrowed there guards nothing.
func ofPool(f *types.Func) bool {
	recv := f.Type().(*types.Signature).Recv()
	return recv != nil && isPool(named(recv.Type()))
}

func isPool(name *types.TypeName) bool {
	return name != nil && name.Name() == "Pool" && name.Pkg() != nil && name.Pkg().Path() == "sync"
}

// node reports whether a part of a function does.
func (s *syncing) node(n ast.Node, info *types.Info) bool {
	switch n := n.(type) {
	case *ast.GoStmt, *ast.SelectStmt, *ast.SendStmt, *ast.ChanType:
		return true
	case *ast.UnaryExpr:
		return n.Op == token.ARROW
	case *ast.RangeStmt:
		_, channel := info.TypeOf(n.X).Underlying().(*types.Chan)
		return channel
	case *ast.Ident:
		switch used := info.Uses[n].(type) {
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
		return !isPool(name) && name.Pkg().Path() != "reflect"
	}
	switch u := t.Underlying().(type) {
	case *types.Chan:
		return true
	case *types.Signature:
		return u.Params().Len() == 0 && u.Results().Len() == 0
	}
	return false
}
