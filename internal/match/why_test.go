package match

import "testing"

// TestWhy: every method of which nothing is made has a reason, and the one that it deserves.
func TestWhy(t *testing.T) {
	reader := Type{Text: "io.Reader", Kind: "interface"}
	hidden := Type{Text: "cache.option", Kind: "struct", Hidden: true}
	item := Type{Text: "cache.Item", Kind: "struct", Fields: []Field{{"Key", str}}}
	pair := slice(item)
	stats := Type{Text: "cache.Stats", Kind: "struct", Fields: []Field{{"Hits", str}}}
	amount := Type{Text: "float64", Kind: "float64", Comparable: true}
	load := function(types(str), types(amount, failure))
	for _, test := range []struct {
		method Method
		want   string // with the signature
	}{
		{Method{Name: "Values", Out: types(slice(amount))}, noKeys},
		{Method{Name: "Items", Out: types(slice(amount))}, noKeys},
		{Method{Name: "All", Out: types(function(types(function(types(amount), types(boolean))), nil))}, noKeys},
		{Method{Name: "Keys", Out: types(Type{Text: "<-chan string", Kind: "chan", Elem: &str})}, "() <-chan string: " + keysAlone},
		{Method{Name: "EstimatedSize", Out: types(number)}, estimated},
		{Method{Name: "GetOrFetch", In: types(str, load), Out: types(amount, failure)}, sharing},
		{Method{Name: "Fetch", In: types(str, load), Out: types(amount, failure)}, sharing},
		{Method{Name: "MarshalJSON", Out: types(octets, failure)}, printing},
		{Method{Name: "String", Out: types(str)}, printing},
		{Method{Name: "OnEviction", In: types(function(types(str, amount), nil))}, callbacks},
		{Method{Name: "OnlyOnce", In: types(function(types(str, amount), nil))}, meaningless},
		{Method{Name: "Ones", Out: types(amount)}, meaningless},
		{Method{Name: "Grow", In: types(number)}, unconcerned},
		{Method{Name: "Stats", Out: types(stats)}, unconcerned},
		{Method{Name: "Oldest", Out: types(pair)}, meaningless},
		{Method{Name: "Frob", In: types(str)}, meaningless},
		{Method{Name: "Delete", In: types(str, hidden)}, "(string, cache.option): " + unnamed},
		{Method{Name: "Load", In: types(reader), Out: types(failure)}, "(io.Reader) error: " + stranger},
		{Method{Name: "Get", In: types(str)}, "(string): " + wanted["Load"]},
		{Method{Name: "Remove"}, "(): " + wanted["Delete"]},
		{Method{Name: "SetNX", In: types(str, amount)}, "(string, float64): " + wanted["LoadOrStore"]},
		{Method{Name: "Replace", In: types(str, amount, ttl), Out: types(failure)}, "(string, float64, time.Duration) error: " + wanted["Swap"]},
		{Method{Name: "CAS", In: types(str, amount, amount)}, "(string, float64, float64): " + wanted["CompareAndSwap"]},
		{Method{Name: "DeleteIf", In: types(str, amount)}, "(string, float64): " + wanted["CompareAndDelete"]},
		{Method{Name: "Compute", In: types(str)}, "(string): " + wanted["Compute"]},
		{Method{Name: "Range", In: types(str)}, "(string): " + wanted["Range"]},
		{Method{Name: "Len", In: types(slice(str)), Variadic: true, Out: types(amount)}, "(...string) float64: " + wanted["Len"]},
		{Method{Name: "IsEmpty", Out: types(number)}, "() int: " + wanted["IsEmpty"]},
		{Method{Name: "Reset", In: types(str)}, "(string): " + wanted["Clear"]},
		{Method{Name: "Copy", Out: types(number, failure)}, "() (int, error): " + wanted["Clone"]},
		{Method{Name: "Close", In: types(str)}, "(string): " + wanted["Close"]},
	} {
		a, err := Match(&Map{Type: Type{Text: "*cache.Map"}, Methods: []Method{{Name: "Put", In: types(str, amount)}, test.method}})
		if err != nil {
			t.Fatal(err)
		}
		if len(a.Unused) != 1 || a.Unused[0].Name != test.method.Name {
			t.Errorf("%s: unused are %v; want it", test.method.Name, a.Unused)
			continue
		}
		got := a.Unused[0].Why
		if s := a.Unused[0].Signature; s != "" {
			got = s + ": " + got
		}
		if got != test.want {
			t.Errorf("%s: got %s; want %s", test.method.Name, got, test.want)
		}
	}
}

// TestWanted: of every op it is known what its methods are like.
func TestWanted(t *testing.T) {
	for op, all := range names {
		if op != "Put" && op != "Remove" && wanted[op] == "" { // which are those of Store and Delete
			t.Errorf("of a method such as %s nothing is said", all)
		}
	}
}
