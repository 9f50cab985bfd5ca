package target

import (
	"fmt"
	"strconv"
	"strings"
)

// String is the codec of strings: the code's digits twice, with dots between them
// whose number depends on the code. A torn pair of pointer and length is seen,
// as the digits before the first dot fix how long the string must be.
func String() Codec[string] {
	return Codec[string]{
		Name:     "string",
		Costly:   true,
		Encode:   encodeString,
		Decode:   decodeString,
		Describe: func(s string, letter byte) string { return describeText(s, letter, encodeString) },
	}
}

func encodeString(code uint64) string {
	digits := strconv.FormatUint(code, 10)
	return digits + strings.Repeat(".", dots(code)) + digits
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

// LongString is the codec of string keys with a common prefix of 4 KiB, which
// take long to hash and to compare. Codes beyond the first have a shorter one, so
// that a large prefill stays within memory. An alias is a copy at another
// address: equal strings at one address are not compared at all.
func LongString() Codec[string] {
	return Codec[string]{
		Name:     "long-string",
		Costly:   true,
		Encode:   encodeLong,
		Decode:   decodeLong,
		Describe: func(s string, letter byte) string { return describeText(s, letter, encodeLong) },
		Alias:    func(code uint64) (string, bool) { return encodeLong(code), true },
	}
}

const (
	longPrefix  = 4 << 10
	shortPrefix = 64
	longCodes   = 2 << 10 // have the long prefix
)

var commonPrefix = strings.Repeat("=", longPrefix)

func prefixOf(code uint64) string {
	if code < longCodes {
		return commonPrefix
	}
	return commonPrefix[:shortPrefix]
}

func encodeLong(code uint64) string { return prefixOf(code) + encodeString(code) }

func decodeLong(s string) (uint64, bool) {
	n := longPrefix
	if len(s) <= longPrefix {
		n = shortPrefix
	}
	if len(s) <= n || s[:n] != commonPrefix[:n] {
		return 0, false
	}
	code, ok := decodeString(s[n:])
	return code, ok && len(prefixOf(code)) == n
}

// describeText tells how long a torn string is, and which bytes are whose:
// "a string of 6 bytes, v7 in bytes 0-5; v7 has 10".
func describeText(s string, letter byte, encode func(uint64) string) string {
	var codes []uint64
	for _, digits := range strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' }) {
		if code, ok := decodeDigits(digits); ok && len(codes) < 8 {
			codes = append(codes, code)
		}
	}
	text := fmt.Sprintf("a string of %d bytes", len(s))
	if s != "" {
		text += ", " + whose(s, letter, codes, encode)
	}
	if len(codes) > 0 {
		text += fmt.Sprintf("; %c%d has %d", letter, codes[0], len(encode(codes[0])))
	}
	return text
}
