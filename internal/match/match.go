package match

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A matching is a map whose key and value types are known.
type matching struct {
	*Map
	key, value part
	imports    map[string]string
	bases      []string // the functions that load by one method alone
	zeroes     bool     // those that load know that there is nothing by a zero alone
	set        bool     // it has no values
}

// A part is a key or a value: a type of the map's, and how the adapter has it.
type part struct {
	Type
	ours  string // its type in the adapter
	in    string // what turns one of theirs into one of ours; empty if they are the same
	out   string // and the other way round
	field string // of what a value points to: that has the entry's key; empty if none has
}

// of returns the part of a type, keys or values. Slices of bytes, which cannot be compared, are
// strings in the adapter, and values that only a standIn can be are ints.
func of(t Type, what string) part {
	switch {
	case t.Kind == "slice" && t.Elem != nil && t.Elem.Kind == "uint8":
		return part{Type: t, ours: "string", in: "string", out: t.Text}
	case t.StandsIn():
		return part{Type: t, ours: "int", in: "its" + what, out: "a" + what}
	}
	return part{Type: t, ours: t.Text}
}

// theirs and our turn an expression of the one type into the other. The value v of the key k
// is told its key, if it is to have it.
func (p part) theirs(x string) string {
	if p.field != "" && x == "v" {
		return fmt.Sprintf("func() %s {\nif v != nil && v.%[2]s != k {\nv.%[2]s = k\n}\nreturn v\n}()", p.Text, p.field)
	}
	if p.out != "" {
		return p.out + "(" + x + ")"
	}
	return x
}

func (p part) our(x string) string {
	if p.in != "" {
		return p.in + "(" + x + ")"
	}
	return x
}

// compared reports whether the adapter can compare two of them; zero is the zero value, empty if it
// cannot even be compared with that, as a struct that has slices.
func (p part) compared() bool { return p.Comparable || p.ours != p.Text }

func (p part) zero() string {
	switch {
	case p.StandsIn():
		return none
	case p.compared():
	case p.Kind == "struct":
		return ""
	default:
		return "nil"
	}
	return "*new(" + p.ours + ")"
}

// Match makes an adapter of a map. An error says what it lacks.
func Match(m *Map) (*Adapter, error) {
	key, value, field, err := m.types()
	if err != nil {
		return nil, err
	}
	_, _, paired := m.pair()
	for what, t := range map[string]Type{"keys": key, "values": value} {
		p := of(t, "")
		if t.Hidden {
			return nil, fmt.Errorf("%s of type %s, which cannot be named outside its package; want an exported type, or use mapstress.Check in a test of the package", what, t.Text)
		}
		if !p.compared() && (what == "keys" || t.Kind != "slice" && t.Kind != "map" && t.Kind != "struct") {
			return nil, fmt.Errorf("%s of type %s, which cannot be compared; want another type, or use mapstress.Check with a codec", what, t.Text)
		}
	}
	a := &matching{Map: m, key: of(key, "Key"), value: of(value, "Value"), set: !paired && field == "", imports: map[string]string{}}
	a.value.field = field
	for _, method := range m.named("Load") {
		loads := a.loads(method)
		if a.bases = append(a.bases, loads...); len(loads) > 0 {
			a.zeroes = (len(a.bases) == len(loads) || a.zeroes) && a.byZero(method)
		}
	}
	adapter := &Adapter{Type: m.Type.Text, Key: a.key.ours, Value: a.value.ours, KeyOf: key, ValueOf: value, KeyField: field, Imports: a.imports, Rest: m.Rest}
	used := map[string]bool{}
	for _, op := range Ops {
		if op == "Close" && Stops(m.Rest) {
			adapter.Candidates = append(adapter.Candidates, Candidate{Op: op, Name: "the function that comes with it", Code: "func() { stop() }"})
			break // who calls that need not call a Close
		}
		for _, method := range m.named(op) {
			for i, code := range a.codes(op, method) {
				c := Candidate{Op: op, Name: method.Name, Code: code}
				if i == 0 && a.direct(op, method) && a.key.ours == key.Text && a.value.ours == value.Text {
					c.Signature = method.signature()
				}
				adapter.Candidates = append(adapter.Candidates, c)
				used[method.Name] = true
			}
		}
	}
	for i := range m.Methods {
		if method := &m.Methods[i]; !used[method.Name] {
			adapter.Unused = append(adapter.Unused, a.unused(method))
		}
	}
	for path, name := range m.Imports {
		a.imports[path] = name
	}
	return adapter, nil
}

// pair finds the types of keys and values of a method that stores both.
func (m *Map) pair() (key, value Type, ok bool) {
	for _, op := range []string{"Store", "LoadOrStore", "Swap"} {
		for _, method := range m.named(op) {
			in := dropContext(method.In)
			if method.Variadic {
				in = in[:len(in)-1]
			}
			for i := 1; i < len(in); i++ {
				if !extra(&in[i]) && in[i].Kind != "func" {
					return in[0], in[i], true
				}
			}
		}
	}
	return key, value, false
}

