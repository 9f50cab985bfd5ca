package methods

import (
	"testing"

	"github.com/mapstress/mapstress/target"
)

// TestEvictsPairs: a map that has one key for each value is no cache.
func TestEvictsPairs(t *testing.T) {
	m, keys := plain{}, map[int]int{}
	pairs := target.Map[int, int]{
		Load: m.load,
		Store: func(k, v int) {
			delete(keys, m[k])
			if other, ok := keys[v]; ok {
				delete(m, other)
			}
			m[k], keys[v] = v, k
		},
		Delete: func(k int) { delete(keys, m[k]); delete(m, k) },
		Len:    func() int { return len(m) },
	}
	number := func(code uint64) int { return int(code) }
	if Evicts(pairs, number, number) != "" {
		t.Error("it is taken for a cache")
	}
}
