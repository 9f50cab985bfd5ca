package match

import (
	"fmt"
	"slices"
	"strings"
)

// StandsIn reports whether keys or values of a type are stood in for by a type of the adapter's that has
// its methods, since it is an interface. What these answer is empty: what is more than that, such as a
// pointer or a channel, might have the map panic or wait where a real value would not.
func (t *Type) StandsIn() bool {
	return t.Kind == "interface" && len(t.Methods) > 0 && !t.Sealed && !t.Hidden && !slices.ContainsFunc(t.Methods, func(m Method) bool {
		return slices.ContainsFunc(m.In, func(t Type) bool { return t.Hidden }) || slices.ContainsFunc(m.Out, func(t Type) bool { return t.Hidden || !t.plain() })
	})
}

// plain reports whether the zero value of a type is as good as any.
func (t *Type) plain() bool {
	switch t.Kind {
	case "ptr", "map", "func", "chan", "unsafe.Pointer", "struct", "array":
		return false
	case "interface":
		return t.Text == "error"
	}
	return true
}

// none is what the adapter has for nil, and for what is no stand-in.
const none = "-1"

// StandIns is Go source of the types that stand in for the keys and values, and of the functions that turn
// them into numbers and back; empty if there are none.
func (a *Adapter) StandIns() string {
	var b strings.Builder
	for _, p := range []struct {
		what string
		of   *Type
	}{{"Key", &a.KeyOf}, {"Value", &a.ValueOf}} {
		if !p.of.StandsIn() {
			continue
		}
		fmt.Fprintf(&b, `
// A standIn%[1]s is told by its number, where a %[2]s is wanted. Its methods do nothing.
type standIn%[1]s struct{ number int }

func a%[1]s(number int) %[2]s { return standIn%[1]s{number} }

// its%[1]s returns the number of a stand-in, %[3]s for anything else.
func its%[1]s(x %[2]s) int {
	if s, ok := x.(standIn%[1]s); ok {
		return s.number
	}
	return %[3]s
}

`, p.what, p.of.Text, none)
		for i := range p.of.Methods {
			m := &p.of.Methods[i]
			var outs []string
			for j := range m.Out {
				outs = append(outs, "_ "+m.Out[j].Text)
			}
			fmt.Fprintf(&b, "func (standIn%s) %s(%s) (%s) { return }\n", p.what, m.Name, strings.Join(m.inTexts(), ", "), strings.Join(outs, ", "))
		}
	}
	return b.String()
}