// types finds the types of keys and values: those that a method stores. A set has no values. A field
// is that of the values that has the key, if they have it in them.
func (m *Map) types() (key, value Type, field string, err error) {
	if key, value, ok := m.pair(); ok {
		return key, value, "", nil
	}
	if key, value, field, ok := m.within(); ok {
		return key, value, field, nil
	}
	if of, ok := m.setOf(); ok {
		return of, nothing, "", nil
	}
	var all []string
	for i := range m.Methods {
		all = append(all, m.Methods[i].Name)
	}
	slices.Sort(all)
	if len(all) == 0 {
		return key, value, "", fmt.Errorf("type %s has no methods; want a map with methods such as Load and Store", m.Type.Text)
	}
	wants := "no method that stores: want one such as Store(key, value); "
	if its := m.signatures("Store"); its != "" {
		return key, value, "", errors.New(wants + its)
	}
	return key, value, "", errors.New(wants + "it has " + strings.Join(all, ", "))
}

// NoLoad is the error that the map has no method that loads.
func (m *Map) NoLoad() error {
	wants := "no method that loads: want one such as Load(key) (value, bool)"
	if its := m.signatures("Load"); its != "" {
		wants += "; " + its
	}
	if _, _, paired := m.pair(); !paired && m.signatures("Store") != "" {
		wants += "; " + m.signatures("Store") + ", so that it was taken for a set: a map that finds its keys within the values stores pointers to structs that have an exported field of the key's type; of any other use mapstress.Check"
	}
	return errors.New(wants)
}

// Persistent returns the name of a method that may store by making another map, which it answers;
// empty if there is none. Others answer the map that they changed.
func (m *Map) Persistent() string {
	for _, method := range m.named("Store") {
		for i := range method.Out {
			if method.Out[i].Text == m.Type.Text {
				return method.Name
			}
		}
	}
	return ""
}

// signatures says what the methods are whose names mean an op; empty if there are none.
func (m *Map) signatures(op string) string {
	var all []string
	for _, method := range m.named(op) {
		all = append(all, "its "+method.Name+" is a "+method.signature())
	}
	return strings.Join(all, ", ")
}

// inTexts are the types of the arguments, as source.
func (m *Method) inTexts() []string {
	in := texts(m.In)
	if m.Variadic {
		in[len(in)-1] = "..." + strings.TrimPrefix(in[len(in)-1], "[]")
	}
	return in
}

// signature is the method's type, as source.
func (m *Method) signature() string {
	return strings.TrimSuffix("func("+strings.Join(m.inTexts(), ", ")+") ("+strings.Join(texts(m.Out), ", ")+")", " ()")
}

// direct reports whether a method does what its name says without more ado.
func (a *matching) direct(op string, m *Method) bool {
	if a.set && op == "LoadOrStore" || a.value.field != "" && !slices.Contains([]string{"Load", "LoadAndDelete", "Len", "IsEmpty", "Clear", "Close"}, op) {
		return false
	}
	switch op {
	case "Load":
		return len(a.loads(m)) > 0
	case "LoadOrStore":
		return len(a.loadsOrStores(m)) > 0
	case "Swap":
		return len(a.swaps(m)) > 0
	case "CompareAndSwap", "CompareAndDelete", "IsEmpty", "Put", "Remove":
		return len(m.Out) == 1
	}
	return true
}

// extra reports whether a type is that of a deadline or a context, and not of values.
func extra(t *Type) bool {
	return t.Text == "time.Duration" || t.Text == "time.Time" || t.Text == "context.Context"
}

func dropContext(in []Type) []Type {
	if len(in) > 0 && in[0].Text == "context.Context" {
		return in[1:]
	}
	return in
}

// codes returns the functions that a method may be, for an op.
func (a *matching) codes(op string, m *Method) []string {
	if a.set {
		if codes, known := a.ofSet(op, m); known {
			return codes
		}
	}
	switch op {
	case "Load":
		return append(a.loads(m), a.has(m)...)
	case "LoadAndDelete":
		return append(a.loads(m), a.removesBack(m)...)
	case "Store":
		return a.calls(m, "func(k K, v V) { %s }", a.key, a.value)
	case "Put":
		return append(a.flags(m, "func(k K, v V) bool { %s }", a.key, a.value), a.denied(m, "func(k K, v V) bool { %s }", a.key, a.value)...)
	case "Delete":
		return a.calls(m, "func(k K) { %s }", a.key)
	case "Remove":
		return slices.Concat(a.flags(m, "func(k K) bool { %s }", a.key), a.denied(m, "func(k K) bool { %s }", a.key), a.counted(m))
	case "LoadOrStore":
		return slices.Concat(a.loadsOrStores(m), a.putsIfAbsent(m), a.storesIfAbsent(m), a.loadsOrMakes(m))
	case "Swap":
		return append(a.swaps(m), a.upserts(m)...)
	case "CompareAndSwap":
		return a.flags(m, "func(k K, old, v V) bool { %s }", a.key, a.value, a.value)
	case "CompareAndDelete":
		return a.flags(m, "func(k K, old V) bool { %s }", a.key, a.value)
	case "Compute":
		return a.computes(m)
	case "Range":
		return a.ranges(m)
	case "Len":
		return a.lengths(m)
	case "IsEmpty":
		return a.flags(m, "func() bool { %s }")
	case "Clone":
		return a.clones(m)
	}
	return a.calls(m, "func() { %s }") // Clear, Close
}
