package target

import (
	"fmt"
	"strconv"
)

// A boxed code is one of the types of an Any; both halves hold the code. The fields are exported:
// a map may copy what it holds by reflection.
type boxed struct{ Code, Check uint64 }

func box(code uint64) boxed { return boxed{code, ^code} }

func (b boxed) decode() (uint64, bool) { return b.Code, b.Check == ^b.Code && b.Code <= maxCode }

// describe tells whose code the halves hold.
func (b boxed) describe(letter byte) string {
	return fmt.Sprintf("%c%d in bytes 0-7, %c%d in bytes 8-15", letter, b.Code, letter, ^b.Check)
}

// Any is the codec of interfaces whose dynamic type depends on the code. An
// interface is two words, so a torn one pairs one value's type with another's
// data; looking at it may fault, as it would in a program.
func Any() Codec[any] {
	return Codec[any]{
		Name:     "any",
		Costly:   true,
		Encode:   encodeAny,
		Decode:   decodeAny,
		Describe: describeAny,
	}
}

// AnyKey is Any for keys: its odd codes are slices, which panic when they are
// hashed. A map may be left with a lock held by that.
func AnyKey() Codec[any] {
	c := Any()
	c.Encode = func(code uint64) any {
		if isOdd(code) {
			return []uint64{code}
		}
		return encodeAny(code)
	}
	c.Odd = isOdd
	return c
}

// The dynamic types of an Any.
const (
	anyInt = iota
	anyString
	anyBoxed
	anyFloat
)

// anyTypes has the dynamic type of each code, by its remainder. Numbers and strings
// take turns, since a string type with a number for its data is the pair that faults:
// the number is taken for an address.
var anyTypes = [8]int{anyInt, anyString, anyInt, anyString, anyBoxed, anyString, anyFloat, anyInt}

func typeOf(code uint64) int { return anyTypes[code%uint64(len(anyTypes))] }

func encodeAny(code uint64) any {
	switch typeOf(code) {
	case anyInt:
		return int64(code)
	case anyString:
		return strconv.FormatUint(code, 10)
	case anyBoxed:
		return box(code)
	}
	return float64(code)
}

func decodeAny(v any) (uint64, bool) {
	code, kind := decodeData(v)
	return code, kind >= 0 && typeOf(code) == kind
}

// decodeData returns the code that an interface's data holds, and which of the four
// types it has; -1 if either is nobody's.
func decodeData(v any) (code uint64, kind int) {
	ok := false
	switch v := v.(type) {
	case int64:
		code, ok, kind = uint64(v), v >= 0 && v <= maxCode, anyInt
	case string:
		kind = anyString
		code, ok = decodeDigits(v)
	case boxed:
		kind = anyBoxed
		code, ok = v.decode()
	case float64:
		code, kind = uint64(v), anyFloat
		ok = v >= 0 && v <= maxCode && float64(code) == v
	}
	if !ok {
		return 0, -1
	}
	return code, kind
}

// describeAny tells the type from the data.
func describeAny(v any, letter byte) string {
	text := fmt.Sprintf("an interface of type %T", v)
	if code, kind := decodeData(v); kind >= 0 {
		return text + fmt.Sprintf(" with the data of %c%d, whose type is %T", letter, code, encodeAny(code))
	}
	switch v := v.(type) {
	case int64, float64:
		text += fmt.Sprintf(" with the data %v", v)
	case string:
		text += fmt.Sprintf(" with the data %.60q", v)
	case boxed:
		text += " with the data of " + v.describe(letter)
	}
	return text
}
