package match

import (
	"fmt"
	"slices"
	"strings"
)

// Locals are the names that an adapter's functions give to what they use. Where its types are named a
// package must have another one.
var Locals = []string{
	"all", "clone", "closer", "err", "existed", "exists", "f", "found", "going", "had", "i", "k", "length", "load", "loaded", "m", "made", "n", "now", "ok", "old", "p", "remove",
	"stop", "stored", "t", "there", "use", "v", "x", "y", "yes", "yield",
}

// Names lists the candidates of an op, the methods' names by their numbers.
func (a *Adapter) Names(op string) (all []string) {
	for _, c := range a.of(op) {
		all = append(all, c.Name)
	}
	return all
}

func (a *Adapter) of(op string) (all []Candidate) {
	for _, c := range a.Candidates {
		if c.Op == op {
			all = append(all, c)
		}
	}
	return all
}

// Made is Go source that makes a map m of an expression that has more values than that: of the rest it
// keeps the first error, for which failed is what to do, and the first function that stops the map.
func Made(expr string, rest []string, failed string) string {
	names, seen := []string{"m"}, map[string]bool{"": true}
	for _, what := range rest {
		if seen[what] {
			what = "_"
		}
		seen[what] = true
		names = append(names, what)
	}
	made := strings.Join(names, ", ") + " := " + expr + "\n"
	if seen["err"] {
		made += "if err != nil {\n" + failed + "\n}\n"
	}
	return made
}

// Switches is Go source that sets the fields of t, a target.Map, to the candidates of m
// that use, a methods.Choice, says.
func (a *Adapter) Switches() string {
	var b strings.Builder
	for _, op := range Ops {
		all := a.of(op)
		if len(all) == 0 || op == "Close" && Stops(a.Rest) {
			continue
		}
		fmt.Fprintf(&b, "switch use.%s {\n", op)
		for i, c := range all {
			fmt.Fprintf(&b, "case %d: // %s\nt.%s = %s\n", i+1, c.Name, op, c.Code)
		}
		b.WriteString("}\n")
		if op == "Load" {
			b.WriteString("load := t.Load\n_ = load\n")
		}
	}
	return b.String()
}

// fieldTypes are the types of target.Map's fields, as signatures of methods are written.
var fieldTypes = map[string]string{
	"Load":             "func(KEY) (VALUE, bool)",
	"Store":            "func(KEY, VALUE)",
	"Put":              "func(KEY, VALUE) (bool)",
	"Delete":           "func(KEY)",
	"Remove":           "func(KEY) (bool)",
	"LoadOrStore":      "func(KEY, VALUE) (VALUE, bool)",
	"LoadAndDelete":    "func(KEY) (VALUE, bool)",
	"Swap":             "func(KEY, VALUE) (VALUE, bool)",
	"CompareAndSwap":   "func(KEY, VALUE, VALUE) (bool)",
	"CompareAndDelete": "func(KEY, VALUE) (bool)",
	"Compute":          "func(KEY, func(VALUE, bool) (VALUE, bool)) (VALUE, bool)",
	"Range":            "func(func(KEY, VALUE) (bool))",
	"Len":              "func() (int)",
	"IsEmpty":          "func() (bool)",
	"Clear":            "func()",
	"Close":            "func()",
}

// Field is Go source of the value of a field: the method itself, where that is as it should be.
func (a *Adapter) Field(op string, c *Candidate) string {
	if c.Signature != "" && c.Signature == strings.NewReplacer("KEY", a.Key, "VALUE", a.Value).Replace(fieldTypes[op]) {
		return "m." + c.Name
	}
	return c.Code
}

// Stops reports whether there is a function that stops the map among the rest of an expression's values.
// A clone has none.
func Stops(rest []string) bool { return slices.Contains(rest, "stop") }

// Chosen returns the candidate of an op with that number, from 1; nil for 0.
func (a *Adapter) Chosen(op string, number int) *Candidate {
	if all := a.of(op); number >= 1 && number <= len(all) {
		return &all[number-1]
	}
	return nil
}
