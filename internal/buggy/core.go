package buggy

import "github.com/mapstress/mapstress/target"

// A core is the least that a map has to do itself.
type core interface {
	load(k int) (int, bool)
	// update replaces k's entry by what f makes of it, in one step: f gets the
	// value, and says what it shall be and whether there shall be one. It is
	// called once.
	update(k int, f change)
	each(yield func(k, v int) bool)
	size() int
	clear()
}

type change = func(v int, ok bool) (next int, keep bool)

// methods gives a core all the methods of a map. They are right if the core is.
func methods(c core) target.Map[int, int] {
	return target.Map[int, int]{
		Load: c.load,
		Store: func(k, v int) {
			c.update(k, func(int, bool) (int, bool) { return v, true })
		},
		LoadOrStore:   func(k, v int) (int, bool) { return loadOrStore(c, k, v) },
		LoadAndDelete: func(k int) (int, bool) { return loadAndDelete(c, k) },
		Delete:        func(k int) { loadAndDelete(c, k) },
		Swap:          func(k, v int) (int, bool) { return swap(c, k, v) },
		CompareAndSwap: func(k, old, new int) bool {
			return compareAnd(c, k, old, new, true)
		},
		CompareAndDelete: func(k, old int) bool {
			return compareAnd(c, k, old, 0, false)
		},
		Compute: func(k int, f func(int, bool) (int, bool)) (int, bool) { return compute(c, k, f) },
		Range:   c.each,
		Len:     c.size,
		Clear:   c.clear,
	}
}

func loadOrStore(c core, k, v int) (actual int, loaded bool) {
	c.update(k, func(old int, ok bool) (int, bool) {
		actual, loaded = v, ok
		if ok {
			actual = old
		}
		return actual, true
	})
	return actual, loaded
}

func loadAndDelete(c core, k int) (old int, loaded bool) {
	c.update(k, func(v int, ok bool) (int, bool) {
		old, loaded = v, ok
		return 0, false
	})
	return old, loaded
}

func swap(c core, k, v int) (old int, loaded bool) {
	c.update(k, func(was int, ok bool) (int, bool) {
		old, loaded = was, ok
		return v, true
	})
	return old, loaded
}

// compareAnd replaces old by new, or deletes it.
func compareAnd(c core, k, old, new int, keep bool) (done bool) {
	c.update(k, func(v int, ok bool) (int, bool) {
		if done = ok && v == old; done {
			return new, keep
		}
		return v, ok
	})
	return done
}

func compute(c core, k int, f func(int, bool) (int, bool)) (v int, ok bool) {
	c.update(k, func(old int, loaded bool) (int, bool) {
		next, remove := f(old, loaded)
		v, ok = next, !remove
		return v, ok
	})
	if !ok {
		return 0, false
	}
	return v, true
}
