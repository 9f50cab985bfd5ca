package target

import "math"

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

// Int32 is the codec of int32 keys: the code itself. The built-in map has code of
// its own for keys of 4 bytes. It has no room for increments.
func Int32() Codec[int32] {
	return Codec[int32]{
		Name:   "int32",
		Encode: func(code uint64) int32 { return int32(code) },
		Decode: func(v int32) (uint64, bool) { return uint64(v), v >= 0 },
	}
}

// Float64 is the codec of float64 keys. Code 1, the first of a prefill, is 0, and
// its alias is -0: the two are equal, and a map must hash them alike. The odd
// codes are NaNs, which equal nothing: each insert adds an entry, which only
// Range and Clear reach. The others are whole numbers.
func Float64() Codec[float64] {
	return Codec[float64]{
		Name:   "float64",
		Encode: encodeFloat,
		Decode: decodeFloat,
		Odd:    isOdd,
		Alias:  func(code uint64) (float64, bool) { return math.Copysign(0, -1), code == 1 },
	}
}

// isOdd is the Odd of codecs in which every code that may be odd is.
func isOdd(code uint64) bool { return code >= FirstOdd }

// quietNaN has no payload; codes go there.
const quietNaN = 0x7ff8 << 48

func encodeFloat(code uint64) float64 {
	if isOdd(code) {
		return math.Float64frombits(quietNaN | code)
	}
	return float64(code) - 1
}

func decodeFloat(v float64) (uint64, bool) {
	if v != v {
		code := math.Float64bits(v) ^ quietNaN
		return code, isOdd(code) && code <= maxCode
	}
	if v < -1 || v >= float64(FirstOdd) {
		return 0, false
	}
	code := uint64(v + 1)
	return code, encodeFloat(code) == v && !isOdd(code)
}
