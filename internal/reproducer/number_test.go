package reproducer

import (
	"testing"

	"github.com/mapstress/mapstress/internal/match"
)

var (
	octet  = match.Type{Text: "uint8", Kind: "uint8", Comparable: true}
	port   = match.Type{Text: "uint16", Kind: "uint16", Comparable: true}
	host   = match.Type{Text: "string", Kind: "string", Comparable: true}
	whole  = match.Type{Text: "int", Kind: "int", Comparable: true}
	id     = match.Type{Text: "planted.ID", Kind: "int64", Comparable: true}
	small  = match.Type{Text: "int8", Kind: "int8", Comparable: true}
	digest = match.Type{Text: "planted.Digest", Kind: "array", Comparable: true, Elem: &octet, Len: 16}
	addr   = match.Type{Text: "[4]uint8", Kind: "array", Comparable: true, Elem: &octet, Len: 4}
	place  = match.Type{Text: "planted.Place", Kind: "struct", Comparable: true, Fields: []match.Field{{Name: "Host", Type: host}, {Name: "Port", Type: port}, {Name: "Addr", Type: addr}}}
)

// TestNumber: how structs and arrays are filled with a code, and with n; and of which there can be no program.
func TestNumber(t *testing.T) {
	array := func(of match.Type, n int) match.Type {
		return match.Type{Text: "[]" + of.Text, Kind: "array", Comparable: true, Elem: &of, Len: n}
	}
	of := func(fields ...match.Type) match.Type {
		t := match.Type{Text: "T", Kind: "struct", Comparable: true}
		for i, f := range fields {
			t.Fields = append(t.Fields, match.Field{Name: string(rune('A' + i)), Type: f})
		}
		return t
	}
	nobody := match.Type{Text: "*int", Kind: "ptr", Comparable: true}
	for _, test := range []struct {
		of       match.Type
		known    bool
		constant string // of 300
		variable string
	}{
		{of(whole), true, "T{A: 300}", "T{A: n}"},
		{of(id, nobody), true, "T{A: 300}", "T{A: planted.ID(n)}"},
		{of(nobody, host), true, `T{B: "300"}`, "T{B: strconv.Itoa(n)}"},
		{of(of(whole)), true, "T{A: T{A: 300}}", "T{A: T{A: n}}"},
		{of(octet, port, small), true, "T{A: 44, B: 1}", "T{A: uint8(n), B: uint16(n>>8), C: int8(n>>24)}"},
		{addr, true, "[4]uint8{44, 1}", "[4]uint8{uint8(n), uint8(n>>8), uint8(n>>16), uint8(n>>24)}"},
		{array(whole, 3), true, "[]int{300, 300, 300}", "[]int{n, n, n}"},
		{array(octet, 5), true, "[]uint8{44, 1}", "[]uint8{uint8(n), uint8(n>>8), uint8(n>>16), uint8(n>>24)}"},
		{of(octet, whole, octet), true, "T{A: 44, B: 300, C: 1}", "T{A: uint8(n), B: n, C: uint8(n>>8)}"},
		{array(array(port, 2), 2), true, "[][]uint16{[]uint16{300}, []uint16{300}}", "[][]uint16{[]uint16{uint16(n), uint16(n>>16)}, []uint16{uint16(n), uint16(n>>16)}}"},
		{of(port), false, "", ""},
		{of(nobody), false, "", ""},
		{array(small, 2), false, "", ""},
	} {
		k := Type{Name: test.of.Text, Kind: test.of.Kind, Of: &test.of}
		if err := k.known("key"); (err == nil) != test.known {
			t.Errorf("%+v: %v", test.of, err)
		}
		if !test.known {
			continue
		}
		if got := k.literal("key", 300); got != test.constant {
			t.Errorf("of 300: %s; want %s", got, test.constant)
		}
		if got, _ := (number{variable: true}).in(&test.of, 0); got != test.variable {
			t.Errorf("of n: %s; want %s", got, test.variable)
		}
	}
}
