package target

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
)

// biggest is history.MaxCode, which this floor does not import.
const biggest = 1<<31 - 1

func TestCodecs(t *testing.T) {
	testCodec(t, Int(), 1, beyond())
	testCodec(t, Int32(), 1, biggest)
	testCodec(t, bitsOf(Float64()), 1, biggest)
	testCodec(t, String(), 1, beyond())
	testCodec(t, LongString(), 97, beyond())
	testCodec(t, Struct(), 3, beyond())
	testCodec(t, Collide(), 1, beyond())
	testCodec(t, Any(), 1, beyond())
	testCodec(t, AnyKey(), 1, FirstOdd-1)
	testCodec(t, Pointer(), 1, beyond())
	testCodec(t, Array4(), 1, beyond())
	testCodec(t, Bytes256(), 7, beyond())
	testCodec(t, KiB2(), 997, beyond())
}

// beyond is a code as increments make them, where there is room for any.
func beyond() uint64 { return min(biggest+1<<20, maxCode) }

// testCodec checks every step-th code up to 100 000, and those where something
// about a codec changes, up to the last one.
func testCodec[T comparable](t *testing.T, c Codec[T], step, last uint64) {
	t.Run(c.Name, func(t *testing.T) {
		codes := []uint64{0, 1, 9, 10, 21, 22, 23, 24, 45, 46, 99, longCodes - 1, longCodes, 2322, 2323, 99_999,
			FirstOdd - 1, FirstOdd, FirstOdd + 1, biggest - 1, biggest, biggest + 1, last}
		for code := uint64(0); code <= 100_000; code += step {
			codes = append(codes, code)
		}
		codeOf := make(map[T]uint64)
		for _, code := range codes {
			if code > last {
				continue
			}
			v := c.Encode(code)
			if v != c.Encode(code) {
				t.Fatalf("code %d gives another value each time", code)
			}
			if other, taken := codeOf[v]; taken && other != code {
				t.Fatalf("codes %d and %d give the same value %v", other, code, v)
			}
			codeOf[v] = code
			if got, ok := c.Decode(v); !ok || got != code {
				t.Fatalf("code %d comes back as %d, %v", code, got, ok)
			}
		}
	})
}

// bitsOf looks at floats bit by bit, so that even a NaN equals itself.
func bitsOf(c Codec[float64]) Codec[uint64] {
	return Codec[uint64]{
		Name:   c.Name,
		Encode: func(code uint64) uint64 { return math.Float64bits(c.Encode(code)) },
		Decode: func(bits uint64) (uint64, bool) { return c.Decode(math.Float64frombits(bits)) },
	}
}

func TestForeignInts(t *testing.T) {
	for _, v := range []int{-1, math.MinInt, math.MinInt32} {
		refuse(t, Int(), v)
	}
	if strconv.IntSize == 64 {
		beyond := uint64(maxCode) + 1 // a variable, as it is no constant of a 32-bit int
		refuse(t, Int(), int(beyond))
		refuse(t, Int(), math.MaxInt)
	}
	refuse(t, Int32(), -1)
	refuse(t, Int32(), math.MinInt32)
}

func TestFloats(t *testing.T) {
	c := Float64()
	alias, ok := c.Alias(1)
	if first := c.Encode(1); !ok || alias != first || math.Signbit(alias) == math.Signbit(first) {
		t.Errorf("code 1 is %v and has the alias %v, %v; want 0 and -0", first, alias, ok)
	}
	if code, ok := c.Decode(alias); code != 1 || !ok {
		t.Errorf("-0 is decoded as %d, %v; want 1", code, ok)
	}
	for _, code := range []uint64{0, 2, 3, FirstOdd} {
		if _, ok := c.Alias(code); ok {
			t.Errorf("code %d has an alias; want none, as only 0 equals another", code)
		}
	}
	for code, want := range map[uint64]bool{0: false, 1: false, FirstOdd - 1: false, FirstOdd: true, biggest: true} {
		if v := c.Encode(code); (v != v) != want || c.Odd(code) != want {
			t.Errorf("code %d is %v, odd %v; want a NaN, and odd: %v", code, v, c.Odd(code), want)
		}
	}
	for _, v := range []float64{-2, -1.5, 0.5, 1e-320, -1e-320, 1 << 30, 1e300, math.Inf(1), math.Inf(-1), math.NaN(), -math.NaN(),
		math.Float64frombits(quietNaN), math.Float64frombits(quietNaN | 1), math.Float64frombits(quietNaN | FirstOdd<<8)} {
		refuse(t, c, v)
	}
}

func TestWithoutDescribe(t *testing.T) {
	if got, want := describe(Int(), -5), "-5"; got != want {
		t.Errorf("described as %q; want %q", got, want)
	}
	if got := describe(Codec[string]{}, strings.Repeat("x", 1000)); len(got) != 203 {
		t.Errorf("a description of %d bytes; want it cut", len(got))
	}
}

func refuse[T any](t *testing.T, c Codec[T], v T) {
	t.Helper()
	if code, ok := c.Decode(v); ok {
		t.Errorf("%s: %#v is taken for code %d", c.Name, v, code)
	}
}

// described checks that a torn value is not taken for a code, and how it is
// described.
func described[T any](t *testing.T, c Codec[T], v T, want string) {
	t.Helper()
	refuse(t, c, v)
	if got := describe(c, v); got != want {
		t.Errorf("%s is described as\n%s; want\n%s", c.Name, got, want)
	}
}

func describe[T any](c Codec[T], v T) string { return c.describe(v, 'v') }

// inTwo is the description of memory that is v7's up to a byte, and v9's from
// there.
func inTwo(cut, size int) string {
	return fmt.Sprintf("v7%s, v9%s", inBytes(0, cut), inBytes(cut, size))
}
