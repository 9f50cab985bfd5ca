package target

// A coder turns codes into keys and values, and back, for every map of a variant.
type coder[K comparable, V any] struct {
	keys   table[K]
	sought *table[K] // keys as they are read and deleted: keys itself, or their aliases
	values table[V]
}

func newCoder[K comparable, V any](key Codec[K], value Codec[V]) *coder[K, V] {
	c := &coder[K, V]{keys: table[K]{codec: key}, values: table[V]{codec: value}}
	c.sought = &c.keys
	if key.Alias != nil {
		c.sought = &table[K]{codec: key.aliased()}
	}
	return c
}

func (c *coder[K, V]) prepare(lastKey, lastValue uint64) {
	c.keys.prepare(lastKey)
	c.sought.prepare(lastKey)
	c.values.prepare(lastValue)
}

//go:norace
func (c *coder[K, V]) key(code uint64) K { return c.keys.encode(code) }

//go:norace
func (c *coder[K, V]) seek(code uint64) K { return c.sought.encode(code) }

//go:norace
func (c *coder[K, V]) val(code uint64) V { return c.values.encode(code) }

// A coded is one map with its coder; its methods are those of a Map of codes,
// each for the map's method of the same name. What they touch themselves is a
// goroutine's own, or never written, so neither a race detector nor who stops
// goroutines at accesses has anything to see in them; and no method of the map's is
// inlined, being called by a variable. Hence go:norace: without it they are a fifth of
// a controlled run of small ops.
type coded[K comparable, V any] struct {
	*coder[K, V]
	*foreign
	m *Map[K, V] // between runs there may come another
	// What a goroutine's own coded passes to Range and Compute, made once, and
	// what these call in turn. All nil if several goroutines use it.
	each   func(K, V) bool
	yield  func(k, v uint64) bool
	change func(V, bool) (V, bool)
	answer func(uint64, bool) (uint64, bool)
	// The key of the Compute under way.
	changing uint64
}

// newOwn makes a coded for one goroutine alone.
func newOwn[K comparable, V any](c *coder[K, V], f *foreign, m *Map[K, V]) *coded[K, V] {
	w := &coded[K, V]{coder: c, foreign: f, m: m}
	w.each = func(k K, v V) bool { return w.yield(w.entry(k, v)) }
	w.change = func(old V, loaded bool) (V, bool) { return w.changed(w.changing, old, loaded, w.answer) }
	return w
}

// methods returns those that the map has.
func (w *coded[K, V]) methods() (methods Map[uint64, uint64]) {
	if w.m.Load != nil {
		methods.Load = w.load
	}
	if w.m.Store != nil {
		methods.Store = w.store
	}
	if w.m.Put != nil {
		methods.Put = w.put
	}
	if w.m.LoadOrStore != nil {
		methods.LoadOrStore = w.loadOrStore
	}
	if w.m.LoadAndDelete != nil {
		methods.LoadAndDelete = w.loadAndDelete
	}
	if w.m.Delete != nil {
		methods.Delete = w.delete
	}
	if w.m.Remove != nil {
		methods.Remove = w.remove
	}
	if w.m.Swap != nil {
		methods.Swap = w.swap
	}
	if w.m.CompareAndSwap != nil && !w.values.codec.of {
		methods.CompareAndSwap = w.compareAndSwap
	}
	if w.m.CompareAndDelete != nil && !w.values.codec.of {
		methods.CompareAndDelete = w.compareAndDelete
	}
	if w.m.Compute != nil {
		methods.Compute = w.compute
	}
	methods.Increment = w.incrementer()
	if w.m.Range != nil {
		methods.Range = w.rangeAll
	}
	if w.m.Len != nil {
		methods.Len = w.len
	}
	if w.m.IsEmpty != nil {
		methods.IsEmpty = w.isEmpty
	}
	if w.m.Clear != nil {
		methods.Clear = w.clear
	}
	if w.m.Clone != nil {
		methods.Clone = w.clone
	}
	methods.Custom = w.custom()
	if w.m.Close != nil {
		methods.Close = w.close
	}
	return methods
}

//go:norace
func (w *coded[K, V]) load(k uint64) (uint64, bool) {
	v, ok := w.m.Load(w.seek(k))
	return w.found(k, v, ok)
}

