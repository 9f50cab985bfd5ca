package target

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

// biggest is history.MaxCode, which this floor does not import.
const biggest = 1<<31 - 1

func TestCodecs(t *testing.T) {
	testCodec(t, Int(), 1)
	testCodec(t, String(), 1)
	testCodec(t, Any(), 1)
	testCodec(t, Array4(), 1)
	testCodec(t, KiB2(), 997)
}

// testCodec checks every step-th code up to 100 000, and those where something
// about a codec changes.
func testCodec[T comparable](t *testing.T, c Codec[T], step uint64) {
	t.Run(c.Name, func(t *testing.T) {
		codes := []uint64{0, 1, 9, 10, 21, 22, 23, 24, 45, 46, 99, 2322, 2323, 99_999, biggest - 1, biggest}
		if strconv.IntSize == 64 {
			codes = append(codes, biggest+1, biggest+1<<20) // as increments make them
		}
		for code := uint64(0); code <= 100_000; code += step {
			codes = append(codes, code)
		}
		codeOf := make(map[T]uint64)
		for _, code := range codes {
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

// A torn string has the pointer of one and the length of another: it is cut
// short, or goes on with whatever is in memory.
func TestTornStrings(t *testing.T) {
	c := String()
	for code := uint64(0); code < 5000; code++ {
		s := c.Encode(code)
		for n := range len(s) {
			refuse(t, c, s[:n])
		}
		for _, more := range []string{"\x00", ".", "0", s, c.Encode(code + 1)} {
			refuse(t, c, s+more)
		}
	}
	for _, s := range []string{"", ".", "..", "7", "77", "+1..+1", "01..01", "-1..-1", "1.1", "1..2", "1.x1", strings.Repeat("9", 30) + "." + strings.Repeat("9", 30)} {
		refuse(t, c, s)
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
}

// A torn interface pairs the type of one code with the data of another.
func TestTornInterfaces(t *testing.T) {
	for _, v := range []any{
		nil, 4, uint64(4), int32(4), struct{}{},
		int64(5), int64(-4), int64(math.MaxInt64 - 3),
		"4", "", "5x", "+5", "05", "-3", "99999999997",
		float64(4), float64(-1), 3.5, math.NaN(), math.Inf(1), 1e18 + 3,
		boxed{3, ^uint64(3)}, boxed{2, 2}, boxed{2, ^uint64(6)}, boxed{1<<40 + 2, ^uint64(1<<40 + 2)}, &boxed{2, ^uint64(2)},
	} {
		refuse(t, Any(), v)
	}
	if got, want := describe(Any(), 7), "an interface of type int"; got != want {
		t.Errorf("described as %q; want %q", got, want)
	}
}

func TestTornArrays(t *testing.T) {
	small, big := Array4(), KiB2()
	for cut := 1; cut < 4; cut++ {
		a := small.Encode(7)
		copy(a[cut:], fillOf(4-cut, 9))
		refuse(t, small, a)
	}
	for cut := 1; cut < 256; cut++ {
		a := big.Encode(7)
		copy(a[cut:], fillOf(256-cut, 9))
		refuse(t, big, a)
		a = big.Encode(7)
		a[cut] = 9
		refuse(t, big, a)
	}
	refuse(t, small, [4]int{-1, -1, -1, -1})
}

func TestTornArraysAreDescribed(t *testing.T) {
	if strconv.IntSize != 64 {
		t.Skip("the bytes are those of 64-bit ints")
	}
	halves := KiB2().Encode(7)
	copy(halves[8:], fillOf(248, 9))
	if got, want := describe(KiB2(), halves), "v7 in bytes 0-63, v9 in bytes 64-2047"; got != want {
		t.Errorf("described as %q; want %q", got, want)
	}
	if got, want := describe(Array4(), [4]int{1, 2, 2, 1}), "v1 in bytes 0-7, v2 in bytes 8-23, v1 in bytes 24-31"; got != want {
		t.Errorf("described as %q; want %q", got, want)
	}
	var stripes [256]int
	for i := range stripes {
		stripes[i] = i
	}
	if got := describe(KiB2(), stripes); len(got) > 250 || !strings.HasSuffix(got, "...") {
		t.Errorf("a description of %d bytes: %q; want it cut", len(got), got)
	}
}

func TestWithoutDescribe(t *testing.T) {
	if got, want := describe(Int(), -5), "-5"; got != want {
		t.Errorf("described as %q; want %q", got, want)
	}
	if got := describe(String(), strings.Repeat("x", 1000)); len(got) != 203 {
		t.Errorf("a description of %d bytes; want it cut", len(got))
	}
}

func refuse[T any](t *testing.T, c Codec[T], v T) {
	t.Helper()
	if code, ok := c.Decode(v); ok {
		t.Errorf("%s: %#v is taken for code %d", c.Name, v, code)
	}
}

func describe[T any](c Codec[T], v T) string { return c.describe(v) }

func fillOf(n int, code uint64) []int {
	words := make([]int, n)
	fill(words, code)
	return words
}
