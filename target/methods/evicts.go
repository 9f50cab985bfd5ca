package methods

import (
	"fmt"
	"time"

	"github.com/mapstress/mapstress/target"
)

// many is how many entries a map must hold not to be a cache, where that takes no more than
// patience: more than any schedule fills one with.
const many = 4000

// guesses reports whether a set that has many keys answers of one that nobody stored that it is there.
func guesses[K comparable, V any](m target.Map[K, V], key func(uint64) K) bool {
	for n, started := uint64(1), time.Now(); n < 25*many && time.Since(started) < patience/50; n++ {
		if _, there := m.Load(key(many + n)); there {
			return true
		}
	}
	return false
}

// Evicts reports whether the map is a cache that lets go of entries, by how many of them stay, as
// "128 of 4000"; empty if all do. Of many keys that
// one caller stores it has fewer, and says so by its Len, if it has one. One that has lost
// some and counts them still is no cache, but wrong.
//
// Some caches write into a ring, and let go of what is in the way: of these many go as one other is
// deleted and stored again and again. Without a Len that says so, that is not taken for eviction.
func Evicts[K comparable, V any](m target.Map[K, V], key func(uint64) K, value func(uint64) V) (stay string) {
	if m.Load == nil || m.Store == nil {
		return ""
	}
	stored := 0
	for started := time.Now(); stored < many && time.Since(started) < patience; {
		stored++
		m.Store(key(uint64(stored)), value(uint64(stored)))
	}
	fewer := func() string {
		there := 0
		for k := range stored {
			if _, ok := m.Load(key(uint64(k) + 1)); ok {
				there++
			}
		}
		if there == stored || m.Len != nil && m.Len() > there {
			return ""
		}
		return fmt.Sprintf("%d of %d", there, stored)
	}
	if stay = fewer(); stay != "" || m.Delete == nil || m.Len == nil {
		return stay
	}
	done := make(chan string, 1)
	go func() { // left behind, if it waits for ever: that is for the search to find
		defer func() {
			if recover() != nil {
				done <- ""
			}
		}()
		for n := uint64(1); n <= many; n++ {
			m.Delete(key(1))
			m.Store(key(1), value(many+n)) // no other key's: a map may have one key for each value
		}
		done <- fewer()
	}()
	select {
	case stay = <-done:
	case <-time.After(patience):
	}
	return stay
}
