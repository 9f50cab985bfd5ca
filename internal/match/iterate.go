package match

import (
	"fmt"
	"strings"
)

const rangeSource = "func(yield func(KEY, VALUE) bool) {\n%s\n}"

// ranges are functions that go over the entries.
func (a *matching) ranges(m *Method) (codes []string) {
	for _, body := range append(a.visits(m), a.collections(m)...) {
		codes = append(codes, a.source(rangeSource, body))
	}
	return codes
}

// entry returns the key and the value that are in the arguments of a callback, or in what
// a loop gives: two, or one that has both.
func (a *matching) entry(types []Type) (params, k, v string, ok bool) {
	if a.set {
		return a.member(types)
	}
	switch len(types) {
	case 2:
		value, _, ok := a.read(&types[1], "y")
		return "x, y", a.key.our("x"), value, ok && types[0].Text == a.key.Text
	case 1:
		if a.value.field != "" && types[0].Text == a.value.Text {
			return "x", "x." + a.value.field, "x", true
		}
		key, okKey := holding(&types[0], a.key.Text, "Key", "K")
		value, okValue := holding(&types[0], a.value.Text, "Value", "Val", "V", "Object")
		return "x", a.key.our("x" + key), a.value.our("x" + value), okKey && okValue
	}
	return "", "", "", false
}

// yields is a call of yield. To a map that answers a zero where there is nothing, an entry whose value is
// that is as good as none.
func (a *matching) yields(k, v string) string {
	if a.zeroes {
		return fmt.Sprintf("(%s == %s || yield(%s, %[1]s))", v, a.value.zero(), k)
	}
	return fmt.Sprintf("yield(%s, %s)", k, v)
}

// visits call a method that takes a callback.
func (a *matching) visits(m *Method) (bodies []string) {
	f, call := a.calling(m)
	if f == nil {
		return nil
	}
	params, k, v, ok := a.entry(f.In)
	if !ok || len(f.Out) > 1 {
		return nil
	}
	head := "func(" + declare(params, f.In) + ") "
	var callbacks []string
	switch {
	case len(f.Out) == 0:
		for _, c := range call(fmt.Sprintf("%s{\ngoing = going && %s\n}", head, a.yields(k, v))) {
			bodies = append(bodies, "going := true\n"+c)
		}
	case f.Out[0].Kind == "bool":
		callbacks = []string{
			fmt.Sprintf("%sbool {\nreturn %s\n}", head, a.yields(k, v)),
			fmt.Sprintf("%sbool {\nreturn !%s\n}", head, a.yields(k, v)),
		}
	case f.Out[0].Text == "error":
		a.imports["io"] = "io"
		callbacks = []string{fmt.Sprintf("%serror {\nif !%s {\nreturn io.EOF\n}\nreturn nil\n}", head, a.yields(k, v))}
	}
	for _, c := range callbacks {
		bodies = append(bodies, call(c)...)
	}
	return bodies
}

func declare(params string, types []Type) string {
	var all []string
	for i, name := range strings.Split(params, ", ") {
		all = append(all, name+" "+types[i].Text)
	}
	return strings.Join(all, ", ")
}

// collections loop over what a method answers: an iterator, a map, a channel or slice of
// entries, or keys, each of which is then looked up.
func (a *matching) collections(m *Method) (bodies []string) {
	if len(m.Out) == 0 || len(m.Out) > 2 || len(m.Out) == 2 && m.Out[1].Text != "error" {
		return nil
	}
	var of []Type
	indexed := false
	switch t := &m.Out[0]; {
	case t.Kind == "map":
		of = []Type{*t.Key, *t.Elem}
	case t.Kind == "chan":
		of = []Type{*t.Elem}
	case t.Kind == "slice":
		of, indexed = []Type{*t.Elem}, true
	case t.Kind == "func" && len(t.In) == 1 && len(t.Out) == 0 && t.In[0].Kind == "func" && same(t.In[0].Out, "bool"):
		of = t.In[0].In
	default:
		return nil
	}
	params, k, v, ok := a.entry(of)
	isChan := m.Out[0].Kind == "chan" // read to its end, or who fills it would be stuck
	inner, first := fmt.Sprintf("if !%s {\nreturn\n}", a.yields(k, v)), ""
	if isChan {
		inner, first = "going = going && "+a.yields(k, v), "going := true\n"
	}
	if !ok {
		if isChan || len(of) != 1 || of[0].Text != a.key.Text {
			return nil
		}
		params = "x"
		shown := "ok"
		if a.key.Kind == "string" {
			shown = "(ok || k == \"\")" // which was never stored, and so cannot have been deleted since
		}
		inner = fmt.Sprintf("k := %s\nif v, ok := load(k); %s && !yield(k, v) {\nreturn\n}", a.key.our("x"), shown)
	}
	if indexed {
		params = "_, " + params
	}
	for _, call := range a.call(m) {
		bind := "all := " + call
		if len(m.Out) == 2 {
			bind = "all, _ := " + call
		}
		bodies = append(bodies, fmt.Sprintf("%s%s\nfor %s := range all {\n%s\n}", first, bind, params, inner))
	}
	return bodies
}

// lengths are functions that answer a number.
func (a *matching) lengths(m *Method) (codes []string) {
	if len(m.Out) == 0 || !integer(&m.Out[0]) {
		return nil
	}
	for _, call := range a.call(m) {
		switch {
		case len(m.Out) == 1:
			codes = append(codes, "func() int { return int("+call+") }")
		case same(m.Out[1:], "error"):
			codes = append(codes, "func() int {\nn, _ := "+call+"\nreturn int(n)\n}")
		}
	}
	return codes
}

// clones are functions that answer a map of the same type, or a built-in one.
func (a *matching) clones(m *Method) (codes []string) {
	switch {
	case same(m.Out, a.Type.Text) && !a.Type.Hidden:
	case len(m.Out) == 1 && m.Out[0].Kind == "map":
		return a.builtinClones(m)
	default:
		return nil
	}
	for _, call := range a.call(m) {
		codes = append(codes, a.source("func() mapstress.Map[KEY, VALUE] { return adaptMap(%s, use) }", call))
	}
	return codes
}

const builtinClone = `func() (t mapstress.Map[KEY, VALUE]) {
clone := %s
t.Load = func(k KEY) (v VALUE, ok bool) {
if x, there := clone[%s]; %s {
return %s, true
}
return v, false
}
t.Range = func(yield func(KEY, VALUE) bool) {
for k, x := range clone {
if !%s {
return
}
}
}
%sreturn t
}`

// builtinClones are functions that answer a built-in map.
func (a *matching) builtinClones(m *Method) (codes []string) {
	t := &m.Out[0]
	value, _, ok := a.read(t.Elem, "x")
	if !ok || t.Key.Text != a.key.Text {
		return nil
	}
	there, length := "there", "t.Len = func() int { return len(clone) }\n"
	if a.zeroes {
		there, length = "there && "+value+" != "+a.value.zero(), ""
	}
	for _, call := range a.call(m) {
		codes = append(codes, a.source(builtinClone, call, a.key.theirs("k"), there, value, a.yields(a.key.our("k"), value), length))
	}
	return codes
}
