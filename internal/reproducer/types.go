package reproducer

import (
	"fmt"
	"strconv"
	"strings"
)

// literal returns the source of the key or value of a code, as mapstress makes it.
func (t Type) literal(code uint64) string {
	switch t.Kind {
	case "string":
		return strconv.Quote(t.text(code))
	case "float64":
		if t.Name == "float64" {
			return strconv.FormatUint(code, 10) + " - 1"
		}
	case "ptr":
		return fmt.Sprintf("&values[%d]", code)
	case "bool":
		return "true"
	case "struct":
		return t.Name + "{}"
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
	case t.Kind == "string":
		uses[what] = true
		return what + "(" + name + ")"
	case t.Kind == "ptr":
		return "&values[" + name + "]"
	case t.Kind == "bool", t.Kind == "struct":
		return t.literal(0)
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
	case "ptr", "bool":
		if what == "value" {
			return nil
		}
	case "struct": // of a set
		if what == "value" && t.Name == nothing {
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

// maker is the function that makes a string of a code, for loops.
func (t Type) maker(what string) string {
	body := "return strconv.Itoa(n)\n"
	if t.Name == "string" {
		body = "return strconv.Itoa(n) + strings.Repeat(\".\", 1+n%23) + strconv.Itoa(n)\n"
	} else {
		body = "return " + t.Name + "(strconv.Itoa(n))\n"
	}
	return fmt.Sprintf("// %s returns the n-th %s.\nfunc %s(n int) %s {\n%s}\n\n", what, what, what, t.Name, body)
}
