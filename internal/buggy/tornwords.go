package buggy

import (
	"sync"

	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/target"
)

func tornWords() Bug {
	b := Bug{
		Doc: "a value has several words; a writer replaces them one by one under the lock, " +
			"and Load copies them after it has given the lock back",
		Expect: Expect{oracle.SilentCorruption: {oracle.TornValue}},
	}
	small, smallRepaired := pairOf("torn-words", target.Array4(), target.Contract{}, wide[[4]int](false), wide[[4]int](true))
	big, bigRepaired := pairOf("torn-words", target.KiB2(), target.Contract{}, wide[[256]int](false), wide[[256]int](true))
	b.Target, b.Correct = target.Join(small, big), target.Join(smallRepaired, bigRepaired)
	return b
}

func wide[V words](copyLocked bool) func() target.Map[int, V] {
	return func() target.Map[int, V] {
		return methods(&wideMap[V]{copyLocked: copyLocked, m: map[int]cell[V]{}})
	}
}

// A wideMap overwrites values in place.
type wideMap[V words] struct {
	copyLocked bool // false is the bug
	sync.RWMutex
	m map[int]cell[V] // guarded by the lock, the cells' words too
}

func (w *wideMap[V]) load(k int) (v V, ok bool) {
	w.RLock()
	c := w.m[k]
	if c != nil && w.copyLocked {
		v = c.load()
	}
	w.RUnlock()
	if c != nil && !w.copyLocked {
		v = c.load() // the bug: somebody may be writing
	}
	return v, c != nil
}

func (w *wideMap[V]) update(k int, f func(V, bool) (V, bool)) {
	w.Lock()
	defer w.Unlock()
	var v V
	c := w.m[k]
	if c != nil {
		v = c.load()
	}
	next, keep := f(v, c != nil)
	switch {
	case !keep:
		delete(w.m, k)
		return
	case c == nil:
		c = newCell[V]()
		w.m[k] = c
	}
	c.store(next)
}

func (w *wideMap[V]) each(yield func(k int, v V) bool) {
	w.RLock()
	instant := make(map[int]V, len(w.m))
	for k, c := range w.m {
		instant[k] = c.load()
	}
	w.RUnlock()
	for k, v := range instant {
		if !yield(k, v) {
			return
		}
	}
}

func (w *wideMap[V]) size() int {
	w.RLock()
	defer w.RUnlock()
	return len(w.m)
}

func (w *wideMap[V]) clear() {
	w.Lock()
	defer w.Unlock()
	clear(w.m)
}
