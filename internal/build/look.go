package build

import (
	"fmt"
	"strings"
)

// made is an expression that makes the map. What is wrong with it the compiler says of a file
// of the name "expression", and stacks have what is behind it in one of the name "adapter".
func made(expr string) string {
	return "first(/*line expression:1:1*/" + expr + "/*line adapter:1:1*/)"
}

// firstSource is what made needs. An error among the other values is a panic.
const firstSource = `
func first[T any](x T, rest ...any) T {
	for _, r := range rest {
		if err, ok := r.(error); ok {
			panic(err)
		}
	}
	return x
}
`

// look is a program that writes what the map's type is, as a match.Map, to the file that is
// its argument.
func look(imports []string, expr, within string) string {
	return fmt.Sprintf("package main\n\nimport (\n%s)\n", lines(append([]string{
		`mapstressjson "encoding/json"`, `mapstressos "os"`, `mapstressreflect "reflect"`, `mapstressregexp "regexp"`, `mapstressstrings "strings"`, `mapstressurl "net/url"`,
	}, imports...))) + strings.Replace(firstSource, "\tfor ", "\tnote(rest)\n\tfor ", 1) + lookSource + fmt.Sprintf("\n// within is the tree that the program is in.\nconst within = %q\n\nfunc main() {\n\tm := %s\n\twrite(&m)\n}\n", within, made(expr))
}

func lines(all []string) string {
	return "\t" + strings.Join(all, "\n\t") + "\n"
}

