package reproducer

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/mapstress/mapstress/internal/match"
)

// room is how many bits of a number a type must have room for, to be told from all others.
const room = 32

// A number is what keys and values are made of: a code, or the variable n of a program.
type number struct {
	code     uint64
	variable bool
}

// in returns source of a type's value that holds a number's bits from one on, and how many of
// them: none if it has no room. Parts that would be zero are left out of a struct, and at the
// end of an array.
func (x number) in(t *match.Type, from int) (source string, bits int) {
	if from >= room {
		return "", 0
	}
	switch t.Kind {
	case "int", "int32", "int64", "uint", "uint32", "uint64", "uintptr", "float64":
		return x.integer(t, from, room), room
	case "int16", "uint16":
		return x.integer(t, from, 16), 16
	case "int8", "uint8":
		return x.integer(t, from, 8), 8
	case "string":
		if x.variable {
			return converted(t, "strconv.Itoa(n)", "string"), room
		}
		return strconv.Quote(strconv.FormatUint(x.code, 10)), room
	case "struct":
		return x.fields(t, from)
	case "array":
		return x.elements(t, from)
	}
	return "", 0
}

func (x number) integer(t *match.Type, from, bits int) string {
	switch {
	case !x.variable && t.Kind == "int16":
		return strconv.FormatInt(int64(int16(x.code>>from)), 10)
	case !x.variable && t.Kind == "int8":
		return strconv.FormatInt(int64(int8(x.code>>from)), 10)
	case !x.variable && bits < room:
		return strconv.FormatUint(x.code>>from&(1<<bits-1), 10)
	case !x.variable:
		return strconv.FormatUint(x.code>>from, 10)
	case from > 0:
		return converted(t, fmt.Sprintf("n>>%d", from), "int")
	}
	return converted(t, "n", "int")
}

// converted is an expression of some type as one of another.
func converted(t *match.Type, source, of string) string {
	if t.Text == of {
		return source
	}
	return t.Text + "(" + source + ")"
}

func (x number) fields(t *match.Type, from int) (source string, bits int) {
	var all []string
	small := 0
	for i := range t.Fields {
		part, held, zero := x.part(&t.Fields[i].Type, from, &small)
		if !zero {
			all = append(all, t.Fields[i].Name+": "+part)
		}
		bits = min(bits+held, room)
	}
	return t.Text + "{" + strings.Join(all, ", ") + "}", bits
}

func (x number) elements(t *match.Type, from int) (source string, bits int) {
	var all []string
	small, last := 0, 0
	for i := range min(t.Len, longest) {
		part, held, zero := x.part(t.Elem, from, &small)
		if all = append(all, part); !zero {
			last = i + 1
		}
		bits = min(bits+held, room)
	}
	return t.Text + "{" + strings.Join(all[:last], ", ") + "}", bits
}

// longest is how much of an array is filled.
const longest = 16

// part is a field or an element: it holds all bits, if it has room, so that a torn value is seen, and
// else those that the small ones before it had no room for, if any.
func (x number) part(t *match.Type, from int, small *int) (source string, bits int, zero bool) {
	source, bits = x.in(t, from)
	if bits < room {
		from += *small
		source, bits = x.in(t, from)
		*small += bits
	}
	return source, bits, bits == 0 || !x.variable && x.code>>from&(1<<bits-1) == 0
}
