package methods

import (
	"slices"
	"testing"

	"github.com/mapstress/mapstress/target"
)

// TestCounted: what gives back one of an entry's users deletes nothing, as long as there are others.
func TestCounted(t *testing.T) {
	names := Candidates{"Load": {"Get"}, "LoadOrStore": {"GetOrSet"}, "LoadAndDelete": {"Release"}, "Delete": {"Release"}, "Remove": {"Release"}}
	_, _, left := Settle(names, func(use Choice) (m target.Map[int, int]) {
		held, users := plain{}, plain{}
		release := func(k int) bool {
			users[k]--
			if users[k] > 0 {
				return false
			}
			_, there := held[k]
			delete(held, k)
			delete(users, k)
			return there
		}
		m.Load = held.load
		m.LoadOrStore = func(k, v int) (int, bool) {
			users[k]++
			if old, ok := held[k]; ok {
				return old, true
			}
			held[k] = v
			return v, false
		}
		if use.LoadAndDelete > 0 {
			m.LoadAndDelete = func(k int) (int, bool) { v := held[k]; return v, release(k) }
		}
		if use.Delete > 0 {
			m.Delete = func(k int) { release(k) }
		}
		if use.Remove > 0 {
			m.Remove = release
		}
		return m
	}, func(k uint64) int { return int(k) }, func(v uint64) int { return int(v) })
	const wrong = "of a key that was stored or loaded several times it leaves the key there"
	if want := []string{"Release: as load-and-delete, " + wrong, "Release: as delete, " + wrong, "Release: as delete that answers, " + wrong}; !slices.Equal(left, want) {
		t.Errorf("left out %q; want %q", left, want)
	}
}