const lookSource = `
type (
	typ struct {
		Text               string
		Kind               string
		Comparable, Hidden bool
		Elem, Key          *typ
		Len                int
		In, Out            []typ
		Fields, Getters    []field
	}
	field struct {
		Name string
		Type typ
	}
	method struct {
		Name     string
		In, Out  []typ
		Variadic bool
	}
)

// imports are the names of the packages by their paths.
var imports = map[string]string{}

var qualified = mapstressregexp.MustCompile("[^][,* ()]+\\.[A-Za-z_]\\w*")

// named spells a type of a package. Within the brackets of a generic one there are whole
// paths.
func named(t mapstressreflect.Type) (text string, hidden bool) {
	pkg, _, _ := mapstressstrings.Cut(mapstressstrings.TrimLeft(t.String(), "*"), ".")
	base, args, generic := mapstressstrings.Cut(t.Name(), "[")
	text = use(t.PkgPath(), pkg) + "." + base
	hidden = base[0] < 'A' || base[0] > 'Z' || elsewhere(t.PkgPath())
	if generic {
		args = qualified.ReplaceAllStringFunc(args, func(q string) string {
			dot := mapstressstrings.LastIndex(q, ".")
			path, err := mapstressurl.PathUnescape(q[:dot])
			if err != nil {
				path = q[:dot]
			}
			if c := q[dot+1]; c < 'A' || c > 'Z' || elsewhere(path) {
				hidden = true
			}
			return use(path, path[mapstressstrings.LastIndex(path, "/")+1:]) + q[dot:]
		})
		text += "[" + args
	}
	return text, hidden
}

// elsewhere reports whether a package is internal to another tree than this program's.
func elsewhere(path string) bool {
	i := mapstressstrings.LastIndex("/"+path+"/", "/internal/")
	return i >= 0 && !mapstressstrings.HasPrefix(within+"/", path[:max(i-1, 0)]+"/")
}

// use returns the name by which a package is imported.
func use(path, name string) string {
	if known, ok := imports[path]; ok {
		return known
	}
	name = mapstressregexp.MustCompile("\\W").ReplaceAllString(name, "_")
	for taken := true; taken; {
		taken = false
		for _, other := range imports {
			if other == name {
				name, taken = name+"_", true
			}
		}
	}
	imports[path] = name
	return name
}

// describe describes a type, as deep as it goes.
func describe(t mapstressreflect.Type, depth int) (d typ) {
	d = typ{Kind: t.Kind().String(), Comparable: t.Comparable()}
	part := func(t mapstressreflect.Type) typ {
		p := describe(t, depth-1)
		d.Hidden = d.Hidden || p.Hidden || p.Text == "any" && t.Name() != ""
		return p
	}
	if depth > 0 {
		switch t.Kind() {
		case mapstressreflect.Pointer, mapstressreflect.Slice, mapstressreflect.Array, mapstressreflect.Chan:
			e := part(t.Elem())
			d.Elem = &e
			if t.Kind() == mapstressreflect.Array {
				d.Len = t.Len()
			}
		case mapstressreflect.Map:
			k, e := part(t.Key()), part(t.Elem())
			d.Key, d.Elem = &k, &e
		case mapstressreflect.Func:
			for i := 0; i < t.NumIn(); i++ {
				d.In = append(d.In, part(t.In(i)))
			}
			for i := 0; i < t.NumOut(); i++ {
				d.Out = append(d.Out, part(t.Out(i)))
			}
		case mapstressreflect.Struct:
			for i := 0; i < t.NumField(); i++ {
				if f := t.Field(i); f.IsExported() {
					d.Fields = append(d.Fields, field{f.Name, describe(f.Type, depth-2)})
				}
			}
		}
		skip := 1
		if t.Kind() == mapstressreflect.Interface {
			skip = 0
		}
		for i := 0; i < t.NumMethod(); i++ {
			if m := t.Method(i); m.Type.NumIn() == skip && m.Type.NumOut() == 1 && m.IsExported() {
				d.Getters = append(d.Getters, field{m.Name, describe(m.Type.Out(0), depth-2)})
			}
		}
	}
	switch {
	case t.Name() != "" && t.PkgPath() == "":
		d.Text, d.Hidden = t.Name(), false
	case t.Name() != "":
		if d.Text, d.Hidden = "any", false; t.Kind() != mapstressreflect.Interface || t.NumMethod() > 0 {
			d.Text, d.Hidden = named(t)
		} // or else one can be assigned to the other
	case d.Elem != nil && t.Kind() == mapstressreflect.Pointer:
		d.Text = "*" + d.Elem.Text
	case d.Elem != nil && t.Kind() == mapstressreflect.Slice:
		d.Text = "[]" + d.Elem.Text
	case d.Elem != nil && t.Kind() == mapstressreflect.Chan:
		d.Text = t.ChanDir().String() + " " + d.Elem.Text
	case d.Elem != nil && t.Kind() == mapstressreflect.Map:
		d.Text = "map[" + d.Key.Text + "]" + d.Elem.Text
	case t.Kind() == mapstressreflect.Interface && t.NumMethod() == 0:
		d.Text = "any"
	case t.Kind() == mapstressreflect.Struct && t.NumField() == 0:
		d.Text = "struct{}"
	case t.Kind() == mapstressreflect.Func && depth > 0:
		d.Text = "func(" + list(d.In) + ") (" + list(d.Out) + ")"
		d.Hidden = d.Hidden || t.IsVariadic()
	default:
		d.Text = t.String()
		if t.Kind() == mapstressreflect.Pointer && t.Elem().Name() != "" && t.Elem().PkgPath() != "" {
			text, _ := named(t.Elem())
			d.Text = "*" + text
		}
		d.Hidden = d.Hidden || t.Kind() != mapstressreflect.Pointer && t.Kind() != mapstressreflect.Array
	}
	return d
}

func list(types []typ) string {
	var all []string
	for _, t := range types {
		all = append(all, t.Text)
	}
	return mapstressstrings.Join(all, ", ")
}

// beside are the values that the expression has beside the map, as match.Map's Rest tells them.
var beside []string

func note(rest []any) {
	for _, r := range rest {
		what := ""
		t := mapstressreflect.TypeOf(r)
		failure := mapstressreflect.TypeOf((*error)(nil)).Elem()
		switch {
		case t == nil || t.Implements(failure):
			what = "err"
		case t.Kind() == mapstressreflect.Func && t.NumIn() == 0 && (t.NumOut() == 0 || t.NumOut() == 1 && t.Out(0) == failure):
			what = "stop"
		}
		beside = append(beside, what)
	}
}

// write describes what x points to.
func write(x any) {
	t := mapstressreflect.TypeOf(x).Elem()
	found, skip := t, 1 // a receiver
	if t.Kind() == mapstressreflect.Interface {
		skip = 0
	} else if t.Kind() != mapstressreflect.Pointer {
		found = mapstressreflect.PointerTo(t)
	}
	methods := []method{}
	for i := 0; i < found.NumMethod(); i++ {
		m := found.Method(i)
		if !m.IsExported() { // of an interface
			continue
		}
		out := method{Name: m.Name, Variadic: m.Type.IsVariadic()}
		for n := skip; n < m.Type.NumIn(); n++ {
			out.In = append(out.In, describe(m.Type.In(n), 5))
		}
		for n := 0; n < m.Type.NumOut(); n++ {
			out.Out = append(out.Out, describe(m.Type.Out(n), 5))
		}
		methods = append(methods, out)
	}
	var dynamic struct{ Path, Name string }
	if v := mapstressreflect.ValueOf(x).Elem(); v.Kind() == mapstressreflect.Interface && !v.IsNil() {
		held := v.Elem().Type()
		if held.Kind() == mapstressreflect.Pointer {
			held = held.Elem()
		}
		name, _, _ := mapstressstrings.Cut(held.Name(), "[")
		dynamic.Path, dynamic.Name = held.PkgPath(), name
	}
	body, err := mapstressjson.Marshal(struct {
		Type    typ
		Methods []method
		Imports map[string]string
		Rest    []string
		Dynamic any
	}{describe(t, 1), methods, imports, beside, dynamic})
	if err == nil {
		err = mapstressos.WriteFile(mapstressos.Args[1], body, 0o666)
	}
	if err != nil {
		panic(err)
	}
}
`
