package match

import (
	"strings"
	"testing"
)

// TestStandIns: which interfaces the adapter has a type of its own for.
func TestStandIns(t *testing.T) {
	named := func(methods ...Method) Type {
		return Type{Text: "app.Plugin", Kind: "interface", Comparable: true, Methods: methods}
	}
	name := Method{Name: "Name", Out: types(str)}
	run := Method{Name: "Run", In: types(Type{Text: "io.Writer", Kind: "interface"}, slice(str)), Out: types(number, failure), Variadic: true}
	sealed := named(name)
	sealed.Sealed = true
	for _, test := range []struct {
		what string
		of   Type
		want bool
	}{
		{"plain answers", named(name, run), true},
		{"the empty interface", Type{Text: "any", Kind: "interface"}, false},
		{"a method that is not exported", sealed, false},
		{"a pointer among the answers", named(name, Method{Name: "Parent", Out: types(pointer(str))}), false},
		{"a channel among the answers", named(Method{Name: "Done", Out: types(Type{Text: "<-chan int", Kind: "chan"})}), false},
		{"an interface among the answers", named(Method{Name: "Context", Out: types(Type{Text: "context.Context", Kind: "interface"})}), false},
		{"an argument that cannot be named", named(Method{Name: "Set", In: types(Type{Text: "app.option", Kind: "struct", Hidden: true})}), false},
		{"no interface", str, false},
	} {
		if got := test.of.StandsIn(); got != test.want {
			t.Errorf("%s: %v; want %v", test.what, got, test.want)
		}
	}

	plugin := named(name, run)
	a, err := Match(&Map{Type: Type{Text: "*app.Registry"}, Methods: []Method{
		{Name: "Register", In: types(str, plugin)},
		{Name: "Get", In: types(str), Out: types(plugin)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	source := a.StandIns()
	for _, want := range []string{
		"type standInValue struct{ number int }",
		"func (standInValue) Name() (_ string) { return }",
		"func (standInValue) Run(io.Writer, ...string) (_ int, _ error) { return }",
		"func aValue(number int) app.Plugin {",
	} {
		if !strings.Contains(source, want) {
			t.Errorf("%s\nlacks %s", source, want)
		}
	}
	if load := a.Chosen("Load", 1).Code; a.Value != "int" || !strings.Contains(load, "v, ok = itsValue(x), true") {
		t.Errorf("values are %s, a load is %s", a.Value, load)
	}
	if store := a.Chosen("Store", 1).Code; store != "func(k string, v int) { m.Register(k, aValue(v)) }" {
		t.Errorf("a store is %s", store)
	}
}
