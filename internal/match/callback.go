package match

import (
	"fmt"
	"strings"
)

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

// upserts are functions that store by a callback that is shown what is there, and answers what is to be, with
// an error or without, or changes it in place. Where it is not told whether anything is there, a zero is nothing.
// What a callback was shown last counts: one that is not called where there is nothing is none of these, for it
// may have been called before, in vain.
func (a *matching) upserts(m *Method) (codes []string) {
	key, value := argument{a.key.theirs("k"), a.key.Text}, argument{a.value.theirs("v"), a.value.Text}
	k, v, answer := a.key.Text, a.value.Text, "return "+value.text
	nonzero := a.value.our("x") + " != " + a.value.zero()
	for _, form := range []struct {
		in                    []string
		params, there, answer string
		given                 bool // the method takes the value, too
	}{
		{[]string{v, "bool"}, "x " + v + ", exists bool", "exists", answer, false},
		{[]string{"bool", v}, "exists bool, x " + v, "exists", answer, false},
		{[]string{"bool", v, v}, "exists bool, x, y " + v, "exists", "return y", true},
		{[]string{v}, "x " + v, nonzero, answer, false},
		{[]string{k, v}, "_ " + k + ", x " + v, nonzero, answer, false},
		{[]string{"*" + v}, "p *" + v, "x := *p; " + nonzero, "*p = " + value.text, false},
	} {
		args := []argument{key}
		if form.given {
			args = append(args, value)
		}
		f, call := a.calling(m, args...)
		if f == nil || !same(f.In, form.in...) || form.there != "exists" && a.value.zero() == "" {
			continue
		}
		switch inPlace := strings.HasPrefix(form.answer, "*"); {
		case !inPlace && same(f.Out, v), inPlace && len(f.Out) == 0:
		case !inPlace && same(f.Out, v, "error"):
			form.answer += ", nil"
		default:
			continue
		}
		body := fmt.Sprintf("func(%s) (%s) {\nold, had = *new(%s), false\nif %s {\nold, had = %s, true\n}\n%s\n}",
			form.params, strings.Join(texts(f.Out), ", "), a.value.ours, form.there, a.value.our("x"), form.answer)
		for _, c := range call(body) {
			codes = append(codes, a.source("func(k KEY, v VALUE) (old VALUE, had bool) {\n%s\nreturn old, had\n}", c))
		}
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
