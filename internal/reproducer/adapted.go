package reproducer

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/mapstress/mapstress/history"
)

// A form is what a kind of op calls: its arguments, and its answers as a target.Map has them.
type form struct {
	in, out string // K is a key, V a value
}

var forms = map[history.Kind]form{
	history.Load: {"K", "V bool"}, history.Store: {"K V", ""}, history.Delete: {"K", ""},
	history.LoadOrStore: {"K V", "V bool"}, history.LoadAndDelete: {"K", "V bool"}, history.Swap: {"K V", "V bool"},
	history.CompareAndSwap: {"K V V", "bool"}, history.CompareAndDelete: {"K V", "bool"},
	history.Compute: {"K F", "V bool"}, history.Range: {"R", ""}, history.Len: {"", "int"}, history.Clear: {"", ""},
}

// types spells them: F is the function of a Compute, R that of a Range.
func (d *methods) types(in string) (all []string) {
	k, v := d.key.Name, d.value.Name
	for _, t := range strings.Fields(in) {
		switch t {
		case "K":
			t = k
		case "V":
			t = v
		case "F":
			t = fmt.Sprintf("func(%s, bool) (%s, bool)", v, v)
		case "R":
			t = fmt.Sprintf("func(%s, %s) bool", k, v)
		}
		all = append(all, t)
	}
	return all
}

// plainly reports whether a method can be called as it is, and its answers can be kept.
func (d *methods) plainly(kind history.Kind, s signature) bool {
	f := forms[kind]
	in, want := s.in, d.types(f.in)
	if s.variadic && len(in) > len(want) {
		in = in[:len(in)-1]
	}
	switch kind {
	case history.Range:
		return d.visits(s) || d.maps(s) || d.iterates(s)
	case history.Compute:
		return slices.Equal(in, want)
	}
	if len(in) < len(want) || !slices.Equal(in[:len(want)], want) {
		return false
	}
	for _, t := range in[len(want):] {
		if _, err := zero(t); err != nil {
			return false
		}
	}
	switch f.out {
	case "V bool":
		return len(s.out) == 2 && s.out[0] == d.value.Name && (s.out[1] == "bool" || s.out[1] == "error")
	case "":
		return true
	}
	return len(s.out) == 1
}

// adapted is the function of an op, which the program has as a variable, of a method that is not
// called as it is. Its body is the one that mapstress calls.
func (d *methods) adapted(kind history.Kind, m Method) signature {
	name := "m" + m.Name
	for _, other := range d.of {
		if other.call == name {
			name += "As" + strings.ToUpper(kind.String()[:1]) + strings.ReplaceAll(kind.String()[1:], "-", "")
		}
	}
	f := forms[kind]
	return signature{name: m.Name, call: name, in: d.types(f.in), out: d.types(f.out), code: m.Code}
}

var loading = regexp.MustCompile(`\bload\(`)

// functions declares those that a body of the program calls.
func (d *methods) functions(body string) string {
	load := d.of[history.Load]
	exact := load.code == "" && !load.context && slices.Equal(load.in, d.types("K")) && slices.Equal(load.out, []string{d.value.Name, "bool"})
	if load.code == "" && !exact { // others may call it still
		load = d.adapted(history.Load, d.m.Methods[history.Load])
	}
	var others []signature
	for kind, s := range d.of {
		if kind != history.Load {
			others = append(others, s)
		}
	}
	others = slices.AppendSeq(others, maps.Values(d.told))
	slices.SortFunc(others, func(a, b signature) int { return strings.Compare(a.call, b.call) })
	var text string
	declare := func(s signature) {
		if s.code != "" && regexp.MustCompile(`\b`+s.call+`\(`).MatchString(body+text) {
			text = fmt.Sprintf("%s := %s\n", s.call, loading.ReplaceAllString(s.code, load.call+"(")) + text
		}
	}
	for _, s := range others {
		declare(s)
	}
	declare(load) // the last one, and so before the others
	return text
}
