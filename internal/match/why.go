package match

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Why nothing is made of a method, or of several.
const (
	noKeys      = "no keys in the answer"
	keysAlone   = "keys through a channel: who sends them may hold a lock, so that their values are not looked up"
	estimated   = "an estimate"
	sharing     = "callers may share what one of them loads"
	printing    = "for printing or encoding"
	callbacks   = "for callbacks"
	unconcerned = "no keys or values in the signature"
	meaningless = "no op has such a name"
	unneeded    = "the function that comes with the map ends it"
	unnamed     = "an argument is of a type that cannot be named"
	stranger    = "an argument is neither key nor value, and nothing is obvious for it"
)

// wanted are the methods of each op, as they should be.
var wanted = map[string]string{
	"Load":             "a load takes a key, and answers a value",
	"Store":            "a store takes a key and a value",
	"Delete":           "a delete takes a key",
	"LoadOrStore":      "a load-or-store takes a key, and a value or what makes one, and answers what is there",
	"LoadAndDelete":    "a load-and-delete takes a key, and answers what was there",
	"Swap":             "a swap takes a key and a value, and answers what was there",
	"CompareAndSwap":   "a compare-and-swap takes a key and two values, and answers a bool",
	"CompareAndDelete": "a compare-and-delete takes a key and a value, and answers a bool",
	"Compute":          "a compute takes a key, and what makes a new value of the old one and a bool",
	"Range":            "a range takes a function of keys and values, or answers them",
	"Len":              "a len takes nothing, and answers a number",
	"IsEmpty":          "an is-empty takes nothing, and answers a bool",
	"Clear":            "a clear takes nothing",
	"Clone":            "a clone takes nothing, and answers a map of its type or a built-in one",
	"Close":            "a close takes nothing",
}

// standard are methods by which other packages print, write and read whatever has them.
const standard = " String GoString Format Error MarshalJSON UnmarshalJSON MarshalText UnmarshalText MarshalBinary UnmarshalBinary MarshalYAML UnmarshalYAML GobEncode GobDecode WriteTo ReadFrom "

// unused says why nothing is made of a method.
func (a *matching) unused(m *Method) Unused {
	why, shown := a.why(m)
	u := Unused{Name: m.Name, Why: why}
	if shown {
		u.Signature = m.shown()
	}
	return u
}

// why is the reason of an Unused; shown, if the signature is to be told with it.
func (a *matching) why(m *Method) (why string, shown bool) {
	for i := range m.In {
		if t := &m.In[i]; t.Kind == "func" && len(t.Out) > 0 && t.Out[0].Text == a.value.Text && fetches(t) {
			return sharing, false
		}
	}
	switch op := opOf(verbOf(m.Name, a.noun())); {
	case op == "Close" && Stops(a.Rest):
		return unneeded, false
	case m.Name == "Values" && !a.set || op == "Range" && len(m.In) == 0 && a.valuesOnly(m):
		return noKeys, false
	case op == "Range" && len(m.Out) == 1 && m.Out[0].Kind == "chan" && m.Out[0].Elem.Text == a.key.Text:
		return keysAlone, true
	case op != "":
		return a.unfit(op, m), true
	case strings.HasPrefix(m.Name, "Estimate") || strings.HasPrefix(m.Name, "Approx"):
		return estimated, false
	case strings.Contains(standard, " "+m.Name+" "):
		return printing, false
	case isEvent(m):
		return callbacks, false
	case !a.concerns(m):
		return unconcerned, false
	}
	return meaningless, false
}

// unfit says why a method is not the op that its name means.
func (a *matching) unfit(op string, m *Method) string {
	in := m.In
	if m.Variadic { // it may be left out
		in = in[:len(in)-1]
	}
	for i := range in {
		if t := &in[i]; t.Hidden && t.Text != a.key.Text && t.Text != a.value.Text {
			return unnamed
		}
	}
	for i := range in {
		if t := &in[i]; t.Kind != "func" && t.Text != a.key.Text && t.Text != a.value.Text && a.extras(t) == nil {
			return stranger
		}
	}
	calls := func(t Type) bool { return t.Kind == "func" }
	if op == "Swap" && (slices.ContainsFunc(in, calls) || slices.Contains(strings.Fields(names["Compute"]), m.Name)) {
		op = "Compute"
	}
	return wanted[op]
}

// valuesOnly reports whether a method answers a collection of values.
func (a *matching) valuesOnly(m *Method) bool {
	if len(m.Out) == 0 {
		return false
	}
	t := &m.Out[0]
	if t.Kind == "func" && len(t.In) == 1 {
		return same(t.In[0].In, a.value.Text)
	}
	return (t.Kind == "slice" || t.Kind == "chan") && t.Elem != nil && t.Elem.Text == a.value.Text
}

// isEvent reports whether a method such as OnEviction is given a function to call then.
func isEvent(m *Method) bool {
	rest, on := strings.CutPrefix(m.Name, "On")
	if first, _ := utf8.DecodeRuneInString(rest); !on || !unicode.IsUpper(first) {
		return false
	}
	for i := range m.In {
		if m.In[i].Kind == "func" {
			return true
		}
	}
	return false
}

// concerns reports whether a method has to do with keys or values, by its signature.
func (a *matching) concerns(m *Method) bool {
	return a.within(m.In) || a.within(m.Out)
}

func (a *matching) within(types []Type) bool {
	for i := range types {
		t := &types[i]
		if t.Text == a.key.Text || t.Text == a.value.Text || t.Text == a.Type.Text || a.within(t.In) || a.within(t.Out) {
			return true
		}
		for _, part := range []*Type{t.Elem, t.Key} {
			if part != nil && a.within([]Type{*part}) {
				return true
			}
		}
		for _, x := range []part{a.key, a.value} {
			if _, holds := holding(t, x.Text, "Key", "K", "Value", "Val", "V", "Object", "Data", "Item"); holds {
				return true
			}
		}
	}
	return false
}

// shown is the signature as it is behind a name.
func (m *Method) shown() string {
	s := strings.TrimPrefix(m.signature(), "func")
	if len(m.Out) == 1 {
		out := m.Out[0].Text
		s = strings.TrimSuffix(s, "("+out+")") + out
	}
	return s
}