//go:norace
func (w *coded[K, V]) store(k, v uint64) { w.m.Store(w.key(k), w.val(v)) }

//go:norace
func (w *coded[K, V]) put(k, v uint64) bool { return w.m.Put(w.key(k), w.val(v)) }

//go:norace
func (w *coded[K, V]) loadOrStore(k, v uint64) (uint64, bool) {
	actual, loaded := w.m.LoadOrStore(w.key(k), w.val(v))
	return w.valueOf(k, actual), loaded
}

//go:norace
func (w *coded[K, V]) loadAndDelete(k uint64) (uint64, bool) {
	v, ok := w.m.LoadAndDelete(w.seek(k))
	return w.found(k, v, ok)
}

//go:norace
func (w *coded[K, V]) delete(k uint64) { w.m.Delete(w.seek(k)) }

//go:norace
func (w *coded[K, V]) remove(k uint64) bool { return w.m.Remove(w.seek(k)) }

//go:norace
func (w *coded[K, V]) swap(k, v uint64) (uint64, bool) {
	old, ok := w.m.Swap(w.key(k), w.val(v))
	return w.found(k, old, ok)
}

//go:norace
func (w *coded[K, V]) compareAndSwap(k, old, new uint64) bool {
	return w.m.CompareAndSwap(w.key(k), w.val(old), w.val(new))
}

//go:norace
func (w *coded[K, V]) compareAndDelete(k, old uint64) bool {
	return w.m.CompareAndDelete(w.seek(k), w.val(old))
}

//go:norace
func (w *coded[K, V]) compute(k uint64, f func(uint64, bool) (uint64, bool)) (uint64, bool) {
	if w.change != nil {
		outer, before := w.answer, w.changing // whose function calls this one
		w.answer, w.changing = f, k
		v, ok := w.m.Compute(w.key(k), w.change)
		w.answer, w.changing = outer, before
		return w.found(k, v, ok)
	}
	v, ok := w.m.Compute(w.key(k), func(old V, loaded bool) (V, bool) { return w.changed(k, old, loaded, f) })
	return w.found(k, v, ok)
}

//go:norace
func (w *coded[K, V]) changed(k uint64, old V, loaded bool, f func(uint64, bool) (uint64, bool)) (V, bool) {
	next, remove := f(w.found(k, old, loaded))
	return w.val(next), remove
}

//go:norace
func (w *coded[K, V]) rangeAll(yield func(k, v uint64) bool) {
	if w.each != nil {
		outer := w.yield // whose function calls this one
		w.yield = yield
		w.m.Range(w.each)
		w.yield = outer
		return
	}
	w.m.Range(func(k K, v V) bool { return yield(w.entry(k, v)) })
}

//go:norace
func (w *coded[K, V]) entry(k K, v V) (uint64, uint64) {
	code := decode(&w.keys.codec, k, "key", w.foreign)
	return code, w.valueOf(code, v)
}

//go:norace
func (w *coded[K, V]) len() int { return w.m.Len() }

//go:norace
func (w *coded[K, V]) isEmpty() bool { return w.m.IsEmpty() }

//go:norace
func (w *coded[K, V]) clear() { w.m.Clear() }

//go:norace
func (w *coded[K, V]) close() { w.m.Close() }

// clone wraps a clone on its own, as both maps are used from then on.
func (w *coded[K, V]) clone() Map[uint64, uint64] {
	m := w.m.Clone()
	return (&coded[K, V]{coder: w.coder, foreign: w.foreign, m: &m}).methods()
}

// found returns the code of what a method found of a key, if it did.
//
//go:norace
func (w *coded[K, V]) found(k uint64, v V, ok bool) (uint64, bool) {
	if !ok {
		return 0, false
	}
	return w.valueOf(k, v), true
}

//go:norace
func (w *coded[K, V]) value(v V) uint64 { return decode(&w.values.codec, v, "value", w.foreign) }

// decode returns the code of x, a key or a value as what says, or Foreign.
//
//go:norace
func decode[T any](c *Codec[T], x T, what string, f *foreign) uint64 {
	if code, ok := c.Decode(x); ok {
		return code
	}
	f.add(what + " " + c.describe(x, what[0]))
	return Foreign
}
