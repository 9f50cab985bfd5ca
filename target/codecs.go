package target

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// maxCode bounds what a decoder takes for a code: history.MaxCode and, where an
// int has room for them, increments on top.
const maxCode = math.MaxUint32 & math.MaxInt

// Int is the codec of ints: the code itself, so that m[k]++ adds one to it.
func Int() Codec[int] {
	return Codec[int]{
		Name:   "int",
		Encode: func(code uint64) int { return int(code) },
		Decode: func(v int) (uint64, bool) { return uint64(v), v >= 0 && v <= maxCode },
	}
}

// String is the codec of strings: the code's digits twice, with dots between them
// whose number depends on the code. A torn pair of pointer and length is seen,
// as the digits before the first dot fix how long the string must be.
func String() Codec[string] {
	return Codec[string]{
		Name:   "string",
		Costly: true,
		Encode: func(code uint64) string {
			digits := strconv.FormatUint(code, 10)
			return digits + strings.Repeat(".", dots(code)) + digits
		},
		Decode: decodeString,
	}
}

func dots(code uint64) int { return 1 + int(code%23) }

func decodeString(s string) (uint64, bool) {
	n := max(strings.IndexByte(s, '.'), 0)
	code, ok := decodeDigits(s[:n])
	return code, ok && len(s) == n+dots(code)+n && s[len(s)-n:] == s[:n] && strings.Count(s, ".") == dots(code)
}

// decodeDigits takes a code's digits, and nothing else that has the same value.
func decodeDigits(s string) (uint64, bool) {
	code, err := strconv.ParseUint(s, 10, 32)
	return code, err == nil && code <= maxCode && (s[0] != '0' || len(s) == 1)
}

// A boxed code is one of the types of an Any; both halves hold the code.
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
				return boxed{code, ^code}
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
		code, ok = decodeDigits(v)
		return code, ok && code%4 == 1
	case boxed:
		return v.code, v.check == ^v.code && v.code <= maxCode && v.code%4 == 2
	case float64:
		code = uint64(v)
		return code, v >= 0 && v <= maxCode && float64(code) == v && code%4 == 3
	}
	return 0, false
}

// Array4 is the codec of [4]int, all of which hold the code. Maps store it in
// place.
func Array4() Codec[[4]int] {
	return Codec[[4]int]{
		Name:     "[4]int",
		Encode:   func(code uint64) (a [4]int) { fill(a[:], code); return a },
		Decode:   func(a [4]int) (uint64, bool) { return decodeWords(a[:]) },
		Describe: func(a [4]int) string { return describeWords(a[:]) },
	}
}

// KiB2 is the codec of 2 KiB arrays that hold the code throughout. Arrays of more
// than 128 bytes are stored behind a pointer by the built-in map and copied
// word by word: the bigger, the easier torn.
func KiB2() Codec[[256]int] {
	return Codec[[256]int]{
		Name:     "2KiB",
		Costly:   true,
		Encode:   func(code uint64) (a [256]int) { fill(a[:], code); return a },
		Decode:   func(a [256]int) (uint64, bool) { return decodeWords(a[:]) },
		Describe: func(a [256]int) string { return describeWords(a[:]) },
	}
}

func fill(words []int, code uint64) {
	for i := range words {
		words[i] = int(code)
	}
}

func decodeWords(words []int) (uint64, bool) {
	for _, w := range words[1:] {
		if w != words[0] {
			return 0, false
		}
	}
	return uint64(words[0]), words[0] >= 0 && words[0] <= maxCode
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
