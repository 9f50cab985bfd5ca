package sparse

import (
	"math"
	"math/rand"
	"testing"
)

// As a map would have it.
func TestNumbers(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	var s Numbers
	for range 200 {
		want := map[uint64]int{}
		for range r.Intn(500) {
			key := uint64(r.Intn(300))
			switch key % 3 {
			case 1:
				key += 1 << 62
			case 2:
				key <<= 40
			}
			n, known := want[key]
			if !known {
				n = -1
			}
			if got := s.Known(key); got != n {
				t.Fatalf("%x: %d; want %d", key, got, n)
			}
			if !known {
				n = len(want)
				want[key] = n
			}
			if got := s.Of(key); got != n || s.Len() != len(want) {
				t.Fatalf("%x: %d of %d; want %d of %d", key, got, s.Len(), n, len(want))
			}
		}
		s.Reset()
	}
}

// What was forgotten long ago does not come back.
func TestResetForEver(t *testing.T) {
	var s Numbers
	s.Of(7)
	s.since = math.MaxUint32
	s.Of(8)
	s.Reset()
	for key := range uint64(10) {
		if s.Known(key) >= 0 {
			t.Errorf("%d is known", key)
		}
	}
	if s.Of(9) != 0 {
		t.Error("it does not begin with 0")
	}
}
