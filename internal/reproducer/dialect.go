package reproducer

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"maps"
	"slices"
	"strings"

	"github.com/mapstress/mapstress/history"
)

// A dialect is how a program calls a map m.
type dialect interface {
	// call returns statements that call the op, and keep its answer in the variable of
	// that name, which is an entry; and the call for people to read.
	call(op history.Op, answer string) (statements, text string, err error)
	// insert, remove and load return statements for the key and value of a code in a
	// variable, which load keeps in the variable end.
	insert(n string) (string, error)
	remove(n string) (string, error)
	load(n string) (string, error)
	// each returns a loop over all entries, k and v, up to its brace; and what ends it.
	each(values bool) (begin, end string, err error)
	length() (string, error)
	close() string
	// functions declares what a body calls beside the map's own methods.
	functions(body string) string
}

func dialectOf(m Map, uses map[string]bool) (dialect, error) {
	key, value := m.Key.named(), m.Value.named()
	if err := key.known("key"); err != nil {
		return nil, err
	}
	if err := value.known("value"); err != nil {
		return nil, err
	}
	if m.Package == "" {
		return &plain{key, value, uses}, nil
	}
	d := &methods{m: m, key: key, value: value, uses: uses, of: map[history.Kind]signature{}, told: map[history.Kind]signature{}}
	for _, kind := range slices.Sorted(maps.Keys(m.Methods)) {
		method := m.Methods[kind]
		s, err := parse(method)
		switch {
		case err == nil && (method.Code == "" || d.plainly(kind, s)):
			d.of[kind] = s
		case method.Code != "":
			d.of[kind] = d.adapted(kind, method)
		}
	}
	for kind, method := range map[history.Kind]Method{history.Store: m.Put, history.Delete: m.Remove} {
		if method.Code != "" {
			s := d.adapted(kind, method)
			s.out, s.adapted = []string{"bool"}, method.Signature == ""
			d.told[kind] = s
		}
	}
	return d, nil
}

// A signature is a method's parameters and results, as types.
type signature struct {
	name     string
	call     string // "m.Get"; or a function of the program's, whose source is code
	code     string
	in, out  []string
	variadic bool
	context  bool // it takes one before all else
	adapted  bool // what the method itself answers has another meaning
}

func parse(m Method) (s signature, err error) {
	expr, err := parser.ParseExpr(m.Signature)
	f, ok := expr.(*ast.FuncType)
	if err != nil || !ok {
		return s, fmt.Errorf("the signature of %s, %q", m.Name, m.Signature)
	}
	s.name, s.call = m.Name, "m."+m.Name
	spell := func(e ast.Expr) string {
		if dots, ok := e.(*ast.Ellipsis); ok {
			s.variadic, e = true, dots.Elt
		}
		var b strings.Builder
		_ = printer.Fprint(&b, token.NewFileSet(), e) // a Builder takes it all
		return strings.NewReplacer("interface{}", "any", "struct{}", nothing).Replace(b.String())
	}
	for _, field := range f.Params.List {
		s.in = append(s.in, spell(field.Type))
	}
	if s.context = len(s.in) > 0 && s.in[0] == "context.Context"; s.context {
		s.in = s.in[1:]
	}
	if f.Results != nil {
		for _, field := range f.Results.List {
			s.out = append(s.out, spell(field.Type))
		}
	}
	return s, nil
}

// zero returns the source of a type's zero value, for parameters that are neither key nor
// value, but for a time, which keeps an entry.
func zero(t string) (string, error) {
	switch {
	case t == "bool":
		return "false", nil
	case t == "string":
		return `""`, nil
	case strings.HasPrefix(t, "int"), strings.HasPrefix(t, "uint"), strings.HasPrefix(t, "float"):
		return "0", nil
	case t == "time.Duration":
		return "24*time.Hour", nil
	case strings.HasPrefix(t, "*"), strings.HasPrefix(t, "func("), strings.HasPrefix(t, "[]"), strings.HasPrefix(t, "map["), t == "any", t == "error":
		return "nil", nil
	}
	return "", fmt.Errorf("a parameter of type %s", t)
}

// methods is the dialect of maps with methods.
type methods struct {
	m          Map
	key, value Type
	uses       map[string]bool
	of         map[history.Kind]signature
	told       map[history.Kind]signature // functions that store or delete, and answer whether there was something
}

