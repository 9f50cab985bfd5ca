package match

import "fmt"

// nothing is the value type of a set, whose methods take keys alone.
var nothing = Type{Text: "struct{}", Kind: "struct", Comparable: true}

// setOf returns the type of what a set holds, if the map is one: what a method stores that takes
// nothing else.
func (m *Map) setOf() (key Type, ok bool) {
	for _, method := range m.named("Store") {
		in := dropContext(method.In)
		if len(in) != 1 {
			continue
		}
		if key = in[0]; method.Variadic && key.Elem != nil {
			key = *key.Elem
		}
		if key.Comparable && key.Kind != "func" {
			return key, true
		}
	}
	return key, false
}

// ofSet returns the functions that a method of a set may be, for an op whose function takes or answers
// a value; known is false for others, which are as those of any map.
func (a *matching) ofSet(op string, m *Method) (codes []string, known bool) {
	calls := a.call(m, a.arguments([]part{a.key})...)
	bind, answers := tells(m, a.key.Text)
	each := func(template string) {
		for _, call := range calls {
			codes = append(codes, a.source(template, call))
		}
	}
	told := func(head string, yeses ...string) {
		for _, yes := range yeses {
			for _, call := range calls {
				codes = append(codes, a.source(head+" {\n%s := %s\nreturn v, %s\n}", bind, call, yes))
			}
		}
	}
	switch op {
	case "Remove":
		if !same(m.Out, a.key.Text, "bool") {
			return nil, false
		}
		for _, call := range calls {
			for _, there := range []string{"yes", "!yes"} {
				codes = append(codes, a.source("func(k KEY) bool {\n%s := %s\nreturn %s\n}", bind, call, there))
			}
		}
	case "Load":
		if answers {
			told("func(k KEY) (v VALUE, ok bool)", "yes")
		}
	case "Store":
		each("func(k KEY, _ VALUE) { %s }")
	case "LoadOrStore", "Swap":
		switch {
		case answers: // whether it is new, or whether it was there
			told("func(k KEY, v VALUE) (VALUE, bool)", "!yes", "yes")
		case same(m.Out, "error"):
			each("func(k KEY, v VALUE) (VALUE, bool) { return v, %s != nil }")
		}
	case "Put", "LoadAndDelete", "CompareAndSwap", "CompareAndDelete", "Compute":
	default:
		return nil, false
	}
	return codes, true
}

// tells is truth of a set's method, which may answer the key that it has beside the bool, as those of
// trees do.
func tells(m *Method, key string) (bind string, ok bool) {
	if same(m.Out, key, "bool") {
		return "_, yes", true
	}
	return truth(m)
}

// member is the entry of what a set holds, in what holds nothing else, or an empty struct.
func (a *matching) member(types []Type) (params, k, v string, ok bool) {
	if len(types) == 2 && types[0].Text == a.key.Text && types[1].Kind == "struct" && len(types[1].Fields) == 0 {
		return "x, _", a.key.our("x"), fmt.Sprintf("%s{}", a.value.ours), true
	}
	return "x", a.key.our("x"), fmt.Sprintf("%s{}", a.value.ours), len(types) == 1 && types[0].Text == a.key.Text
}
