package build

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// prelude imports the map's package by its own names, and has what makes a map: the first
// value of the expression, or its address where that has more methods.
const prelude = `package main

import (
	. %q
%s)

func first[T any](x T, _ ...any) T { return x }

func makeMap() any {
	m := first(%s)
	if address := any(&m); reflect.TypeOf(address).NumMethod() > reflect.TypeOf(m).NumMethod() {
		return address
	}
	return m
}
`

// look is a program that says of which types the map is.
func look(s Spec, expr string) string {
	return fmt.Sprintf(prelude, s.Package, "\t\"encoding/json\"\n\t\"fmt\"\n\t\"os\"\n\t\"reflect\"\n", expr) +
		fmt.Sprintf("\nconst mapPackage = %q\n", s.Package) + `
// spell writes a type as the source of another program would.
func spell(t reflect.Type) string {
	switch {
	case t.Name() != "" && t.PkgPath() == "":
		return t.Name()
	case t.PkgPath() == mapPackage:
		return t.Name()
	case t.Name() != "":
		return t.PkgPath() + "." + t.Name()
	case t.Kind() == reflect.Pointer:
		return "*" + spell(t.Elem())
	case t.Kind() == reflect.Array:
		return fmt.Sprintf("[%d]%s", t.Len(), spell(t.Elem()))
	}
	return t.String()
}

func main() {
	methods := map[string][2][]string{}
	t := reflect.TypeOf(makeMap())
	for i := range t.NumMethod() {
		m := t.Method(i)
		var inOut [2][]string
		for n := 1; n < m.Type.NumIn(); n++ {
			inOut[0] = append(inOut[0], spell(m.Type.In(n)))
		}
		for n := range m.Type.NumOut() {
			inOut[1] = append(inOut[1], spell(m.Type.Out(n)))
		}
		methods[m.Name] = inOut
	}
	json.NewEncoder(os.Stdout).Encode(methods)
}
`
}

// serve is the child. Asked to explain itself it says what it made of the methods.
func serve(s Spec, expr, key, value string) string {
	return fmt.Sprintf(prelude, s.Package, `	"encoding/json"
	"fmt"
	"os"
	"reflect"

	"github.com/mapstress/mapstress/internal/child/serve"
	"github.com/mapstress/mapstress/target"
	"github.com/mapstress/mapstress/target/methods"
`, expr) + fmt.Sprintf(`
func main() {
	t, report, err := methods.Target[%s, %s](%q, makeMap)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if serve.Requested() {
		serve.Main([]target.Target{t})
	}
	report.Source.Expr = %q
	json.NewEncoder(os.Stdout).Encode(report)
}
`, key, value, s.String(), expr)
}

// types finds the types of keys and values in the methods that a look found.
func types(seen []byte) (key, value string, err error) {
	var methods map[string][2][]string
	if err := json.Unmarshal(seen, &methods); err != nil {
		return "", "", fmt.Errorf("read what the map's methods are: %w", err)
	}
	for _, name := range []string{"Load", "Get", "Lookup", "Find", "Peek"} {
		if m := methods[name]; len(m[0]) == 1 && len(m[1]) == 2 && (m[1][1] == "bool" || m[1][1] == "error") {
			return plain(m[0][0]), plain(m[1][0]), nil
		}
	}
	for _, name := range []string{"Store", "Set", "Put", "Insert"} {
		if m := methods[name]; len(m[0]) >= 2 {
			return plain(m[0][0]), plain(m[0][1]), nil
		}
	}
	var names []string
	for name := range methods {
		names = append(names, name)
	}
	slices.Sort(names)
	return "", "", fmt.Errorf("no method that reads or stores; it has %s", strings.Join(names, ", "))
}

// plain spells the empty interface as any.
func plain(t string) string {
	if t == "interface {}" {
		return "any"
	}
	return t
}