// needs returns the method that serves for a kind, with that many of the given arguments,
// and zero values for what it takes beside.
func (d *methods) needs(kind history.Kind, args ...string) (s signature, call string, err error) {
	s, ok := d.of[kind]
	if !ok {
		return s, "", fmt.Errorf("a call of %s", kind)
	}
	in := s.in
	if s.variadic && len(in) > len(args) {
		in = in[:len(in)-1]
	}
	if len(in) < len(args) {
		return s, "", fmt.Errorf("a call of %s with %d operands", s.name, len(args))
	}
	for _, t := range in[len(args):] {
		z, err := zero(t)
		if err != nil {
			return s, "", fmt.Errorf("a call of %s: %w", s.name, err)
		}
		args = append(args, z)
	}
	return s, s.calls(args...), nil
}

func (s *signature) calls(args ...string) string {
	if s.context {
		args = append([]string{"context.Background()"}, args...)
	}
	return s.call + "(" + strings.Join(args, ", ") + ")"
}

// answered returns the statement that keeps what a call answers as an entry.
func (d *methods) answered(s signature, call, answer string) (string, error) {
	switch {
	case slices.Equal(s.out, []string{d.value.Name, "bool"}):
		return fmt.Sprintf("%s.v, %s.ok = %s\n", answer, answer, call), nil
	case slices.Equal(s.out, []string{d.value.Name, "error"}):
		d.uses["found"] = true
		return fmt.Sprintf("%s = found(%s)\n", answer, call), nil
	}
	return "", fmt.Errorf("what %s answers: %s", s.name, strings.Join(s.out, ", "))
}

func (d *methods) call(op history.Op, answer string) (statements, text string, err error) {
	key, value, old := d.key.literal("key", op.Key), d.value.literal("value", op.Value), d.value.literal("value", op.Old)
	var s signature
	switch op.Kind {
	case history.Store, history.Delete:
		args := []string{key, value}
		if op.Kind == history.Delete {
			args = args[:1]
		}
		if s, text, err = d.needs(op.Kind, args...); err == nil && answer != "" {
			return d.tells(op.Kind, s, text, args, answer)
		}
		return text + "\n", text, err
	case history.Clear:
		_, text, err = d.needs(op.Kind)
		return text + "\n", text, err
	case history.Load, history.LoadAndDelete:
		s, text, err = d.needs(op.Kind, key)
	case history.LoadOrStore, history.Swap:
		s, text, err = d.needs(op.Kind, key, value)
	case history.CompareAndSwap, history.CompareAndDelete:
		args := []string{key, old, value}
		if op.Kind == history.CompareAndDelete {
			args = args[:2]
		}
		if s, text, err = d.needs(op.Kind, args...); err == nil && !slices.Equal(s.out, []string{"bool"}) {
			err = fmt.Errorf("what %s answers", s.name)
		}
		return fmt.Sprintf("%s.ok = %s\n", answer, text), text, err
	case history.Compute:
		return d.compute(key, value, answer)
	case history.Increment:
		return d.increment(key)
	default:
		return "", "", fmt.Errorf("a call of %s", op.Kind)
	}
	if err != nil {
		return "", "", err
	}
	statements, err = d.answered(s, text, answer)
	return statements, text, err
}

// tells returns the statements of a store or a delete whose answer is kept.
func (d *methods) tells(kind history.Kind, s signature, call string, args []string, answer string) (statements, text string, err error) {
	told, known := d.told[kind]
	switch {
	case told.adapted:
	case slices.Equal(s.out, []string{"bool"}):
		return fmt.Sprintf("%s.ok = %s\n", answer, call), call, nil
	case slices.Equal(s.out, []string{"error"}):
		return fmt.Sprintf("%s.ok = %s == nil\n", answer, call), call, nil
	case !known:
		return "", "", fmt.Errorf("what %s answers", s.name)
	}
	call = told.calls(args...)
	return fmt.Sprintf("%s.ok = %s\n", answer, call), call, nil
}

