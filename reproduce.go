package mapstress

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/build"
	"github.com/mapstress/mapstress/internal/match"
	"github.com/mapstress/mapstress/internal/reproducer"
	"github.com/mapstress/mapstress/target/methods"
)

// ErrNoReproducer means that a case has something in it that no program of the map's own
// calls can tell.
var ErrNoReproducer = reproducer.ErrCannot

// A Reproducer is a program of one file that fails as a case does: it needs the map's
// module and the standard library.
type Reproducer struct {
	Source []byte
	of     *corpus.Case
	module reproducer.Map
}

// Reproduce writes such a program for a case of a map that is named by a package and an
// expression, of the built-in map or of sync.Map. The error is ErrNoReproducer if there
// can be none.
func Reproduce(ctx context.Context, c *corpus.Case) (*Reproducer, error) {
	m, err := mapOf(ctx, c)
	if err != nil {
		return nil, err
	}
	source, err := reproducer.Write(c, m, nil)
	if err != nil {
		return nil, err
	}
	return &Reproducer{source, c, m}, nil
}

// A Trial is what came of running a reproducer.
type Trial = reproducer.Trial

// Try builds the program as its head tells people to, and starts it five times, or as often
// as there is time for; 0 is no limit. Then the head of Source says how often it failed.
func (r *Reproducer) Try(ctx context.Context, limit time.Duration) (Trial, error) {
	const starts = 5
	t, err := reproducer.Try(ctx, r.Source, r.module, r.of, limit, starts)
	if err == nil {
		r.Source, err = reproducer.Write(r.of, r.module, &t)
	}
	return t, err
}

// mapOf says how a program makes and calls the case's map.
func mapOf(ctx context.Context, c *corpus.Case) (reproducer.Map, error) {
	name := c.Target
	switch name {
	case "map":
		return reproducer.Builtin(), nil
	case "sync.Map":
		name = "sync Map"
	}
	spec, is, err := build.Parse(name)
	if err != nil {
		return reproducer.Map{}, err
	}
	if !is {
		return reproducer.Map{}, fmt.Errorf("%w: %s is a map of mapstress's own, which no other program can import", ErrNoReproducer, name)
	}
	b, err := build.New(ctx, sources, spec)
	if err != nil {
		return reproducer.Map{}, err
	}
	return callsOf(b, b.Report.In(c.Schedule.Shape.Value)), nil
}

// callsOf makes a Map of what a child knows of one, and of the methods that it calls.
func callsOf(b *build.Child, use methods.Choice) reproducer.Map {
	r, a := &b.Report, &b.Adapter
	m := reproducer.Map{
		Package: b.Spec.Package, Version: b.Spec.Version, Expr: a.Expr, Rest: a.Rest, Evicts: r.Evicts,
		Local: b.Local, Root: b.Root, Below: b.Below,
		Key:      typeOf(r.Key, &a.KeyOf),
		Value:    typeOf(r.Value, &a.ValueOf),
		StandIns: a.StandIns(),
		Methods:  map[history.Kind]reproducer.Method{},
	}
	m.Others = maps.Clone(a.Imports)
	maps.Copy(m.Others, a.Others)
	for _, op := range match.Ops {
		chosen := a.Chosen(op, use.Number(op))
		if chosen == nil {
			continue
		}
		method := reproducer.Method{Name: chosen.Name, Signature: chosen.Signature, Code: chosen.Code}
		if kind, err := history.ParseKind(methods.OpName(op)); err == nil {
			m.Methods[kind] = method
		} else {
			switch op {
			case "Close":
				m.Close = method
			case "Put":
				m.Put = method
			case "Remove":
				m.Remove = method
			}
		}
	}
	return m
}

// typeOf is a type of the adapter, which has strings for slices of bytes, and ints for interfaces.
func typeOf(name string, of *match.Type) reproducer.Type {
	if of.StandsIn() {
		return reproducer.Type{Name: "int", Kind: "int"}
	}
	t := reproducer.Type{Name: name, Kind: of.Kind, Of: of}
	if name == "string" {
		t.Kind = name
	}
	return t
}

// ReproducerPath returns where the reproducer of a kept case belongs: beside it.
func ReproducerPath(path string) string {
	return strings.TrimSuffix(path, filepath.Ext(path)) + ".go"
}

// withReproducer writes the reproducer of a finding on somebody's map beside its case. That
// there can be none is no problem; nor is it one of the search.
func withReproducer(ctx context.Context, f *Finding) error {
	if _, is, _ := build.Parse(f.Target); !is || !f.Final || f.Path == "" {
		return nil
	}
	r, err := Reproduce(ctx, f.Case)
	if errors.Is(err, ErrNoReproducer) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reproducer of %s: %w", f.Path, err)
	}
	path := ReproducerPath(f.Path)
	if err := corpus.WriteBeside(path, r.Source); err != nil {
		return err
	}
	f.Reproducer = path
	return nil
}
