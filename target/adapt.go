package target

import (
	"fmt"
	"sync"
)

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
				return Instance{Map: c.coded(new(), f), Foreign: f.all}
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

// A coder drives a Map[K, V] by codes.
type coder[K comparable, V any] struct {
	keys   table[K]
	values table[V]
}

// decode returns x's code, or Foreign.
func decode[T any](c *Codec[T], x T, what string, f *foreign) uint64 {
	if code, ok := c.Decode(x); ok {
		return code
	}
	text := ""
	if c.Describe != nil {
		text = c.Describe(x)
	} else if text = fmt.Sprintf("%#v", x); len(text) > 200 {
		text = text[:200] + "..."
	}
	f.add(what + " " + text)
	return Foreign
}

// coded wraps every method that m has.
func (c *coder[K, V]) coded(m Map[K, V], f *foreign) Map[uint64, uint64] {
	key, val := c.keys.encode, c.values.encode
	answer := func(v V, ok bool) (uint64, bool) {
		if !ok {
			return 0, false
		}
		return decode(&c.values.codec, v, "value", f), true
	}
	w := Map[uint64, uint64]{Len: m.Len, Clear: m.Clear, Close: m.Close}
	if m.Load != nil {
		w.Load = func(k uint64) (uint64, bool) { return answer(m.Load(key(k))) }
	}
	if m.Store != nil {
		w.Store = func(k, v uint64) { m.Store(key(k), val(v)) }
	}
	if m.LoadOrStore != nil {
		w.LoadOrStore = func(k, v uint64) (uint64, bool) {
			actual, loaded := m.LoadOrStore(key(k), val(v))
			return decode(&c.values.codec, actual, "value", f), loaded
		}
	}
	if m.LoadAndDelete != nil {
		w.LoadAndDelete = func(k uint64) (uint64, bool) { return answer(m.LoadAndDelete(key(k))) }
	}
	if m.Delete != nil {
		w.Delete = func(k uint64) { m.Delete(key(k)) }
	}
	if m.Swap != nil {
		w.Swap = func(k, v uint64) (uint64, bool) { return answer(m.Swap(key(k), val(v))) }
	}
	if m.CompareAndSwap != nil {
		w.CompareAndSwap = func(k, old, new uint64) bool { return m.CompareAndSwap(key(k), val(old), val(new)) }
	}
	if m.CompareAndDelete != nil {
		w.CompareAndDelete = func(k, old uint64) bool { return m.CompareAndDelete(key(k), val(old)) }
	}
	c.computed(&w, m, f)
	if m.Range != nil {
		w.Range = func(yield func(k, v uint64) bool) {
			m.Range(func(k K, v V) bool {
				return yield(decode(&c.keys.codec, k, "key", f), decode(&c.values.codec, v, "value", f))
			})
		}
	}
	if m.Clone != nil {
		w.Clone = func() Map[uint64, uint64] { return c.coded(m.Clone(), f) }
	}
	return w
}

// computed wraps Compute, and Increment, for which Compute can serve.
func (c *coder[K, V]) computed(w *Map[uint64, uint64], m Map[K, V], f *foreign) {
	key, val := c.keys.encode, c.values.encode
	if m.Compute != nil {
		w.Compute = func(k uint64, compute func(uint64, bool) (uint64, bool)) (uint64, bool) {
			v, ok := m.Compute(key(k), func(old V, loaded bool) (V, bool) {
				code := uint64(0)
				if loaded {
					code = decode(&c.values.codec, old, "value", f)
				}
				next, remove := compute(code, loaded)
				return val(next), remove
			})
			if !ok {
				return 0, false
			}
			return decode(&c.values.codec, v, "value", f), true
		}
	}
	switch {
	case m.Increment != nil:
		w.Increment = func(k uint64) { m.Increment(key(k)) }
	case m.Compute != nil:
		w.Increment = func(k uint64) {
			w.Compute(k, func(old uint64, _ bool) (uint64, bool) { return old + 1, false })
		}
	}
}
