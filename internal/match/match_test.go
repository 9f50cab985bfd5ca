package match

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"
)

var (
	number  = Type{Text: "int", Kind: "int", Comparable: true}
	str     = Type{Text: "string", Kind: "string", Comparable: true}
	boolean = Type{Text: "bool", Kind: "bool", Comparable: true}
	failure = Type{Text: "error", Kind: "interface", Comparable: true}
	ttl     = Type{Text: "time.Duration", Kind: "int64", Comparable: true}
	ctx     = Type{Text: "context.Context", Kind: "interface", Comparable: true}
	amount  = Type{Text: "int64", Kind: "int64", Comparable: true}
	octet   = Type{Text: "uint8", Kind: "uint8", Comparable: true}
	octets  = Type{Text: "[]uint8", Kind: "slice", Elem: &octet}
)

func pointer(t Type) Type { return Type{Text: "*" + t.Text, Kind: "ptr", Comparable: true, Elem: &t} }
func slice(t Type) Type   { return Type{Text: "[]" + t.Text, Kind: "slice", Elem: &t} }

func function(in, out []Type) Type {
	return Type{Text: "func(" + strings.Join(texts(in), ", ") + ") (" + strings.Join(texts(out), ", ") + ")", Kind: "func", In: in, Out: out}
}

func types(all ...Type) []Type { return all }

// TestZeroes: where a zero says that there is nothing, a Range and a Clone have no entry of it.
func TestZeroes(t *testing.T) {
	each := Method{Name: "Each", In: types(function(types(str, number), types(boolean)))}
	snapshot := Method{Name: "Snapshot", Out: types(Type{Text: "map[string]int", Kind: "map", Key: &str, Elem: &number})}
	set := Method{Name: "Set", In: types(str, number)}
	get := Method{Name: "Get", In: types(str), Out: types(number)}
	for _, test := range []struct {
		load []Method
		want bool
	}{
		{[]Method{get}, true},
		{[]Method{get, {Name: "Peek", In: types(str), Out: types(pointer(number))}}, true},
		{[]Method{get, {Name: "Lookup", In: types(str), Out: types(number, boolean)}}, false},
		{[]Method{{Name: "Lookup", In: types(str), Out: types(number, failure)}, get}, false},
	} {
		a, err := Match(&Map{Type: pointer(Type{Text: "cache.Map", Kind: "struct"}), Methods: append(test.load, set, each, snapshot)})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range append(a.of("Range"), a.of("Clone")...) {
			if got := strings.Contains(c.Code, "(y == *new(int) || yield(x, y))") || strings.Contains(c.Code, "(x == *new(int) || yield(k, x))"); got != test.want {
				t.Errorf("%s, beside %s:\n%s\nlooks for zeroes: %v; want %v", c.Name, test.load[0].Name, c.Code, got, test.want)
			}
			if _, err := parser.ParseExpr(c.Code); err != nil {
				t.Errorf("%s: %v in\n%s", c.Name, err, c.Code)
			}
		}
	}
}

