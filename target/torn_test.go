package target

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"unsafe"
)

// A torn string has the pointer of one and the length of another: it is cut
// short, or goes on with whatever is in memory.
func TestTornStrings(t *testing.T) {
	testTornStrings(t, String(), 5000, 1, []string{"", ".", "..", "7", "77", "+1..+1", "01..01", "-1..-1", "1.1", "1..2", "1.x1",
		strings.Repeat("9", 30) + "." + strings.Repeat("9", 30)})
	testTornStrings(t, LongString(), 4*longCodes, 1021, []string{"", "=", "7..7", commonPrefix, commonPrefix + "=7........7",
		commonPrefix[1:] + "7........7", commonPrefix[:shortPrefix] + "7........7", commonPrefix + encodeString(longCodes)})
}

func testTornStrings(t *testing.T, c Codec[string], last, step uint64, foreign []string) {
	for code := uint64(0); code < last; code += step {
		s := c.Encode(code)
		for n := range len(s) {
			refuse(t, c, s[:n])
		}
		for _, more := range []string{"\x00", ".", "=", "0", s, c.Encode(code + 1)} {
			refuse(t, c, s+more)
		}
	}
	for _, s := range foreign {
		refuse(t, c, s)
	}
}

func TestTornStringsAreDescribed(t *testing.T) {
	c := String()
	seven, nine := "7........7", "9..........9"
	for n := 1; n < len(seven); n++ {
		described(t, c, seven[:n], "a string of "+length(n)+", v7"+inBytes(0, n)+"; v7 has 10")
	}
	described(t, c, seven[:5]+nine[5:], "a string of 12 bytes, "+inTwo(9, 12)+"; v7 has 10") // the dots are common to both
	described(t, c, nine[:5]+seven[5:], "a string of 10 bytes, v9 in bytes 0-8, v7 in byte 9; v9 has 12")
	described(t, c, seven+"\x00x", `a string of 12 bytes, v7 in bytes 0-9, "\x00x" in bytes 10-11; v7 has 10`)
	described(t, c, "", "a string of 0 bytes")
	described(t, c, "\x01", `a string of 1 bytes, "\x01" in byte 0`)
	long := LongString()
	described(t, long, long.Encode(7)[:5], `a string of 5 bytes, "=====" in bytes 0-4`)
	described(t, long, long.Encode(7)[:4100]+nine[4:], "a string of 4108 bytes, v7 in bytes 0-4104, v9 in bytes 4105-4107; v7 has 4106")
}

func length(n int) string { return strconv.Itoa(n) + " bytes" }

// Equal strings at one address are not compared at all.
func TestLongStringAlias(t *testing.T) {
	c := LongString()
	s := c.Encode(7)
	if alias, ok := c.Alias(7); !ok || alias != s || unsafe.StringData(alias) == unsafe.StringData(s) {
		t.Errorf("the alias is %q, %v; want the same at another address", alias, ok)
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
		[]uint64{FirstOdd},
	} {
		refuse(t, Any(), v)
		refuse(t, AnyKey(), v)
	}
	for want, v := range map[string]any{
		"an interface of type int": 7,
		"an interface of type int64 with the data of v5, whose type is string":                 int64(5),
		"an interface of type string with the data of v2, whose type is int64":                 "2",
		"an interface of type float64 with the data of v4, whose type is target.boxed":         float64(4),
		"an interface of type target.boxed with the data of v3, whose type is string":          box(3),
		"an interface of type target.boxed with the data of v2 in bytes 0-7, v6 in bytes 8-15": boxed{2, ^uint64(6)},
		`an interface of type string with the data "4\x00"`:                                    "4\x00",
		"an interface of type int64 with the data -4":                                          int64(-4),
		"an interface of type float64 with the data 0.5":                                       0.5,
		"an interface of type []uint64":                                                        []uint64{7},
	} {
		described(t, Any(), v, want)
	}
}

// The odd keys of an interface cannot be hashed.
func TestUnhashableKeys(t *testing.T) {
	c := AnyKey()
	for code, want := range map[uint64]bool{0: false, FirstOdd - 1: false, FirstOdd: true, FirstOdd + 7: true, biggest: true} {
		panicked := func() (panicked bool) {
			defer func() { panicked = recover() != nil }()
			_ = map[any]int{}[c.Encode(code)]
			return false
		}()
		if panicked != want || c.Odd(code) != want {
			t.Errorf("code %d cannot be hashed: %v, and is odd: %v; want %v", code, panicked, c.Odd(code), want)
		}
	}
}

// Either half of a Colliding key may be another's, and either field of a Pair.
func TestTornStructs(t *testing.T) {
	for a := uint64(0); a < 100; a++ {
		for b := uint64(0); b < 100; b++ {
			if a != b {
				refuse(t, Collide(), Colliding{boxed{a, ^b}})
				refuse(t, Struct(), Pair{encodeString(a), int(b)})
			}
		}
	}
	described(t, Collide(), Colliding{boxed{7, ^uint64(9)}}, "v7 in bytes 0-7, v9 in bytes 8-15")
	described(t, Struct(), Pair{encodeString(7), 9}, "a struct with v7 in Name, v9 in Number")
	described(t, Struct(), Pair{"7...", 7}, "a struct with a string of 4 bytes, v7 in bytes 0-3; v7 has 10 in Name, v7 in Number")
}

func TestCollidingKeys(t *testing.T) {
	hashes := map[uint64]int{}
	for code := range uint64(1000) {
		hashes[Collide().Encode(code).Hash()]++
	}
	if len(hashes) != 2 || hashes[0] != 500 || hashes[math.MaxUint64] != 500 {
		t.Errorf("1000 keys have the hashes %v; want two that differ in every bit, 500 keys each", hashes)
	}
}

func TestTornArrays(t *testing.T) {
	small, big := Array4(), KiB2()
	word := strconv.IntSize / 8
	for cut := 1; cut < 4; cut++ {
		a := small.Encode(7)
		copy(a[cut:], fillOf(4-cut, 9))
		described(t, small, a, inTwo(cut*word, 4*word))
	}
	for cut := 1; cut < 256; cut++ {
		a := big.Encode(7)
		copy(a[cut:], fillOf(256-cut, 9))
		described(t, big, a, inTwo(cut*word, 256*word))
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
	described(t, Array4(), [4]int{1, 2, 2, 1}, "v1 in bytes 0-7, v2 in bytes 8-23, v1 in bytes 24-31")
	within := [4]int{7, 7, 7, 7}
	within[2] = 7<<8 | 9 // the low bytes of 2313, 0x0909, at the wrong place
	refuse(t, Array4(), within)
	described(t, Array4(), [4]int{1, -1, 1, 1}, `v1 in bytes 0-7, "\xff\xff\xff\xff\xff\xff\xff\xff" in bytes 8-15, v1 in bytes 16-31`)
	var stripes [256]int
	for i := range stripes {
		stripes[i] = i
	}
	if got := describe(KiB2(), stripes); len(got) > 250 || !strings.HasSuffix(got, "...") {
		t.Errorf("a description of %d bytes: %q; want it cut", len(got), got)
	}
}

func fillOf(n int, code uint64) []int {
	words := make([]int, n)
	fill(words, code)
	return words
}
