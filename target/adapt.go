package target

import "sync"

// Adapt makes a target of any map: new makes a fresh one, with the same methods
// each time, and the codecs turn codes into its keys and values. For the same
// map in several shapes, adapt each and Join them.
//
// New may do other things besides, such as to reset what all its maps share. Set Apart of the
// variant if it does not.
//
// Map.Increment should add one to the value's code. Where it is nil, Compute
// serves for it, or else a loop of Load, CompareAndSwap and LoadOrStore, if the
// map has them.
func Adapt[K comparable, V any](name string, key Codec[K], value Codec[V], new func() Map[K, V], contract Contract) Target {
	c := newCoder(key, value)
	return Target{
		Name:     name,
		Contract: contract,
		Variants: []Variant{{
			Shape: Shape{Key: key.Name, Value: value.Name},
			New: func() Instance {
				m, f := new(), &foreign{}
				had := fieldsOf(&m)
				return Instance{
					Map: (&coded[K, V]{coder: c, foreign: f, m: &m}).methods(),
					Own: func() Map[uint64, uint64] { return newOwn(c, f, &m).methods() },
					Renew: func() {
						f.forget()
						m = new()
						if fieldsOf(&m) != had {
							panic("mapstress: the function that makes maps made one with other methods than before; want the same ones set each time")
						}
					},
					Foreign: f.all,
					Odd:     key.Odd,
				}
			},
			Models: func() []Model {
				m := new()
				if m.Close != nil {
					defer m.Close()
				}
				return c.models(m.Custom)
			},
			Prepare: c.prepare,
		}},
	}
}

// fieldsOf has a bit for each method that a map has.
func fieldsOf[K comparable, V any](m *Map[K, V]) (bits uint32) {
	for i, has := range [...]bool{
		m.Load != nil, m.Store != nil, m.Put != nil, m.LoadOrStore != nil, m.LoadAndDelete != nil, m.Delete != nil, m.Remove != nil,
		m.Swap != nil, m.CompareAndSwap != nil, m.CompareAndDelete != nil, m.Compute != nil, m.Increment != nil,
		m.Range != nil, m.Len != nil, m.IsEmpty != nil, m.Clear != nil, m.Clone != nil, m.Close != nil,
	} {
		if has {
			bits |= 1 << i
		}
	}
	return bits
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

// forget drops what was seen, and leaves it to those who have it.
func (f *foreign) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen = nil
}

func (f *foreign) all() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seen
}