// TestMatch: what each shape of a method is taken for. The code must be Go; that it compiles
// beside a map and does what it should is tested in internal/build.
func TestMatch(t *testing.T) {
	item := Type{Text: "cache.Item", Kind: "struct", Fields: []Field{{"Object", number}}}
	held := pointer(Type{Text: "cache.Held", Kind: "struct"})
	held.Getters = []Field{{"Key", str}, {"Value", number}}
	tuple := Type{Text: "cache.Tuple", Kind: "struct", Fields: []Field{{"Key", str}, {"Val", number}}}
	whole := pointer(Type{Text: "cache.Map", Kind: "struct"})
	closer := Type{Text: "io.Closer", Kind: "interface", Comparable: true, Getters: []Field{{"Close", failure}}}
	visit := function(types(str, number), types(boolean))
	set := Method{Name: "Set", In: types(str, number)}
	for _, test := range []struct {
		method Method
		op     string
		want   []string // within the codes, one after the other
	}{
		{Method{Name: "Get", In: types(str), Out: types(number, boolean)}, "Load", []string{"m.Get(k)\nif found {"}},
		{Method{Name: "Get", In: types(str), Out: types(number, failure)}, "Load", []string{"if err == nil {", "if err == nil && x != *new(int) {"}},
		{Method{Name: "Get", In: types(str), Out: types(number, closer, failure)}, "Load", []string{"x, closer, err := m.Get(k)\nif err == nil {\nv, ok = x, true\n}\nif closer != nil {\ncloser.Close()\n}\nreturn v, ok", "closer.Close()"}},
		{Method{Name: "Get", In: types(ctx, str), Out: types(pointer(number))}, "Load", []string{"m.Get(context.Background(), k)\nif x != nil {\nv, ok = *x, true"}},
		{Method{Name: "Get", In: types(str, Type{Text: "cache.Loader", Kind: "interface"}), Out: types(number, boolean)}, "Load", nil},
		{Method{Name: "Get", In: types(str), Out: types(number)}, "Load", []string{"if x != *new(int) {"}},
		{Method{Name: "GetOrDefault", In: types(str, number), Out: types(number)}, "Load", []string{"m.GetOrDefault(k, 0)\nif x != *new(int) {\nv, ok = x, true", "m.GetOrDefault(k, 1)"}},
		{Method{Name: "GetByID", In: types(str), Out: types(number, failure)}, "Load", []string{"m.GetByID(k)\nif err == nil {", "if err == nil && x != *new(int) {"}},
		{Method{Name: "GetByPrefix", In: types(str), Out: types(number)}, "Load", nil},
		{Method{Name: "Get", In: types(str), Out: types(held)}, "Load", []string{"if x != nil {\nv, ok = x.Value(), true"}},
		{Method{Name: "Get", In: types(number), Out: types(number, boolean)}, "Load", nil},
		{Method{Name: "Add", In: types(str, number, ttl), Out: types(failure)}, "Store", []string{"m.Add(k, v, 24 * time.Hour)", "m.Add(k, v, 0)", "m.Add(k, v, -1)"}},
		{Method{Name: "Set", In: types(str, number), Out: types(boolean)}, "Put", []string{"func(k string, v int) bool { return m.Set(k, v) }", "yes := m.Set(k, v)\nreturn !yes"}},
		{Method{Name: "Put", In: types(ctx, str, number, ttl), Out: types(boolean, failure)}, "Put", []string{"yes, _ := m.Put(context.Background(), k, v, 24 * time.Hour)\nreturn yes", "0)\nreturn yes", "-1)\nreturn yes", "Hour)\nreturn !yes", "0)\nreturn !yes", "-1)\nreturn !yes"}},
		{Method{Name: "Set", In: types(str, number), Out: types(number)}, "Put", nil},
		{Method{Name: "Del", In: types(slice(str)), Variadic: true}, "Delete", []string{"m.Del(k)"}},
		{Method{Name: "Remove", In: types(str), Out: types(boolean)}, "Remove", []string{"return m.Remove(k)", "yes := m.Remove(k)\nreturn !yes"}},
		{Method{Name: "Remove", In: types(str), Out: types(str)}, "Remove", nil},
		{Method{Name: "Delete", In: types(ctx, str), Out: types(failure)}, "Remove", []string{"return m.Delete(context.Background(), k) == nil"}},
		{Method{Name: "Del", In: types(slice(str)), Out: types(amount), Variadic: true}, "Remove", []string{"return m.Del(k) > 0"}},
		{Method{Name: "Del", In: types(ctx, slice(str)), Out: types(amount, failure), Variadic: true}, "Remove", []string{"n, _ := m.Del(context.Background(), k)\nreturn n > 0"}},
		{Method{Name: "Remove", In: types(str), Out: types(number, boolean)}, "LoadAndDelete", []string{"m.Remove(k)"}},
		{Method{Name: "GetOrSet", In: types(str, number), Out: types(number, boolean)}, "LoadOrStore", []string{"return x, found", "if !found {\nreturn v, false", "return x, !found", "if found {\nreturn v, false"}},
		// A held value may be another one by the time it is read.
		{Method{Name: "GetOrSet", In: types(str, number), Out: types(held, boolean)}, "LoadOrStore", []string{"if !found {\nreturn v, false", "if found {\nreturn v, false"}},
		// It answers what was there, if anything.
		{Method{Name: "PutIfAbsent", In: types(str, number), Out: types(pointer(number), failure)}, "LoadOrStore", []string{"if err == nil && x != nil {\nreturn *x, true\n}\nreturn v, false"}},
		{Method{Name: "PutIfAbsent", In: types(str, number), Out: types(number, failure)}, "LoadOrStore", []string{"if err == nil {\nreturn x, true\n}\nreturn v, false", "if err == nil && x != *new(int) {\nreturn x, true"}},
		{Method{Name: "GetOrSetFunc", In: types(str, function(nil, types(number)), slice(item)), Out: types(held, boolean), Variadic: true}, "LoadOrStore", []string{"if found {\nreturn x.Value(), true\n}\nreturn v, false", "if !found {\nreturn x.Value(), true"}},
		{Method{Name: "GetOrSetFunc", In: types(str, function(nil, types(number))), Out: types(held)}, "LoadOrStore", nil},
		{Method{Name: "SetIfAbsent", In: types(str, number), Out: types(boolean)}, "LoadOrStore", []string{"for range 100 {\nstored := m.SetIfAbsent(k, v)\nif stored {\nreturn v, false\n}\nif x, ok := load(k)", "if !stored {"}},
		{Method{Name: "ContainsOrAdd", In: types(str, number), Out: types(boolean, boolean)}, "LoadOrStore", []string{"stored, _ := m.ContainsOrAdd(k, v)", "if !stored {"}},
		{Method{Name: "Add", In: types(str, number, ttl), Out: types(failure)}, "LoadOrStore", []string{"if stored == nil {", "m.Add(k, v, 0)", "m.Add(k, v, -1)"}},
		{Method{Name: "GetOrCompute", In: types(str, function(nil, types(number))), Out: types(number, boolean)}, "LoadOrStore", []string{"return x, found", "return x, !found", "return x, !made || x != v"}},
		{Method{Name: "GetOrFetch", In: types(ctx, str, function(types(ctx), types(number, failure))), Out: types(number, failure)}, "LoadOrStore", nil},
		{Method{Name: "LoadOrCompute", In: types(str, function(nil, types(number, boolean))), Out: types(number, boolean)}, "LoadOrStore", []string{"return v, false\n})\n_ = made\nreturn x, found", "x, !found", "!made", "return v, true\n})\n_ = made\nreturn x, found", "x, !found", "!made"}},
		{Method{Name: "GetOrLoad", In: types(str, function(types(str), types(number, ttl))), Out: types(number)}, "LoadOrStore", []string{"return v, 24 * time.Hour\n})\nreturn x, !made"}},
		{Method{Name: "Has", In: types(str), Out: types(boolean)}, "Load", nil}, // which nothing here loads
		{Method{Name: "Upsert", In: types(str, function(types(number, boolean), types(number)))}, "Swap", []string{"old, had = x, true\n}\nreturn v\n})\nreturn old, had"}},
		{Method{Name: "Modify", In: types(str, function(types(number), types(number)))}, "Swap", []string{"m.Modify(k, func(x int) (int) {\nold, had = *new(int), false\nif x != *new(int) {\nold, had = x, true\n}\nreturn v\n})\nreturn old, had"}},
		{Method{Name: "Update", In: types(ctx, str, function(types(number), types(number, failure))), Out: types(failure)}, "Swap", []string{"return v, nil\n})"}},
		{Method{Name: "Apply", In: types(str, function(types(pointer(number)), nil))}, "Swap", []string{"func(p *int) () {\nold, had = *new(int), false\nif x := *p; x != *new(int) {\nold, had = x, true\n}\n*p = v\n})"}},
		{Method{Name: "Compute", In: types(str, function(types(boolean, number), types(number)))}, "Swap", []string{"func(exists bool, x int) (int) {"}},
		{Method{Name: "Compute", In: types(str, function(types(str, number), types(number)))}, "Swap", []string{"func(_ string, x int) (int) {\nold, had = *new(int), false\nif x != *new(int) {"}},
		{Method{Name: "Update", In: types(str, number, function(types(number, number), types(number)))}, "Swap", nil}, // it may have to try again
		{Method{Name: "Compute", In: types(str, function(types(str), types(number)))}, "Swap", nil},
		{Method{Name: "Update", In: types(str, function(types(number, boolean), types(number, boolean)))}, "Compute", []string{"if ok = !remove; remove {\nreturn v, true\n}\nreturn v, false", "return v, true\n})"}},
		{Method{Name: "Upsert", In: types(str, number, function(types(boolean, number, number), types(number)))}, "Swap", []string{"old, had = x, true\n}\nreturn y"}},
		{Method{Name: "RemoveCb", In: types(str, function(types(str, number, boolean), types(boolean)))}, "LoadAndDelete", []string{"return exists"}},
		{Method{Name: "CAS", In: types(str, number, number), Out: types(boolean)}, "CompareAndSwap", []string{"return m.CAS(k, old, v)"}},
		{Method{Name: "CompareAndReplace", In: types(str, number, number), Out: types(boolean, failure)}, "CompareAndSwap", []string{"yes, _ := m.CompareAndReplace(k, old, v)\nreturn yes"}},
		{Method{Name: "RemoveEntry", In: types(str, number), Out: types(boolean, failure)}, "CompareAndDelete", []string{"yes, _ := m.RemoveEntry(k, old)\nreturn yes"}},
		{Method{Name: "CompareAndDelete", In: types(str, number), Out: types(boolean)}, "CompareAndDelete", []string{"return m.CompareAndDelete(k, old)"}},
		{Method{Name: "Compute", In: types(str, function(types(number, boolean), types(number, boolean))), Out: types(number, boolean)}, "Compute", []string{"return v, true\n}\nreturn v, false", "return v, false\n}\nreturn v, true"}},
		{Method{Name: "Range", In: types(visit)}, "Range", []string{"return yield(x, y)", "return !yield(x, y)"}},
		{Method{Name: "Visit", In: types(visit)}, "Range", []string{"return yield(x, y)", "return !yield(x, y)"}},
		{Method{Name: "Visit", In: types(str, function(types(number), nil))}, "Range", nil}, // of one key
		{Method{Name: "Erase", In: types(str), Out: types(number, boolean)}, "LoadAndDelete", []string{"x, found := m.Erase(k)"}},
		{Method{Name: "Assign", In: types(str, number)}, "Store", []string{"m.Assign(k, v)"}},
		{Method{Name: "Iter", In: types(Type{Text: visit.Text, Kind: "func", In: visit.In, Out: visit.Out, Hidden: true})}, "Range", nil},
		{Method{Name: "ForEach", In: types(function(types(str, number), nil))}, "Range", []string{"going = going && yield(x, y)"}},
		{Method{Name: "Each", In: types(function(types(str, number), types(failure)))}, "Range", []string{"return io.EOF"}},
		{Method{Name: "Range", In: types(function(types(held), types(boolean)))}, "Range", []string{"yield(x.Key(), x.Value())", "!yield"}},
		{Method{Name: "All", Out: types(function(types(visit), nil))}, "Range", []string{"for x, y := range all {\nif !yield(x, y)"}},
		{Method{Name: "Items", Out: types(Type{Text: "map[string]cache.Item", Kind: "map", Key: &str, Elem: &item})}, "Range", []string{"yield(x, y.Object)"}},
		{Method{Name: "Iter", Out: types(Type{Text: "<-chan cache.Tuple", Kind: "chan", Elem: &tuple})}, "Range", []string{"going = going && yield(x.Key, x.Val)"}},
		{Method{Name: "Keys", Out: types(slice(str))}, "Range", []string{"for _, x := range all {\nk := x\nif v, ok := load(k)"}},
		{Method{Name: "Len", Out: types(Type{Text: "uintptr", Kind: "uintptr"})}, "Len", []string{"return int(m.Len())"}},
		{Method{Name: "IsEmpty", Out: types(boolean)}, "IsEmpty", []string{"return m.IsEmpty()"}},
		{Method{Name: "Flush"}, "Clear", []string{"m.Flush()"}},
		{Method{Name: "Copy", Out: types(whole)}, "Clone", []string{"func() mapstress.Map[string, int] { return adaptMap(m.Copy(), use) }"}},
		{Method{Name: "Snapshot", Out: types(held)}, "Clone", nil},
		{Method{Name: "CopyData", Out: types(Type{Text: "map[string]cache.Item", Kind: "map", Key: &str, Elem: &item})}, "Clone", []string{"clone := m.CopyData()\nt.Load = func(k string) (v int, ok bool) {\nif x, there := clone[k]; there {\nreturn x.Object, true"}},
		{Method{Name: "Clone", Out: types(Type{Text: "map[int]int", Kind: "map", Key: &number, Elem: &number})}, "Clone", nil},
	} {
		a, err := Match(&Map{Type: whole, Methods: []Method{set, test.method}})
		if err != nil {
			t.Fatal(err)
		}
		all := a.of(test.op)
		all = slices.DeleteFunc(all, func(c Candidate) bool { return c.Name != test.method.Name })
		if len(all) != len(test.want) {
			t.Errorf("%s as %s: %d candidates; want %d: %v", test.method.Name, test.op, len(all), len(test.want), all)
			continue
		}
		for i, c := range all {
			if !strings.Contains(c.Code, test.want[i]) {
				t.Errorf("%s as %s: candidate %d is\n%s\nwant in it\n%s", c.Name, test.op, i+1, c.Code, test.want[i])
			}
			file, err := parser.ParseFile(token.NewFileSet(), "", "package p\nvar _ = "+c.Code, 0)
			if err != nil {
				t.Errorf("%s as %s: %v in\n%s", c.Name, test.op, err, c.Code)
				continue
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if name, ok := n.(*ast.Ident); ok && name.Obj != nil && name.Name != "_" && !slices.Contains(Locals, name.Name) {
					t.Errorf("%s is not among the locals in\n%s", name.Name, c.Code)
				}
				return true
			})
		}
	}
}

