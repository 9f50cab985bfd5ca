package match

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// source fills a template of a function: KEY and VALUE are the adapter's types.
func (a *matching) source(template string, args ...any) string {
	code := fmt.Sprintf(template, args...)
	return strings.NewReplacer("KEY", a.key.ours, "VALUE", a.value.ours).Replace(code)
}

// extras are what arguments may be that are neither key nor value: first what keeps an
// entry for as long as a run may take, and then what maps take for a default.
func (a *matching) extras(t *Type) []string {
	switch {
	case t.Text == "context.Context":
		a.imports["context"] = "context"
		return []string{"context.Background()"}
	case t.Text == "time.Duration":
		a.imports["time"] = "time"
		return []string{"24 * time.Hour", "0", "-1"}
	case t.Text == "time.Time":
		a.imports["time"] = "time"
		return []string{"time.Now().Add(24 * time.Hour)"}
	case t.Kind == "bool":
		return []string{"false"}
	case integer(t):
		return []string{"0", "1"}
	case t.Kind == "ptr" && t.Elem != nil && optional.MatchString(t.Elem.Text):
		return []string{"nil"}
	}
	return nil
}

// optional are the names of types that a caller may leave out.
var optional = regexp.MustCompile(`(Options?|Opts?|Config)$`)

func integer(t *Type) bool {
	return t.Kind != "interface" && (strings.HasPrefix(t.Kind, "int") || strings.HasPrefix(t.Kind, "uint"))
}

// An argument is an expression of a type.
type argument struct{ text, of string }

func (a *matching) arguments(parts []part) (args []argument) {
	values := []string{"v"}
	if len(parts) == 3 {
		values = []string{"old", "v"}
	}
	for i, p := range parts {
		x := "k"
		if i > 0 {
			x = values[i-1]
		}
		args = append(args, argument{p.theirs(x), p.Text})
	}
	return args
}

// call returns the calls of a method with those arguments, in their order, among others of
// which the value is a guess; none if it does not take them.
func (a *matching) call(m *Method, args ...argument) (calls []string) {
	if n := len(m.In); n == len(args)+1 && n > 1 && m.In[0].Kind == "slice" && m.In[1].Text == m.In[0].Text && m.In[n-1].Kind == "slice" {
		return a.filled(m, [][]string{{"nil"}}, 1, args) // to append the answer to
	}
	if calls = a.filled(m, nil, 0, args); calls == nil && a.value.field != "" && len(args) > 0 && args[0].of == a.key.Text {
		calls = a.filled(m, nil, 0, a.byValue(args))
	}
	return calls
}

// byValue are the arguments of a method that finds the key in a value: the values that it is given, or one that has
// nothing but the key.
func (a *matching) byValue(args []argument) []argument {
	if len(args) > 1 {
		return args[1:]
	}
	return []argument{{fmt.Sprintf("&%s{%s: k}", a.value.Elem.Text, a.value.field), a.value.Text}}
}

// filled is call, from a parameter on.
func (a *matching) filled(m *Method, guesses [][]string, from int, args []argument) (calls []string) {
	for i := from; i < len(m.In); i++ {
		t := &m.In[i]
		last := m.Variadic && i == len(m.In)-1
		if last {
			if len(args) > 0 && t.Elem != nil && t.Elem.Text == args[0].of {
				guesses, args = append(guesses, []string{args[0].text}), args[1:]
			}
			break
		}
		if len(args) > 0 && t.Text == args[0].of {
			guesses, args = append(guesses, []string{args[0].text}), args[1:]
			continue
		}
		guess := a.extras(t)
		if guess == nil {
			return nil
		}
		guesses = append(guesses, guess)
	}
	if len(args) > 0 {
		return nil
	}
	n := 1
	for _, g := range guesses {
		n = max(n, len(g))
	}
	for i := range n {
		var now []string
		for _, g := range guesses {
			now = append(now, g[min(i, len(g)-1)])
		}
		calls = append(calls, fmt.Sprintf("m.%s(%s)", m.Name, strings.Join(now, ", ")))
	}
	return calls
}

