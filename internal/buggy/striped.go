package buggy

import (
	"maps"
	"sync"
)

// A stripe is a built-in map and its lock.
type stripe struct {
	sync.RWMutex
	m map[int]int // guarded by the lock
}

// A stripedMap is the correct core that bugs are planted in: it spreads its keys
// over stripes. With one stripe every method is one step.
type stripedMap []stripe

func newStriped(stripes int) stripedMap {
	s := make(stripedMap, stripes)
	for i := range s {
		s[i].m = make(map[int]int)
	}
	return s
}

func (s stripedMap) of(k int) *stripe { return &s[k%len(s)] }

func (s stripedMap) load(k int) (int, bool) {
	t := s.of(k)
	t.RLock()
	defer t.RUnlock()
	v, ok := t.m[k]
	return v, ok
}

func (s stripedMap) update(k int, f change) {
	t := s.of(k)
	t.Lock()
	defer t.Unlock()
	t.update(k, f)
}

// update needs the stripe's lock.
func (t *stripe) update(k int, f change) {
	v, ok := t.m[k]
	if next, keep := f(v, ok); keep {
		t.m[k] = next
	} else {
		delete(t.m, k)
	}
}

// each visits the stripes one after the other, and each at one instant.
func (s stripedMap) each(yield func(k, v int) bool) {
	for i := range s {
		s[i].RLock()
		instant := maps.Clone(s[i].m)
		s[i].RUnlock()
		for k, v := range instant {
			if !yield(k, v) {
				return
			}
		}
	}
}

func (s stripedMap) size() (n int) {
	for i := range s {
		s[i].RLock()
		n += len(s[i].m)
		s[i].RUnlock()
	}
	return n
}

// clear empties the stripes one after the other.
func (s stripedMap) clear() {
	for i := range s {
		s[i].Lock()
		clear(s[i].m)
		s[i].Unlock()
	}
}
