package match

import (
	"fmt"
	"strings"
)

// storesIfAbsent are functions that store if there is nothing, of methods that do not answer
// what there is: one bool, which may say that there is something or that it was stored, among
// others that say something else; or an error that there is. What there is they load, and try
// again if that is gone meanwhile: the load is the instant at which they take effect then. A map
// that is full may store nothing where there is nothing, however often it is asked: that is as if
// what was stored had been evicted at once.
func (a *matching) storesIfAbsent(m *Method) (codes []string) {
	var stored []string
	bind := "stored"
	switch {
	case len(m.Out) == 0 || m.Out[0].Kind != "bool" && (len(m.Out) > 1 || m.Out[0].Text != "error"):
		return nil
	case m.Out[0].Kind == "bool":
		bind += strings.Repeat(", _", len(m.Out)-1)
		stored = []string{"stored", "!stored"}
	default:
		stored = []string{"stored == nil"}
	}
	for _, call := range a.call(m, a.arguments([]part{a.key, a.value})...) {
		for _, s := range stored {
			codes = append(codes, a.source("func(k KEY, v VALUE) (VALUE, bool) {\nfor range 100 {\n%s := %s\nif %s {\nreturn v, false\n}\nif x, ok := load(k); ok {\nreturn x, true\n}\n}\nreturn v, false\n}", bind, call, s))
		}
	}
	return codes
}

// putsIfAbsent are functions that store if there is nothing, of methods that answer what was there,
// if anything was, and no bool.
func (a *matching) putsIfAbsent(m *Method) (codes []string) {
	for _, call := range a.call(m, a.arguments([]part{a.key, a.value})...) {
		for _, r := range a.answers(m) {
			if !strings.HasPrefix(r.found, "found") && r.after == "" {
				codes = append(codes, a.source("func(k KEY, v VALUE) (VALUE, bool) {\n%s%s\nif %s {\nreturn %s, true\n}\nreturn v, false\n}", r.bind, call, r.found, r.value))
			}
		}
	}
	return codes
}

// loadsOrMakes are functions that store if there is nothing what a callback makes, which
// answers a value, and a bool or a time to live with it. Whether there was something the method's
// bool says; or else that the callback was not called, or its value is not the one that is
// there then.
//
// A callback that may fail loads from elsewhere, and callers who come meanwhile may share what
// comes of it, by which time it may have been deleted again: that is no step of the map's.
func (a *matching) loadsOrMakes(m *Method) (codes []string) {
	f, call := a.calling(m, argument{a.key.theirs("k"), a.key.Text})
	if f == nil || fetches(f) || len(f.Out) == 0 || f.Out[0].Text != a.value.Text {
		return nil
	}
	for i := range f.In {
		if f.In[i].Text != a.key.Text {
			return nil
		}
	}
	more := []string{""}
	for i := range f.Out[1:] {
		var can []string
		switch t := &f.Out[1+i]; {
		case t.Kind == "bool":
			can = []string{", false", ", true"}
		case t.Text == "time.Duration":
			a.imports["time"] = "time"
			can = []string{", 24 * time.Hour"}
		default:
			return nil
		}
		var all []string
		for _, m := range more {
			for _, c := range can {
				all = append(all, m+c)
			}
		}
		more = all
	}
	if len(m.Out) == 0 {
		return nil
	}
	value, _, readable := a.read(&m.Out[0], "x")
	told := len(m.Out) > 1 && m.Out[1].Kind == "bool"
	held := m.Out[0].Text != a.value.Text // another may change what was stored before it is read
	if !readable || held && !told {
		return nil
	}
	for _, answer := range more {
		body := fmt.Sprintf("func(%s) (%s) {\nmade = true\nreturn %s%s\n}", strings.Join(texts(f.In), ", "), strings.Join(texts(f.Out), ", "), a.value.theirs("v"), answer)
		for _, c := range call(body) {
			if held {
				rest := strings.Repeat(", _", len(m.Out)-2)
				for _, found := range []string{"found", "!found"} {
					codes = append(codes, a.source("func(k KEY, v VALUE) (VALUE, bool) {\nmade := false\nx, found%s := %s\n_ = made\nif %s {\nreturn %s, true\n}\nreturn v, false\n}", rest, c, found, value))
				}
				continue
			}
			if told {
				rest := strings.Repeat(", _", len(m.Out)-2)
				codes = append(codes,
					a.source("func(k KEY, v VALUE) (VALUE, bool) {\nmade := false\nx, found%s := %s\n_ = made\nreturn %s, found\n}", rest, c, a.value.our("x")),
					a.source("func(k KEY, v VALUE) (VALUE, bool) {\nmade := false\nx, found%s := %s\n_ = made\nreturn %s, !found\n}", rest, c, a.value.our("x")))
			}
			if !a.value.compared() {
				continue
			}
			rest := strings.Repeat(", _", len(m.Out)-1)
			codes = append(codes, a.source("func(k KEY, v VALUE) (VALUE, bool) {\nmade := false\nx%s := %s\nreturn %s, !made || %[3]s != v\n}", rest, c, a.value.our("x")))
		}
	}
	return codes
}

// fetches reports whether a callback may fail, or be cancelled.
func fetches(f *Type) bool {
	for _, types := range [][]Type{f.In, f.Out} {
		for i := range types {
			if types[i].Text == "error" || types[i].Text == "context.Context" {
				return true
			}
		}
	}
	return false
}

// has are functions that load, of methods that say only whether there is something: what
// there is another method loads.
func (a *matching) has(m *Method) (codes []string) {
	bind, ok := truth(m)
	if !ok || a.value.Kind == "bool" {
		return nil
	}
	for _, call := range a.call(m, a.arguments([]part{a.key})...) {
		for _, base := range a.bases {
			codes = append(codes, a.source("func(k KEY) (v VALUE, ok bool) {\nif %s := %s; !there {\nreturn v, false\n}\nget := %s\nreturn get(k)\n}", strings.ReplaceAll(bind, "yes", "there"), call, base))
		}
	}
	return codes
}

// truth is how to bind the bool that is all that a method answers, but for an error.
func truth(m *Method) (bind string, ok bool) {
	switch {
	case len(m.Out) == 1 && m.Out[0].Kind == "bool":
		return "yes", true
	case len(m.Out) == 2 && m.Out[0].Kind == "bool" && m.Out[1].Text == "error":
		return "yes, _", true
	}
	return "", false
}
