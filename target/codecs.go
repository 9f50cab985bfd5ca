package target

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// maxCode bounds what a decoder takes for a code: history.MaxCode, and room for
// increments on top.
const maxCode = math.MaxInt32

// Int is the codec of ints: the code itself, so that m[k]++ adds one to it.
func Int() Codec[int] {
	return Codec[int]{
		Name:   "int",
		Encode: func(code uint64) int { return int(code) },
		Decode: func(v int) (uint64, bool) { return uint64(v), v >= 0 && v <= maxCode },
	}
}

// String is the codec of strings: the code's digits, padded to a length that
// depends on the code, so that a torn pair of pointer and length is seen.
func String() Codec[string] {
	encode := func(code uint64) string {
		digits := strconv.FormatUint(code, 10)
		return digits + strings.Repeat(".", int(code%23)) + digits
	}
	return Codec[string]{
		Name:   "string",
		Costly: true,
		Encode: encode,
		Decode: func(s string) (uint64, bool) {
			return decodeDigits(s, encode)
		},
	}
}

// decodeDigits reads the digits that s starts with, and checks all the rest.
func decodeDigits(s string, encode func(uint64) string) (uint64, bool) {
	dot := strings.IndexByte(s, '.')
	if dot < 0 {
		dot = len(s) / 2 // code%23 == 0: the digits twice
	}
	code, err := strconv.ParseUint(s[:dot], 10, 32)
	if err != nil || code > maxCode || s != encode(code) {
		return 0, false
	}
	return code, true
}

// boxed is what an Any may point to; both halves hold the code.
type boxed struct{ code, check uint64 }

// Any is the codec of interfaces whose dynamic type depends on the code. An
// interface is two words, so a torn one pairs one value's type with another's
// data; looking at it may fault, as it would in a program.
func Any() Codec[any] {
	return Codec[any]{
		Name:   "any",
		Costly: true,
		Encode: func(code uint64) any {
			switch code % 4 {
			case 0:
				return int64(code)
			case 1:
				return strconv.FormatUint(code, 10)
			case 2:
				return &boxed{code, ^code}
			}
			return float64(code)
		},
		Decode:   decodeAny,
		Describe: func(v any) string { return fmt.Sprintf("an interface of type %T", v) },
	}
}

func decodeAny(v any) (code uint64, ok bool) {
	switch v := v.(type) {
	case int64:
		return uint64(v), v >= 0 && v <= maxCode && v%4 == 0
	case string:
		code, err := strconv.ParseUint(v, 10, 32)
		return code, err == nil && code%4 == 1
	case *boxed:
		return v.code, v.check == ^v.code && v.code%4 == 2
	case float64:
		code := uint64(v)
		return code, v >= 0 && v <= maxCode && float64(code) == v && code%4 == 3
	}
	return 0, false
}

// words is the codec of arrays of n ints that all hold the code. Arrays of more
// than 128 bytes are stored behind a pointer by the built-in map and copied
// word by word: the bigger, the easier torn.
func words[A any](name string, slice func(*A) []int) Codec[A] {
	return Codec[A]{
		Name: name,
		Encode: func(code uint64) A {
			var a A
			for i := range slice(&a) {
				slice(&a)[i] = int(code)
			}
			return a
		},
		Decode: func(a A) (uint64, bool) {
			s := slice(&a)
			for _, w := range s[1:] {
				if w != s[0] {
					return 0, false
				}
			}
			return uint64(s[0]), s[0] >= 0 && s[0] <= maxCode
		},
		Describe: func(a A) string { return describeWords(slice(&a)) },
	}
}

// describeWords tells the runs of equal words: "v7 in bytes 0-63, v9 in bytes 64-2047".
func describeWords(s []int) string {
	var b strings.Builder
	const size = strconv.IntSize / 8
	for from := 0; from < len(s); {
		to := from
		for to < len(s) && s[to] == s[from] {
			to++
		}
		if from > 0 {
			b.WriteString(", ")
		}
		if b.Len() > 160 {
			b.WriteString("...")
			break
		}
		fmt.Fprintf(&b, "v%d in bytes %d-%d", s[from], from*size, to*size-1)
		from = to
	}
	return b.String()
}

// Array4 is the codec of [4]int, which maps store in place.
func Array4() Codec[[4]int] {
	return words("[4]int", func(a *[4]int) []int { return a[:] })
}

// KiB2 is the codec of 2 KiB arrays.
func KiB2() Codec[[256]int] {
	c := words("2KiB", func(a *[256]int) []int { return a[:] })
	c.Costly = true
	return c
}