// calls are functions that call the method, whatever it answers.
func (a *matching) calls(m *Method, template string, parts ...part) (codes []string) {
	for _, call := range a.call(m, a.arguments(parts)...) {
		codes = append(codes, a.typed(template, call))
	}
	return codes
}

// typed is a source whose template has the short type names K and V.
func (a *matching) typed(template, body string) string {
	head := strings.NewReplacer("k K", "k "+a.key.ours, "v V", "v "+a.value.ours, "old V", "old "+a.value.ours).Replace(template)
	return fmt.Sprintf(head, body)
}

// flags are functions whose one answer is a bool.
func (a *matching) flags(m *Method, template string, parts ...part) (codes []string) {
	bind, ok := truth(m)
	if !ok {
		return nil
	}
	args := a.arguments(parts)
	if len(args) == 2 && strings.Contains(template, "old V") {
		args[1].text = a.value.theirs("old")
	}
	for _, call := range a.call(m, args...) {
		body := "return " + call
		if len(m.Out) > 1 {
			body = bind + " := " + call + "\nreturn yes"
		}
		codes = append(codes, a.typed(template, body))
	}
	return codes
}

// denied are functions whose one answer is a bool that means the contrary.
func (a *matching) denied(m *Method, template string, parts ...part) (codes []string) {
	bind, ok := truth(m)
	if !ok {
		return nil
	}
	for _, call := range a.call(m, a.arguments(parts)...) {
		codes = append(codes, a.typed(template, bind+" := "+call+"\nreturn !yes"))
	}
	return codes
}

// counted are functions that delete, and answer an error if there was nothing, or how many there were.
func (a *matching) counted(m *Method) (codes []string) {
	var gone string
	switch {
	case same(m.Out, "error"):
		gone = "return %s == nil"
	case len(m.Out) == 1 && integer(&m.Out[0]):
		gone = "return %s > 0"
	case len(m.Out) == 2 && integer(&m.Out[0]) && m.Out[1].Text == "error":
		gone = "n, _ := %s\nreturn n > 0"
	default:
		return nil
	}
	for _, call := range a.call(m, a.arguments([]part{a.key})...) {
		codes = append(codes, a.typed("func(k K) bool { %s }", fmt.Sprintf(gone, call)))
	}
	return codes
}

// An answer is how the results of a call say whether there was a value, and which.
type answer struct {
	bind  string // "x, found := "
	found string // a condition
	value string // of the adapter's type, where found is true
	held  bool   // it is read from what the map holds
	after string // what is to be done once it is read
}

// answers returns how to read the results: a value and a bool or an error, or a value alone
// whose zero says that there is none. (A schedule's values are none of them zero.)
func (a *matching) answers(m *Method) (all []answer) {
	n := len(m.Out)
	for i := range m.Out {
		value, nilable, ok := a.read(&m.Out[i], "x")
		if !ok {
			continue
		}
		names := make([]string, n)
		for j := range names {
			names[j] = "_"
		}
		names[i] = "x"
		condition, after := "", ""
		for j := range m.Out {
			switch {
			case j != i && closes(&m.Out[j]):
				names[j], after = "closer", "if closer != nil {\ncloser.Close()\n}\n"
			case j == i || condition != "":
			case m.Out[j].Kind == "bool":
				names[j], condition = "found", "found"
			case m.Out[j].Text == "error":
				names[j], condition = "err", "err == nil"
			}
		}
		switch {
		case condition == "" && n > 1:
			continue
		case condition == "" && nilable:
			condition = "x != nil"
		case condition == "" && a.value.zero() == "":
			continue
		case condition == "":
			condition = value + " != " + a.value.zero()
		case nilable && m.Out[i].Text != a.value.Text:
			condition += " && x != nil"
		}
		r := answer{strings.Join(names, ", ") + " := ", condition, value, m.Out[i].Text != a.value.Text, after}
		all = append(all, r)
		if condition == "err == nil" && (nilable || a.value.zero() != "") { // an absent key may be no error
			if r.found += " && x != nil"; !nilable {
				r.found = "err == nil && " + value + " != " + a.value.zero()
			}
			all = append(all, r)
		}
		break
	}
	return all
}

