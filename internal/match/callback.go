package match

import "fmt"

// calling returns the calls of a method that takes those arguments and then a function,
// with the function's type; none if that cannot be written.
func (a *matching) calling(m *Method, args ...argument) (f *Type, call func(body string) []string) {
	for i := range m.In {
		if t := &m.In[i]; t.Kind == "func" && !t.Hidden && !(m.Variadic && i == len(m.In)-1) {
			return t, func(body string) []string {
				return a.call(m, append(args[:len(args):len(args)], argument{body, t.Text})...)
			}
		}
	}
	return nil, nil
}

func texts(types []Type) (all []string) {
	for i := range types {
		all = append(all, types[i].Text)
	}
	return all
}

func same(types []Type, want ...string) bool {
	return fmt.Sprint(texts(types)) == fmt.Sprint(want)
}

// removesBack are functions that delete by a callback that is shown what is there:
// func(key, value, exists) bool.
func (a *matching) removesBack(m *Method) (codes []string) {
	f, call := a.calling(m, argument{a.key.theirs("k"), a.key.Text})
	if f == nil || !same(f.In, a.key.Text, a.value.Text, "bool") || !same(f.Out, "bool") {
		return nil
	}
	body := fmt.Sprintf("func(_ %s, x %s, exists bool) bool {\nif exists {\nv, ok = %s, true\n}\nreturn exists\n}", a.key.Text, a.value.Text, a.value.our("x"))
	for _, c := range call(body) {
		codes = append(codes, a.source("func(k KEY) (v VALUE, ok bool) {\n%s\nreturn v, ok\n}", c))
	}
	return codes
}

// upserts are functions that store by a callback that is shown what is there:
// func(exists, old, new) value, or func(old, exists) value.
func (a *matching) upserts(m *Method) (codes []string) {
	if f, call := a.calling(m, argument{a.key.theirs("k"), a.key.Text}); f != nil && same(f.In, a.value.Text, "bool") && same(f.Out, a.value.Text) {
		body := fmt.Sprintf("func(x %s, exists bool) %[1]s {\nold, had = *new(%s), false\nif exists {\nold, had = %s, true\n}\nreturn %s\n}", a.value.Text, a.value.ours, a.value.our("x"), a.value.theirs("v"))
		for _, c := range call(body) {
			codes = append(codes, a.source("func(k KEY, v VALUE) (old VALUE, had bool) {\n%s\nreturn old, had\n}", c))
		}
		return codes
	}
	f, call := a.calling(m, argument{a.key.theirs("k"), a.key.Text}, argument{a.value.theirs("v"), a.value.Text})
	if f == nil || !same(f.In, "bool", a.value.Text, a.value.Text) || !same(f.Out, a.value.Text) {
		return nil
	}
	body := fmt.Sprintf("func(exists bool, x, y %s) %[1]s {\nif exists {\nold, had = %s, true\n}\nreturn y\n}", a.value.Text, a.value.our("x"))
	for _, c := range call(body) {
		codes = append(codes, a.source("func(k KEY, v VALUE) (old VALUE, had bool) {\n%s\nreturn old, had\n}", c))
	}
	return codes
}

// computes are functions that have a callback make the new value of what is there. It says
// whether to delete by a bool, or by one of the first numbers of a type of the map's. If the
// method does not answer what is there then, it is what the callback said last.
func (a *matching) computes(m *Method) (codes []string) {
	f, call := a.calling(m, argument{a.key.theirs("k"), a.key.Text})
	if f == nil || !same(f.In, a.value.Text, "bool") || len(f.Out) != 2 || f.Out[0].Text != a.value.Text {
		return nil
	}
	told := len(m.Out) == 2 && m.Out[0].Text == a.value.Text && m.Out[1].Kind == "bool"
	flag := f.Out[1]
	var says [][2]string // what to answer to delete, and not to
	switch {
	case flag.Kind == "bool":
		says = [][2]string{{"true", "false"}, {"false", "true"}}
	case flag.Kind == "int" && flag.Text != "int" && !flag.Hidden:
		for _, pair := range [][2]int{{2, 1}, {1, 0}, {1, 2}, {0, 1}, {2, 0}, {0, 2}} {
			says = append(says, [2]string{fmt.Sprint(pair[0]), fmt.Sprint(pair[1])})
		}
	}
	for _, s := range says {
		body := fmt.Sprintf("func(old %s, loaded bool) (%[1]s, %s) {\nv, remove := f(%s, loaded)\nif remove {\nreturn %s, %s\n}\nreturn %[4]s, %[6]s\n}",
			a.value.Text, flag.Text, a.value.our("old"), a.value.theirs("v"), s[0], s[1])
		if !told {
			body = fmt.Sprintf("func(old %s, loaded bool) (%[1]s, %s) {\nvar remove bool\nv, remove = f(%s, loaded)\nif ok = !remove; remove {\nreturn %s, %s\n}\nreturn %[4]s, %[6]s\n}",
				a.value.Text, flag.Text, a.value.our("old"), a.value.theirs("v"), s[0], s[1])
		}
		for _, c := range call(body) {
			if !told {
				codes = append(codes, a.source("func(k KEY, f func(VALUE, bool) (VALUE, bool)) (v VALUE, ok bool) {\n%s\nif !ok {\nv = *new(VALUE)\n}\nreturn v, ok\n}", c))
				continue
			}
			codes = append(codes, a.source("func(k KEY, f func(VALUE, bool) (VALUE, bool)) (VALUE, bool) {\nx, ok := %s\nreturn %s, ok\n}", c, a.value.our("x")))
		}
	}
	return codes
}