// TestOwnClone: a clone of a type whose kind is a map is adapted as that type is.
func TestOwnClone(t *testing.T) {
	header := Type{Text: "http.Header", Kind: "map", Key: &str, Elem: &Type{Text: "[]string", Kind: "slice", Elem: &str}}
	a, err := Match(&Map{Type: header, Methods: []Method{
		{Name: "Set", In: types(str, str)},
		{Name: "Get", In: types(str), Out: types(str)},
		{Name: "Clone", Out: types(header)},
	}})
	if err != nil || !strings.Contains(a.Switches(), "return adaptMap(m.Clone(), use)") {
		t.Errorf("%v; want a clone in %v", err, a)
	}
}

// TestBytes: slices of bytes are strings in the adapter.
func TestBytes(t *testing.T) {
	a, err := Match(&Map{Methods: []Method{
		{Name: "Set", In: types(octets, octets)},
		{Name: "Get", In: types(octets, octets), Out: types(octets)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if a.Key != "string" || a.Value != "string" || !strings.Contains(a.Switches(), "m.Set([]uint8(k), []uint8(v))") || !strings.Contains(a.Switches(), "m.Get(nil, []uint8(k))") {
		t.Errorf("from %s to %s:\n%s", a.Key, a.Value, a.Switches())
	}
}

// TestOrder: what comes between a key and its value, or after them, is neither.
func TestOrder(t *testing.T) {
	for want, in := range map[string][]Type{
		"m.Set([]uint8(k), []uint8(v), 0)":   types(octets, octets, number),
		"m.Set(nil, []uint8(k), []uint8(v))": types(octets, octets, octets),
		"m.Set(k, 24 * time.Hour, v)":        types(str, ttl, number),
		"m.Set(k, v, nil)":                   types(str, number, pointer(Type{Text: "opt.WriteOptions", Kind: "struct"})),
	} {
		a, err := Match(&Map{Methods: []Method{{Name: "Set", In: in}}})
		if err != nil || !strings.Contains(a.Switches(), want) {
			t.Errorf("%v: %v; want %s in %v", texts(in), err, want, a)
		}
	}
}

func TestUnfit(t *testing.T) {
	hidden := Type{Text: "cache.entry", Kind: "struct", Comparable: true, Hidden: true}
	for want, m := range map[string]Map{
		"type cache.Empty has no methods": {Type: Type{Text: "cache.Empty"}},
		"no method that stores: want one such as Store(key, value); its Set is a func(string, ...int)":    {Methods: []Method{{Name: "Frob"}, {Name: "Set", In: types(str, slice(number)), Variadic: true}}},
		"no method that stores: want one such as Store(key, value); it has Frob":                          {Methods: []Method{{Name: "Frob"}}},
		"values of type cache.entry, which cannot be named":                                               {Methods: []Method{{Name: "Set", In: types(str, hidden)}}},
		"no method that stores: want one such as Store(key, value); its Set is a func(string, func() ())": {Methods: []Method{{Name: "Set", In: types(str, function(nil, nil))}}},
		"values of type [2][]int, which cannot be compared":                                               {Methods: []Method{{Name: "Set", In: types(str, Type{Text: "[2][]int", Kind: "array"})}}},
		"keys of type []int, which cannot be compared":                                                    {Methods: []Method{{Name: "Set", In: types(slice(number), str)}}},
		"keys of type cache.entry, which cannot be named outs":                                            {Methods: []Method{{Name: "Set", In: types(hidden, str)}}},
	} {
		if _, err := Match(&m); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v; want %s", err, want)
		}
	}
}

// TestPersistent: a map whose methods answer another one is known.
func TestPersistent(t *testing.T) {
	tree := Type{Text: "iradix.Tree", Kind: "struct"}
	for want, m := range map[string]Map{
		"Insert": {Type: pointer(tree), Methods: []Method{{Name: "Insert", In: types(str, number), Out: types(pointer(tree), number, boolean)}}},
		"":       {Type: pointer(tree), Methods: []Method{{Name: "Insert", In: types(str, number), Out: types(boolean)}, {Name: "Clone", Out: types(pointer(tree))}}},
	} {
		if got := m.Persistent(); got != want {
			t.Errorf("got %q; want %q", got, want)
		}
	}
}

// A map without a method that loads is told by those whose names would mean one.
func TestNoLoad(t *testing.T) {
	for want, methods := range map[string][]Method{
		"no method that loads: want one such as Load(key) (value, bool)":                                       {{Name: "Frob"}},
		"no method that loads: want one such as Load(key) (value, bool); its Peek is a func(string) ([]uint8)": {{Name: "Peek", In: types(str), Out: types(octets)}},
		"no method that loads: want one such as Load(key) (value, bool); its Get is a func(int) (string); its Put is a func(string), so that it was taken for a set: a map that finds its keys within the values stores pointers to structs that have an exported field of the key's type; of any other use mapstress.Check": {{Name: "Put", In: types(str)}, {Name: "Get", In: types(number), Out: types(str)}},
	} {
		if got := (&Map{Methods: methods}).NoLoad().Error(); got != want {
			t.Errorf("got %q; want %q", got, want)
		}
	}
}
