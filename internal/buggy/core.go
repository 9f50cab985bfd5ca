package buggy

import "github.com/mapstress/mapstress/target"

// A core is the least that a map has to do itself.
type core[V any] interface {
	load(k int) (V, bool)
	// update replaces k's entry by what f makes of it, in one step: f gets the
	// value, and says what it shall be and whether there shall be one. It is
	// called once.
	update(k int, f func(v V, ok bool) (next V, keep bool))
	each(yield func(k int, v V) bool)
	size() int
	clear()
}

// A change is what update does to an int.
type change = func(v int, ok bool) (next int, keep bool)

// methods gives a core all the methods of a map. They are right if the core is.
func methods[V comparable](c core[V]) target.Map[int, V] {
	return target.Map[int, V]{
		Load:             c.load,
		Store:            func(k int, v V) { store(c, k, v) },
		LoadOrStore:      func(k int, v V) (V, bool) { return loadOrStore(c, k, v) },
		LoadAndDelete:    func(k int) (V, bool) { return loadAndDelete(c, k) },
		Delete:           func(k int) { loadAndDelete(c, k) },
		Swap:             func(k int, v V) (V, bool) { return swap(c, k, v) },
		CompareAndSwap:   func(k int, old, new V) bool { return compareAnd(c, k, old, new, true) },
		CompareAndDelete: func(k int, old V) bool { return compareAnd(c, k, old, old, false) },
		Compute:          func(k int, f func(V, bool) (V, bool)) (V, bool) { return compute(c, k, f) },
		Range:            c.each,
		Len:              c.size,
		Clear:            c.clear,
	}
}

func store[V any](c core[V], k int, v V) {
	c.update(k, func(V, bool) (V, bool) { return v, true })
}

func loadOrStore[V any](c core[V], k int, v V) (actual V, loaded bool) {
	c.update(k, func(old V, ok bool) (V, bool) {
		actual, loaded = v, ok
		if ok {
			actual = old
		}
		return actual, true
	})
	return actual, loaded
}

func loadAndDelete[V any](c core[V], k int) (old V, loaded bool) {
	c.update(k, func(v V, ok bool) (V, bool) {
		old, loaded = v, ok
		return v, false
	})
	return old, loaded
}

func swap[V any](c core[V], k int, v V) (old V, loaded bool) {
	c.update(k, func(was V, ok bool) (V, bool) {
		old, loaded = was, ok
		return v, true
	})
	return old, loaded
}

// compareAnd replaces old by new, or deletes it.
func compareAnd[V comparable](c core[V], k int, old, new V, keep bool) (done bool) {
	c.update(k, func(v V, ok bool) (V, bool) {
		if done = ok && v == old; done {
			return new, keep
		}
		return v, ok
	})
	return done
}

func compute[V any](c core[V], k int, f func(V, bool) (V, bool)) (v V, ok bool) {
	c.update(k, func(old V, loaded bool) (V, bool) {
		next, remove := f(old, loaded)
		if ok = !remove; ok {
			v = next
		}
		return next, ok
	})
	return v, ok
}
