package target

import "sync"

// Adapt makes a target of any map: new makes a fresh one, and the codecs turn
// codes into its keys and values. For the same map in several shapes, adapt
// each and Join them.
//
// Map.Increment should add one to the value's code; where it is nil and Compute
// is not, Compute serves for it.
func Adapt[K comparable, V any](name string, key Codec[K], value Codec[V], new func() Map[K, V], contract Contract) Target {
	c := &coder[K, V]{keys: table[K]{codec: key}, values: table[V]{codec: value}}
	return Target{
		Name:     name,
		Contract: contract,
		Variants: []Variant{{
			Shape: Shape{Key: key.Name, Value: value.Name},
			New: func() Instance {
				f := &foreign{}
				return Instance{Map: c.wrap(new(), f), Foreign: f.all}
			},
			Prepare: func(lastKey, lastValue uint64) {
				c.keys.prepare(lastKey)
				c.values.prepare(lastValue)
			},
		}},
	}
}

// Join makes one target of several that differ in shape only; the first one's
// name and contract count.
func Join(targets ...Target) Target {
	joined := targets[0]
	joined.Variants = nil
	for _, t := range targets {
		joined.Variants = append(joined.Variants, t.Variants...)
	}
	return joined
}

// foreign collects descriptions of values that have no code. That is rare, so
// its lock orders no workers that were not already in trouble.
type foreign struct {
	mu   sync.Mutex
	seen []string // guarded by mu; at most maxForeign
}

const maxForeign = 3

func (f *foreign) add(what string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.seen) < maxForeign {
		f.seen = append(f.seen, what)
	}
}

func (f *foreign) all() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seen
}

// A coder turns codes into keys and values, and back, for every map of a variant.
type coder[K comparable, V any] struct {
	keys   table[K]
	values table[V]
}

func (c *coder[K, V]) key(code uint64) K { return c.keys.encode(code) }
func (c *coder[K, V]) val(code uint64) V { return c.values.encode(code) }

// A coded is one map with its coder; its methods are those of a Map of codes,
// each for the map's method of the same name.
type coded[K comparable, V any] struct {
	*coder[K, V]
	*foreign
	m Map[K, V]
}

// wrap wraps the methods that m has.
func (c *coder[K, V]) wrap(m Map[K, V], f *foreign) Map[uint64, uint64] {
	w := &coded[K, V]{coder: c, foreign: f, m: m}
	methods := Map[uint64, uint64]{Len: m.Len, Clear: m.Clear, Close: m.Close}
	if m.Load != nil {
		methods.Load = w.load
	}
	if m.Store != nil {
		methods.Store = w.store
	}
	if m.LoadOrStore != nil {
		methods.LoadOrStore = w.loadOrStore
	}
	if m.LoadAndDelete != nil {
		methods.LoadAndDelete = w.loadAndDelete
	}
	if m.Delete != nil {
		methods.Delete = w.delete
	}
	if m.Swap != nil {
		methods.Swap = w.swap
	}
	if m.CompareAndSwap != nil {
		methods.CompareAndSwap = w.compareAndSwap
	}
	if m.CompareAndDelete != nil {
		methods.CompareAndDelete = w.compareAndDelete
	}
	if m.Compute != nil {
		methods.Compute = w.compute
		methods.Increment = w.incrementByCompute
	}
	if m.Increment != nil {
		methods.Increment = w.increment
	}
	if m.Range != nil {
		methods.Range = w.rangeAll
	}
	if m.Clone != nil {
		methods.Clone = w.clone
	}
	return methods
}

func (w *coded[K, V]) load(k uint64) (uint64, bool) { return w.found(w.m.Load(w.key(k))) }

func (w *coded[K, V]) store(k, v uint64) { w.m.Store(w.key(k), w.val(v)) }

func (w *coded[K, V]) loadOrStore(k, v uint64) (uint64, bool) {
	actual, loaded := w.m.LoadOrStore(w.key(k), w.val(v))
	return decode(&w.values.codec, actual, "value", w.foreign), loaded
}

func (w *coded[K, V]) loadAndDelete(k uint64) (uint64, bool) {
	return w.found(w.m.LoadAndDelete(w.key(k)))
}

func (w *coded[K, V]) delete(k uint64) { w.m.Delete(w.key(k)) }

func (w *coded[K, V]) swap(k, v uint64) (uint64, bool) {
	return w.found(w.m.Swap(w.key(k), w.val(v)))
}

func (w *coded[K, V]) compareAndSwap(k, old, new uint64) bool {
	return w.m.CompareAndSwap(w.key(k), w.val(old), w.val(new))
}

func (w *coded[K, V]) compareAndDelete(k, old uint64) bool {
	return w.m.CompareAndDelete(w.key(k), w.val(old))
}

func (w *coded[K, V]) compute(k uint64, f func(uint64, bool) (uint64, bool)) (uint64, bool) {
	return w.found(w.m.Compute(w.key(k), func(old V, loaded bool) (V, bool) {
		next, remove := f(w.found(old, loaded))
		return w.val(next), remove
	}))
}

func (w *coded[K, V]) increment(k uint64) { w.m.Increment(w.key(k)) }

func (w *coded[K, V]) incrementByCompute(k uint64) {
	w.compute(k, func(old uint64, _ bool) (uint64, bool) { return old + 1, false })
}

func (w *coded[K, V]) rangeAll(yield func(k, v uint64) bool) {
	w.m.Range(func(k K, v V) bool {
		return yield(decode(&w.keys.codec, k, "key", w.foreign), decode(&w.values.codec, v, "value", w.foreign))
	})
}

func (w *coded[K, V]) clone() Map[uint64, uint64] { return w.wrap(w.m.Clone(), w.foreign) }

// found returns the code of what a method found, if it did.
func (w *coded[K, V]) found(v V, ok bool) (uint64, bool) {
	if !ok {
		return 0, false
	}
	return decode(&w.values.codec, v, "value", w.foreign), true
}

// decode returns x's code, or Foreign.
func decode[T any](c *Codec[T], x T, what string, f *foreign) uint64 {
	if code, ok := c.Decode(x); ok {
		return code
	}
	f.add(what + " " + c.describe(x))
	return Foreign
}
