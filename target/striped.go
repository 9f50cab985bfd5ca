package target

import (
	"maps"
	"sync"
)

// stripes is how many locks a striped map has: few enough that ops on different
// keys often meet.
const stripes = 4

// A stripedMap spreads its keys over several built-in maps, each behind a lock
// of its own: the usual hand-made concurrent map, done right.
type stripedMap[K, V comparable] struct {
	hash    func(K) uint64
	stripes [stripes]struct {
		sync.RWMutex
		m map[K]V
	}
}

func striped() Target {
	t := everyShape("striped", isStriped, Contract{
		Source:  "its own comments",
		Range:   Promise{Level: PerKey, Quote: "Range visits the stripes one after the other, each under its lock."},
		Len:     Promise{Level: Bounds, Quote: "Len adds up the stripes one after the other."},
		IsEmpty: Promise{Level: Bounds, Quote: "IsEmpty looks into the stripes one after the other."},
		Clear:   Promise{Level: PerKey, Quote: "Clear empties the stripes one after the other."},
		Clone:   Promise{Level: PerKey, Quote: "Clone copies the stripes one after the other."},

		InCompute: deferring.InCompute, InRange: deferring.InRange,
	})
	t.Doc = "a map of 4 stripes, each behind a sync.RWMutex"
	return t
}

func stripedMapOf[K, V comparable]() Map[K, V] {
	s := &stripedMap[K, V]{hash: hasher[K]()}
	for i := range s.stripes {
		s.stripes[i].m = make(map[K]V)
	}
	return s.methods()
}

// on gives a key's stripe the methods of a locked map, made for this call.
func (s *stripedMap[K, V]) on(k K) *locked[K, V] {
	stripe := &s.stripes[s.hash(k)%stripes]
	return &locked[K, V]{write: &stripe.RWMutex, read: stripe.RLocker(), m: stripe.m}
}

// methods: an op on one key is that of a locked map, on the key's stripe.
func (s *stripedMap[K, V]) methods() Map[K, V] {
	return Map[K, V]{
		Load:             func(k K) (V, bool) { return s.on(k).load(k) },
		Store:            func(k K, v V) { s.on(k).store(k, v) },
		LoadOrStore:      func(k K, v V) (V, bool) { return s.on(k).loadOrStore(k, v) },
		LoadAndDelete:    func(k K) (V, bool) { return s.on(k).loadAndDelete(k) },
		Delete:           func(k K) { s.on(k).loadAndDelete(k) },
		Swap:             func(k K, v V) (V, bool) { return s.on(k).swap(k, v) },
		CompareAndSwap:   func(k K, old, new V) bool { return s.on(k).compareAndSwap(k, old, new) },
		CompareAndDelete: func(k K, old V) bool { return s.on(k).compareAndDelete(k, old) },
		Compute:          func(k K, f func(V, bool) (V, bool)) (V, bool) { return s.on(k).compute(k, f) },
		Range:            s.rangeAll,
		Len:              s.len,
		IsEmpty:          func() bool { return s.len() == 0 },
		Clear:            s.clear,
		Clone:            s.clone,
	}
}

func (s *stripedMap[K, V]) rangeAll(yield func(K, V) bool) {
	visit := func(i int) bool {
		s.stripes[i].RLock()
		defer s.stripes[i].RUnlock()
		for k, v := range s.stripes[i].m {
			if !yield(k, v) {
				return false
			}
		}
		return true
	}
	for i := range s.stripes {
		if !visit(i) {
			return
		}
	}
}

func (s *stripedMap[K, V]) len() (n int) {
	for i := range s.stripes {
		s.stripes[i].RLock()
		n += len(s.stripes[i].m)
		s.stripes[i].RUnlock()
	}
	return n
}

func (s *stripedMap[K, V]) clear() {
	for i := range s.stripes {
		s.stripes[i].Lock()
		clear(s.stripes[i].m)
		s.stripes[i].Unlock()
	}
}

func (s *stripedMap[K, V]) clone() Map[K, V] {
	all := make(map[K]V)
	for i := range s.stripes {
		s.stripes[i].RLock()
		maps.Copy(all, s.stripes[i].m)
		s.stripes[i].RUnlock()
	}
	return methodsOf(all)
}