// byZero reports whether by what a method answers there is a value, unless it is the zero.
func (a *matching) byZero(m *Method) bool {
	return !slices.ContainsFunc(a.answers(m), func(r answer) bool {
		return strings.HasPrefix(r.found, "found") || strings.HasPrefix(r.found, "err")
	})
}

// closes reports whether something is to be closed once what came with it is read, or it is kept
// for ever.
func closes(t *Type) bool {
	return (t.Kind == "interface" || t.Kind == "ptr") && slices.ContainsFunc(t.Getters, func(f Field) bool { return f.Name == "Close" })
}

// read returns the value that an x of that type is or holds; nilable if it may be nil
// instead.
func (a *matching) read(t *Type, x string) (code string, nilable, ok bool) {
	nilable = t.Kind == "ptr" || t.Kind == "interface"
	switch {
	case t.Text == a.value.Text:
		return a.value.our(x), nilable, true
	case t.Kind == "ptr" && t.Elem != nil && t.Elem.Text == a.value.Text:
		return a.value.our("*" + x), true, true
	}
	if field, ok := holding(t, a.value.Text, "Value", "Val", "Object", "Data", "Item"); ok {
		return a.value.our(x + field), nilable, true
	}
	return "", false, false
}

// holding returns the selector of what has a type in another: a getter or a field, of one
// of those names.
func holding(t *Type, want string, names ...string) (selector string, ok bool) {
	fields := t.Fields
	if t.Kind == "ptr" && t.Elem != nil {
		fields = t.Elem.Fields
	}
	for _, name := range names {
		for _, g := range t.Getters {
			if (g.Name == name || g.Name == "Get"+name) && g.Type.Text == want {
				return "." + g.Name + "()", true
			}
		}
		for _, f := range fields {
			if f.Name == name && f.Type.Text == want {
				return "." + f.Name, true
			}
		}
	}
	return "", false
}

// loads are functions of a key that answer a value and whether there was one. What is told what to answer where
// there is nothing is told to answer a zero.
func (a *matching) loads(m *Method) (codes []string) {
	calls := a.call(m, a.arguments([]part{a.key})...)
	if calls == nil && same(m.Out, a.value.Text) {
		calls = a.call(m, append(a.arguments([]part{a.key}), argument{"*new(" + a.value.Text + ")", a.value.Text})...)
	}
	for _, call := range calls {
		for _, r := range a.answers(m) {
			codes = append(codes, a.source("func(k KEY) (v VALUE, ok bool) {\n%s%s\nif %s {\nv, ok = %s, true\n}\n%sreturn v, ok\n}", r.bind, call, r.found, r.value, r.after))
		}
	}
	return codes
}

// swaps are functions that store, and answer what was there.
func (a *matching) swaps(m *Method) (codes []string) {
	for _, call := range a.call(m, a.arguments([]part{a.key, a.value})...) {
		for _, r := range a.answers(m) {
			codes = append(codes, a.source("func(k KEY, v VALUE) (old VALUE, had bool) {\n%s%s\nif %s {\nold, had = %s, true\n}\n%sreturn old, had\n}", r.bind, call, r.found, r.value, r.after))
		}
	}
	return codes
}

// loadsOrStores are functions that store if there is nothing. Their bool may say that a
// value was loaded, or that it was stored; their value may be the one that is there now, or
// the one before.
func (a *matching) loadsOrStores(m *Method) (codes []string) {
	for _, call := range a.call(m, a.arguments([]part{a.key, a.value})...) {
		for _, r := range a.answers(m) {
			if !strings.HasPrefix(r.found, "found") || r.after != "" {
				continue
			}
			rests := []string{
				"return " + r.value + ", found",
				"if !found {\nreturn v, false\n}\nreturn " + r.value + ", true",
				"return " + r.value + ", !found",
				"if found {\nreturn v, false\n}\nreturn " + r.value + ", true",
			}
			if r.held { // another may change what was stored before it is read
				rests = []string{rests[1], rests[3]}
			}
			for _, rest := range rests {
				codes = append(codes, a.source("func(k KEY, v VALUE) (VALUE, bool) {\n%s%s\n%s\n}", r.bind, call, rest))
			}
		}
	}
	return codes
}
