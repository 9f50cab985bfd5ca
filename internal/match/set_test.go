package match

import (
	"go/parser"
	"slices"
	"strings"
	"testing"
)

// TestSet: what the methods of a set are taken for, which have no values.
func TestSet(t *testing.T) {
	add := Method{Name: "Add", In: types(str), Out: types(boolean)}
	for _, test := range []struct {
		method Method
		op     string
		want   []string
	}{
		{add, "Store", []string{"func(k string, _ struct{}) { m.Add(k) }"}},
		{add, "LoadOrStore", []string{"yes := m.Add(k)\nreturn v, !yes", "yes := m.Add(k)\nreturn v, yes"}},
		{Method{Name: "Put", In: types(ctx, str), Out: types(boolean, failure)}, "Swap", []string{"yes, _ := m.Put(context.Background(), k)\nreturn v, !yes", "return v, yes"}},
		{Method{Name: "Insert", In: types(str), Out: types(failure)}, "LoadOrStore", []string{"return v, m.Insert(k) != nil"}},
		{Method{Name: "Contains", In: types(slice(str)), Out: types(boolean), Variadic: true}, "Load", []string{"func(k string) (v struct{}, ok bool) {\nyes := m.Contains(k)\nreturn v, yes"}},
		{Method{Name: "Get", In: types(str), Out: types(str, boolean)}, "Load", []string{"_, yes := m.Get(k)\nreturn v, yes"}},
		{Method{Name: "Get", In: types(str), Out: types(number, boolean)}, "Load", nil},
		{Method{Name: "Delete", In: types(str), Out: types(str, boolean)}, "Remove", []string{"_, yes := m.Delete(k)\nreturn yes", "return !yes"}},
		{Method{Name: "Items", Out: types(Type{Text: "map[string]struct {}", Kind: "map", Key: &str, Elem: &Type{Text: "struct {}", Kind: "struct"}})}, "Range", []string{"for x, _ := range all {\nif !yield(x, struct{}{})"}},
		{Method{Name: "Remove", In: types(str), Out: types(boolean)}, "Remove", []string{"return m.Remove(k)", "return !yes"}},
		{Method{Name: "Pop", Out: types(str, boolean)}, "LoadAndDelete", nil},
		{Method{Name: "Each", In: types(function(types(str), types(boolean)))}, "Range", []string{"return yield(x, struct{}{})", "return !yield(x, struct{}{})"}},
		{Method{Name: "Values", Out: types(slice(str))}, "Range", []string{"for _, x := range all {\nif !yield(x, struct{}{})"}},
		{Method{Name: "Iter", Out: types(Type{Text: "<-chan string", Kind: "chan", Elem: &str})}, "Range", []string{"going = going && yield(x, struct{}{})"}},
		{Method{Name: "Clear"}, "Clear", []string{"m.Clear()"}},
	} {
		methods := []Method{add}
		if test.method.Name != "Add" {
			methods = append(methods, test.method)
		}
		a, err := Match(&Map{Type: pointer(Type{Text: "cache.Set", Kind: "struct"}), Methods: methods})
		if err != nil {
			t.Fatal(err)
		}
		all := slices.DeleteFunc(a.of(test.op), func(c Candidate) bool { return c.Name != test.method.Name })
		if a.Value != "struct{}" || len(all) != len(test.want) {
			t.Errorf("%s as %s: %v; want %q", test.method.Name, test.op, all, test.want)
			continue
		}
		for i, c := range all {
			if _, err := parser.ParseExpr(c.Code); err != nil || !strings.Contains(c.Code, test.want[i]) {
				t.Errorf("%s as %s: %v: candidate %d is\n%s\nwant in it\n%s", c.Name, test.op, err, i+1, c.Code, test.want[i])
			}
		}
	}
}

// TestSlices: values that cannot be compared are compared with nil alone.
func TestSlices(t *testing.T) {
	numbers := slice(number)
	a, err := Match(&Map{Type: pointer(Type{Text: "cache.Map", Kind: "struct"}), Methods: []Method{
		{Name: "Set", In: types(str, numbers)},
		{Name: "Get", In: types(str), Out: types(numbers)},
		{Name: "GetOrDefault", In: types(str, numbers), Out: types(numbers)},
		{Name: "GetOrCreate", In: types(str, function(nil, types(numbers))), Out: types(numbers)},
		{Name: "Each", In: types(function(types(str, numbers), nil))},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if all := a.of("Load"); a.Value != "[]int" || len(all) != 2 || !strings.Contains(all[0].Code, "if x != nil {\nv, ok = x, true") ||
		!strings.Contains(all[1].Code, "m.GetOrDefault(k, *new([]int))\nif x != nil {") {
		t.Errorf("of %s: %v", a.Value, all)
	}
	if all := a.of("LoadOrStore"); len(all) != 0 {
		t.Errorf("load-or-store: %v", all)
	}
	if all := a.of("Range"); len(all) != 1 || !strings.Contains(all[0].Code, "(y == nil || yield(x, y))") {
		t.Errorf("range: %v", all)
	}
}

// TestNoSet: a map of empty structs has a method that stores one.
func TestNoSet(t *testing.T) {
	a, err := Match(&Map{Methods: []Method{{Name: "Set", In: types(str, nothing)}, {Name: "Get", In: types(str), Out: types(nothing, boolean)}, {Name: "Has", In: types(str), Out: types(boolean)}}})
	if err != nil {
		t.Fatal(err)
	}
	if source := a.Switches(); !strings.Contains(source, "m.Set(k, v)") || !strings.Contains(source, "x, found := m.Get(k)") {
		t.Errorf("want its Set and its Get in\n%s", source)
	}
}

// TestRecords: of structs that have slices it takes a bool, an error or a nil to tell that there is none.
func TestRecords(t *testing.T) {
	record := Type{Text: "cache.Record", Kind: "struct"}
	for _, test := range []struct {
		get  []Type
		want string // within the one code
	}{
		{types(record, boolean), "if found {"},
		{types(record, failure), "if err == nil {"},
		{types(pointer(record)), "if x != nil {\nv, ok = *x, true"},
		{types(pointer(record), failure), "if err == nil && x != nil {"},
		{types(record), ""},
	} {
		a, err := Match(&Map{Methods: []Method{{Name: "Set", In: types(str, record)}, {Name: "Get", In: types(str), Out: test.get}}})
		if err != nil {
			t.Fatal(err)
		}
		all := a.of("Load")
		if (len(all) == 0) != (test.want == "") || len(all) > 0 && !strings.Contains(all[0].Code, test.want) {
			t.Errorf("%v: %v; want %q", texts(test.get), all, test.want)
		}
	}
}
