package target

import (
	"math"
	"testing"
)

// Whatever is taken for a code is exactly that code's value; what is not, can be
// described.
func check[T comparable](t *testing.T, c Codec[T], v T) {
	code, ok := c.Decode(v)
	if !ok {
		if c.Describe != nil && c.describe(v, 'v') == "" {
			t.Errorf("%s: no description of %v", c.Name, v)
		}
		return
	}
	if again := c.Encode(code); again != v {
		t.Errorf("%s: %#v is taken for code %d, which is %#v", c.Name, v, code, again)
	}
}

func FuzzStrings(f *testing.F) {
	f.Add(encodeString(7), 7, false)
	f.Add("01.01", 1, true)
	f.Add("12", 0, true)
	f.Add("3.....3", 4, true)
	f.Fuzz(func(t *testing.T, s string, number int, long bool) {
		check(t, String(), s)
		check(t, Struct(), Pair{s, number})
		check(t, Any(), any(s))
		if long {
			check(t, LongString(), commonPrefix+s)
		} else {
			check(t, LongString(), commonPrefix[:shortPrefix]+s)
		}
	})
}

func FuzzNumbers(f *testing.F) {
	f.Add(math.Float64bits(0), uint64(7))
	f.Add(math.Float64bits(1<<29), ^uint64(7))
	f.Add(uint64(quietNaN|FirstOdd), uint64(0))
	f.Fuzz(func(t *testing.T, a, b uint64) {
		if v := math.Float64frombits(a); v != 0 || !math.Signbit(v) { // but for the alias
			check(t, bitsOf(Float64()), a)
		}
		if v := math.Float64frombits(a); v == v {
			check(t, Any(), any(v))
		}
		check(t, Any(), any(int64(a)))
		check(t, Any(), any(boxed{a, b}))
		check(t, Collide(), Colliding{boxed{a, b}})
		check(t, Array4(), [4]int{int(a), int(a), int(b), int(b)})
	})
}

func FuzzBytes(f *testing.F) {
	seven, nine := encodeBytes(7), encodeBytes(9)
	f.Add(seven[:], 7)
	f.Add(append(seven[:100:100], nine[100:]...), 9)
	f.Fuzz(func(t *testing.T, bytes []byte, number int) {
		a := encodeBytes(uint64(uint32(number)))
		copy(a[:], bytes)
		check(t, Bytes256(), a)
		check(t, KiB2(), [256]int{0: number, 255: len(bytes)})
	})
}
