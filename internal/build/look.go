package build

import (
	"fmt"
	"strings"

	"github.com/mapstress/mapstress/internal/match"
)

// made is an expression that makes the map. What is wrong with it the compiler says of a file
// of the name "expression", and stacks have what is behind it in one of the name "adapter".
func made(expr string) string {
	return "firstOf(/*line expression:1:1*/" + expr + "/*line adapter:1:1*/)"
}

// firstSource is what made needs. A package of Go has no capitals in its name, so that functions and
// variables of what is written here have some: the expression may name any package.
// An error among the other values is a panic.
const firstSource = `
func firstOf[T any](x T, rest ...any) T {
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
	}, imports...))) + strings.Replace(firstSource, "\tfor ", "\tnoteRest(rest)\n\tfor ", 1) + lookSource + fmt.Sprintf(`
// withinTree is the tree that the program is in.
const withinTree = %q

// localNames are those that a package must not have where its types are named.
const localNames = %q

func main() {
	m := %s
	writeMap(&m)
}
`, within, " "+strings.Join(match.Locals, " ")+" ", made(expr))
}

func lines(all []string) string {
	return "\t" + strings.Join(all, "\n\t") + "\n"
}

const lookSource = `
type (
	ownType struct {
		Text               string
		Kind               string
		Comparable, Hidden bool
		Elem, Key          *ownType
		Len                int
		In, Out            []ownType
		Fields, Getters    []ownField
		Methods            []ownMethod
		Sealed             bool
	}
	ownField struct {
		Name string
		Type ownType
	}
	ownMethod struct {
		Name     string
		In, Out  []ownType
		Variadic bool
	}
)

// importNames are the names of the packages by their paths.
var importNames = map[string]string{}

var qualifiedName = mapstressregexp.MustCompile("[^][,* ()]+\\.[A-Za-z_]\\w*")

// spellNamed spells a type of a package. Within the brackets of a generic one there are whole
// paths.
func spellNamed(t mapstressreflect.Type) (text string, hidden bool) {
	pkg, _, _ := mapstressstrings.Cut(mapstressstrings.TrimLeft(t.String(), "*"), ".")
	base, args, generic := mapstressstrings.Cut(t.Name(), "[")
	text = importName(t.PkgPath(), pkg) + "." + base
	hidden = base[0] < 'A' || base[0] > 'Z' || isElsewhere(t.PkgPath())
	if generic {
		args = qualifiedName.ReplaceAllStringFunc(args, func(q string) string {
			dot := mapstressstrings.LastIndex(q, ".")
			path, err := mapstressurl.PathUnescape(q[:dot])
			if err != nil {
				path = q[:dot]
			}
			if c := q[dot+1]; c < 'A' || c > 'Z' || isElsewhere(path) {
				hidden = true
			}
			return importName(path, path[mapstressstrings.LastIndex(path, "/")+1:]) + q[dot:]
		})
		text += "[" + args
	}
	return text, hidden
}

// isElsewhere reports whether a package is internal to another tree than this program's.
func isElsewhere(path string) bool {
	i := mapstressstrings.LastIndex("/"+path+"/", "/internal/")
	return i >= 0 && !mapstressstrings.HasPrefix(withinTree+"/", path[:max(i-1, 0)]+"/")
}

// importName returns the name by which a package is imported.
func importName(path, name string) string {
	if known, ok := importNames[path]; ok {
		return known
	}
	name = mapstressregexp.MustCompile("\\W").ReplaceAllString(name, "_")
	for taken := true; taken; {
		taken = mapstressstrings.Contains(localNames, " "+name+" ")
		if taken {
			name += "_"
		}
		for _, other := range importNames {
			if other == name {
				name, taken = name+"_", true
			}
		}
	}
	importNames[path] = name
	return name
}

// deepestType is how deep the types of a method are described.
const deepestType = 5

