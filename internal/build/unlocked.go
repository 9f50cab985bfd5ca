package build

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"go/types"
	"io"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/mapstress/mapstress/internal/match"
)

// unlocked is what is told of a map none of whose methods synchronizes anything. Many that are not
// for concurrent use do not say so, as no type is that does not say that it is.
const unlocked = "none of its methods uses a lock, an atomic or a channel, and nothing says that it is for concurrent use"

// concurrency is any word with which a documentation may speak of it.
var concurrency = regexp.MustCompile(`(?i)concurren|sync|thread|goroutine|parallel|atomic|\block|lock-?free|\brace|\bsafe`)

// byCallers are the words with which it leaves locks to who uses it, of which there must be both.
var byCallers = [...]*regexp.Regexp{
	regexp.MustCompile(`(?i)mutex|\block|synchroni[sz]`),
	regexp.MustCompile(`(?i)\b(wrap|external|callers?|users?|yourself|your own|responsib|protect|guard|must|should|needs?|require|necessary)`),
}

// leaves returns the sentence in which the documentation leaves locks to callers; empty if there is none,
// or it says that the map is safe.
func leaves(d *docs, typeName, expr string) (found string) {
	for _, text := range d.of(typeName, expr) {
		for _, sentence := range sentences(text) {
			if byCallers[0].MatchString(sentence) && byCallers[1].MatchString(sentence) && found == "" {
				found = sentence
			}
			if safely.MatchString(sentence) && !unsafely.MatchString(sentence) {
				return ""
			}
		}
	}
	return found
}

// of returns what is said of a type, of what makes it and of its package.
func (d *docs) of(typeName, expr string) []string {
	texts := []string{d.types[typeName]}
	for name, doc := range d.funcs {
		if regexp.MustCompile(`\b` + name + `\b`).MatchString(expr) {
			texts = append(texts, doc)
		}
	}
	return append(texts, d.pkg)
}

// silent reports whether neither the names nor the documentation of a type, of what makes it and of
// its package have any word of concurrency.
func silent(d *docs, pkg, typeName, expr string) bool {
	for _, text := range append(d.of(typeName, expr), pkg, typeName, expr) {
		if concurrency.MatchString(text) {
			return false
		}
	}
	return true
}

// A compiled package is one as the go command knows it.
type compiled struct {
	ImportPath, Dir           string
	Export                    string // file of what importing it takes
	GoFiles, CgoFiles, SFiles []string
	Standard                  bool
	ImportMap                 map[string]string
}

// allCompiled has a package and all that it imports compiled, and returns them, that one last.
func (g *goCommand) allCompiled(ctx context.Context, dir, pkg string) (all []compiled, err error) {
	out, err := g.run(ctx, dir, "list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles,CgoFiles,SFiles,Standard,ImportMap", "--", pkg)
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
func (c *Child) saysUnlocked(ctx context.Context, p place, dir, typeName string, held match.Dynamic) string {
	if c.Local && strings.HasPrefix(dir+string(filepath.Separator), c.Root+string(filepath.Separator)) {
		return ""
	}
	d := readDocs(dir)
	says := unlocked
	if !silent(&d, c.Spec.Package, typeName, c.Adapter.Expr) {
		says = leaves(&d, typeName, c.Adapter.Expr)
	}
	if typeName == "" || says == "" {
		return ""
	}
	if held.Path == "" {
		held = match.Dynamic{Path: c.Spec.Package, Name: typeName}
	} else if held.Path == c.Spec.Package && concurrency.MatchString(held.Name+" "+d.types[held.Name]+d.hidden[held.Name]) {
		return ""
	}
	all, err := p.compiled(ctx, c.Spec.Package)
	if err != nil {
		return ""
	}
	if syncs, err := synchronizes(all, held); syncs || err != nil {
		return ""
	}
	return says
}

// synchronizes reports whether a method of a type of one of the packages may synchronize
// something, itself or by what it calls: all that is not seen to do nothing of that kind. A
// copy does not count: two copies may share what they synchronize, and each be for one caller.
func synchronizes(all []compiled, of match.Dynamic) (bool, error) {
	s := newSyncing(all)
	pkg, err := s.load(of.Path)
	if err != nil {
		return true, err
	}
	name, ok := pkg.Scope().Lookup(of.Name).(*types.TypeName)
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
