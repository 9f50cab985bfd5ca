package reproducer

import (
	"fmt"
	"strconv"
	"strings"
)

// literal returns the source of the key or value of a code, as mapstress makes it, but for how a
// struct or an array is filled.
func (t Type) literal(what string, code uint64) string {
	switch t.Kind {
	case "string":
		return strconv.Quote(t.text(code))
	case "float64":
		if t.Name == "float64" {
			return strconv.FormatUint(code, 10) + " - 1"
		}
	case "ptr":
		return fmt.Sprintf("&%ss[%d]", what, code)
	case "bool":
		return "true"
	case "struct", "array":
		if t.Of == nil {
			return t.Name + "{}"
		}
		source, _ := number{code: code}.in(t.Of, 0)
		return source
	}
	return strconv.FormatUint(code, 10)
}

// text is what a string says.
func (t Type) text(code uint64) string {
	digits := strconv.FormatUint(code, 10)
	if t.Name != "string" {
		return digits
	}
	return digits + strings.Repeat(".", 1+int(code%23)) + digits
}

// of returns the source of the key or value of a code in a variable of type int.
func (t Type) of(name, what string, uses map[string]bool) string {
	switch {
	case t.Kind == "bool", t.Name == nothing:
		return t.literal(what, 0)
	case t.Kind == "string", t.Kind == "struct", t.Kind == "array":
		uses[what] = true
		return what + "(" + name + ")"
	case t.Kind == "ptr":
		return "&" + what + "s[" + name + "]"
	case t.Name == "int", t.Kind == "interface":
		return name
	case t.Kind == "float64" && t.Name == "float64":
		return "float64(" + name + " - 1)"
	}
	return t.Name + "(" + name + ")"
}

// nothing is the type of a set's values.
const nothing = "struct {}"

// known says whether the type's values can be told in a source.
func (t Type) known(what string) error {
	switch t.Kind {
	case "int", "int32", "int64", "uint", "uint32", "uint64", "uintptr", "float64", "string":
		return nil
	case "interface":
		if t.Name == "any" {
			return nil
		}
	case "ptr":
		return nil
	case "bool":
		if what == "value" {
			return nil
		}
	case "struct", "array":
		if what == "value" && t.Name == nothing { // of a set
			return nil
		}
		if t.Of == nil || !t.Of.Comparable {
			break
		}
		if _, bits := (number{variable: true}).in(t.Of, 0); bits >= room {
			return nil
		}
	}
	return fmt.Errorf("%ss of type %s", what, t.Name)
}

// named returns the type with the empty interface by its short name.
func (t Type) named() Type {
	if t.Name == "interface {}" {
		t.Name = "any"
	}
	return t
}

// maker is the function that makes a key or value of a code, for loops.
func (t Type) maker(what string) string {
	body := "return " + t.Name + "(strconv.Itoa(n))\n"
	switch {
	case t.Name == "string":
		body = "return strconv.Itoa(n) + strings.Repeat(\".\", 1+n%23) + strconv.Itoa(n)\n"
	case t.Kind != "string":
		source, _ := number{variable: true}.in(t.Of, 0)
		body = "return " + source + "\n"
	}
	return fmt.Sprintf("// %s returns the n-th %s.\nfunc %s(n int) %s {\n%s}\n\n", what, what, what, t.Name, body)
}
