package target

import (
	"math/rand"
	"testing"
)

// A tear is seen at every byte, and told: of codes whose low bytes differ, every
// byte does.
func TestTornBytes(t *testing.T) {
	c := Bytes256()
	seven, nine := c.Encode(7), c.Encode(9)
	for cut := 1; cut < 256; cut++ {
		a := seven
		copy(a[cut:], nine[cut:])
		if cut < 4 || cut > 252 {
			refuse(t, c, a) // and quoted: a few bytes do not tell a whole code
		} else {
			described(t, c, a, inTwo(cut, 256))
		}
		a = seven
		a[cut] = nine[cut]
		refuse(t, c, a)
		a = seven
		copy(a[cut:], seven[:]) // to another place
		refuse(t, c, a)
	}
	refuse(t, c, [256]byte{})
	first := seven
	copy(first[:2], nine[:2])
	described(t, c, first, `"\x1cu" in bytes 0-1, v7 in bytes 2-255`)
	third := seven
	copy(third[100:], nine[100:150])
	described(t, c, third, "v7 in bytes 0-99, v9 in bytes 100-149, v7 in bytes 150-255")
	copy(third[100:], "what is this? ")
	described(t, c, third, `v7 in bytes 0-99, "what is this? " in bytes 100-113, v9 in bytes 114-149, v7 in bytes 150-255`)
	large := c.Encode(biggest)
	copy(large[128:], nine[128:])
	described(t, c, large, "v2147483647 in bytes 0-127, v9 in bytes 128-255")
}

// Any two codes differ in a quarter of their bytes, two of one low byte in more:
// at worst as here.
func TestBytesDiffer(t *testing.T) {
	const codes = 600
	var all [codes][256]byte
	for code := range all {
		all[code] = encodeBytes(uint64(code))
	}
	for a := range all {
		for b := range a {
			differ := 0
			for i := range all[a] {
				if all[a][i] != all[b][i] {
					differ++
				}
			}
			want := 128
			if a>>8 == b>>8 {
				want = 256
			}
			if differ < want {
				t.Fatalf("codes %d and %d differ in %d bytes; want %d", a, b, differ, want)
			}
		}
	}
}

func TestPattern(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 100_000 {
		code := r.Uint32()
		if got := unpattern(pattern(code)); got != code {
			t.Fatalf("code %d comes back as %d", code, got)
		}
	}
}