// callback returns the head of the function that Compute takes, if it is of the usual form.
func (d *methods) callback() (name, head string, err error) {
	s, ok := d.of[history.Compute]
	k, v := d.key.Name, d.value.Name
	if !ok || !slices.Equal(s.in, []string{k, fmt.Sprintf("func(%s, bool) (%s, bool)", v, v)}) {
		return "", "", errors.New("a call of compute")
	}
	return s.call, fmt.Sprintf("func(old %s, loaded bool) (%s, bool) {\n", v, v), nil
}

func (d *methods) compute(key, value, answer string) (statements, text string, err error) {
	name, head, err := d.callback()
	text = fmt.Sprintf("%s(%s, ... %s)", name, key, value)
	statements = fmt.Sprintf("%s(%s, %s%s.v, %s.ok = old, loaded\n%s.calls++\nreturn %s, false\n})\n", name, key, head, answer, answer, answer, value)
	d.uses["calls"] = true
	return statements, text, err
}

func (d *methods) increment(key string) (statements, text string, err error) {
	if !slices.Contains([]string{"int", "int32", "int64", "uint", "uint32", "uint64", "uintptr", "float64"}, d.value.Kind) {
		return "", "", fmt.Errorf("an increment of a value of type %s", d.value.Name)
	}
	name, head, err := d.callback()
	text = fmt.Sprintf("%s(%s, ... + 1)", name, key)
	return fmt.Sprintf("%s(%s, %sreturn old + 1, false\n})\n", name, key, head), text, err
}

func (d *methods) insert(n string) (string, error) {
	key, value := d.key.of(n, "key", d.uses), d.value.of(n, "value", d.uses)
	for _, kind := range []history.Kind{history.Store, history.Swap, history.LoadOrStore} {
		if _, call, err := d.needs(kind, key, value); err == nil {
			return call + "\n", nil
		}
	}
	name, head, err := d.callback()
	if err != nil {
		return "", errors.New("a prefill of a map with no method that inserts")
	}
	return fmt.Sprintf("%s(%s, %sreturn %s, false\n})\n", name, key, head, value), nil
}

func (d *methods) remove(n string) (string, error) {
	key := d.key.of(n, "key", d.uses)
	for _, kind := range []history.Kind{history.Delete, history.LoadAndDelete} {
		if _, call, err := d.needs(kind, key); err == nil {
			return call + "\n", nil
		}
	}
	return "", errors.New("a peak of a map with no method that deletes")
}

func (d *methods) load(n string) (string, error) {
	s, call, err := d.needs(history.Load, d.key.of(n, "key", d.uses))
	if err != nil {
		return "", err
	}
	return d.answered(s, call, "end")
}

func (d *methods) each(values bool) (begin, end string, err error) {
	s, ok := d.of[history.Range]
	k, v := d.key.Name, d.value.Name
	name := "v"
	if !values {
		name = "_"
	}
	head := fmt.Sprintf("func(k %s, %s %s) bool {\n", k, name, v)
	loop := "for k := range "
	if values {
		loop = "for k, v := range "
	}
	switch {
	case !ok:
	case d.visits(s):
		return strings.TrimSuffix(s.calls(""), ")") + head, "return true\n})\n", nil
	case d.maps(s):
		return loop + s.calls() + " {\n", "}\n", nil
	case d.iterates(s):
		return s.calls() + "(" + head, "return true\n})\n", nil
	}
	return "", "", errors.New("a call of range")
}

// visits, maps and iterates report whether a Range is of such a form.
func (d *methods) visits(s signature) bool { return slices.Equal(s.in, d.types("R")) }

func (d *methods) maps(s signature) bool {
	return len(s.in) == 0 && slices.Equal(s.out, []string{fmt.Sprintf("map[%s]%s", d.key.Name, d.value.Name)})
}

func (d *methods) iterates(s signature) bool {
	return len(s.in) == 0 && len(s.out) == 1 &&
		(s.out[0] == "func("+d.types("R")[0]+")" || s.out[0] == fmt.Sprintf("iter.Seq2[%s, %s]", d.key.Name, d.value.Name))
}

func (d *methods) length() (string, error) {
	s, call, err := d.needs(history.Len)
	if err == nil && !slices.Equal(s.out, []string{"int"}) {
		call = "int(" + call + ")"
	}
	return call, err
}

func (d *methods) close() string {
	if d.m.Close.Name == "" {
		return ""
	}
	return "m." + d.m.Close.Name + "()\n"
}
