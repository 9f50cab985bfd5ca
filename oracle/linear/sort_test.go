package linear

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestSortNearly(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	for range 2000 {
		s := make([]int64, r.IntN(100))
		width := 1 + r.Int64N(200)
		for i := range s {
			s[i] = int64(i) + r.Int64N(width)
		}
		want := slices.Clone(s)
		slices.Sort(want)
		same := func(x *int64) int64 { return *x }
		heaped := slices.Clone(s)
		if heapSort(heaped, same); !slices.Equal(heaped, want) {
			t.Fatalf("heapSort: %v, want %v", heaped, want)
		}
		if sortNearly(s, same); !slices.Equal(s, want) {
			t.Fatalf("sortNearly: %v, want %v", s, want)
		}
	}
}