// describeMethod describes a method that has some arguments more, such as a receiver.
func describeMethod(m mapstressreflect.Method, skip, depth int) ownMethod {
	out := ownMethod{Name: m.Name, Variadic: m.Type.IsVariadic()}
	for n := skip; n < m.Type.NumIn(); n++ {
		out.In = append(out.In, describeType(m.Type.In(n), depth))
	}
	for n := 0; n < m.Type.NumOut(); n++ {
		out.Out = append(out.Out, describeType(m.Type.Out(n), depth))
	}
	return out
}

// describeType describes a type, as deep as it goes.
func describeType(t mapstressreflect.Type, depth int) (d ownType) {
	d = ownType{Kind: t.Kind().String(), Comparable: t.Comparable()}
	part := func(t mapstressreflect.Type) ownType {
		p := describeType(t, depth-1)
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
					d.Fields = append(d.Fields, ownField{f.Name, describeType(f.Type, depth-2)})
				}
			}
		}
		skip := 1
		if t.Kind() == mapstressreflect.Interface {
			skip = 0
		}
		if depth > deepestType-2 && t.Kind() == mapstressreflect.Interface {
			for i := 0; i < t.NumMethod(); i++ {
				d.Sealed = d.Sealed || !t.Method(i).IsExported()
				d.Methods = append(d.Methods, describeMethod(t.Method(i), 0, depth-3))
			}
		}
		for i := 0; i < t.NumMethod(); i++ {
			if m := t.Method(i); m.Type.NumIn() == skip && m.Type.NumOut() == 1 && m.IsExported() {
				d.Getters = append(d.Getters, ownField{m.Name, describeType(m.Type.Out(0), depth-2)})
			}
		}
	}
	switch {
	case t.Name() != "" && t.PkgPath() == "":
		d.Text, d.Hidden = t.Name(), false
	case t.Name() != "":
		if d.Text, d.Hidden = "any", false; t.Kind() != mapstressreflect.Interface || t.NumMethod() > 0 {
			d.Text, d.Hidden = spellNamed(t)
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
		d.Text = "func(" + joinTypes(d.In) + ") (" + joinTypes(d.Out) + ")"
		d.Hidden = d.Hidden || t.IsVariadic()
	default:
		d.Text = t.String()
		if t.Kind() == mapstressreflect.Pointer && t.Elem().Name() != "" && t.Elem().PkgPath() != "" {
			text, _ := spellNamed(t.Elem())
			d.Text = "*" + text
		}
		d.Hidden = d.Hidden || t.Kind() != mapstressreflect.Pointer && t.Kind() != mapstressreflect.Array
	}
	return d
}

func joinTypes(types []ownType) string {
	var all []string
	for _, t := range types {
		all = append(all, t.Text)
	}
	return mapstressstrings.Join(all, ", ")
}

// besideMap are the values that the expression has beside the map, as match.Map's Rest tells them.
var besideMap []string

func noteRest(rest []any) {
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
		besideMap = append(besideMap, what)
	}
}

// writeMap describes what x points to.
func writeMap(x any) {
	t := mapstressreflect.TypeOf(x).Elem()
	found, skip := t, 1 // a receiver
	if t.Kind() == mapstressreflect.Interface {
		skip = 0
	} else if t.Kind() != mapstressreflect.Pointer {
		found = mapstressreflect.PointerTo(t)
	}
	methods := []ownMethod{}
	for i := 0; i < found.NumMethod(); i++ {
		m := found.Method(i)
		if !m.IsExported() { // of an interface
			continue
		}
		methods = append(methods, describeMethod(m, skip, deepestType))
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
		Type    ownType
		Methods []ownMethod
		Imports map[string]string
		Rest    []string
		Dynamic any
	}{describeType(t, 1), methods, importNames, besideMap, dynamic})
	if err == nil {
		err = mapstressos.WriteFile(mapstressos.Args[1], body, 0o666)
	}
	if err != nil {
		panic(err)
	}
}
`
