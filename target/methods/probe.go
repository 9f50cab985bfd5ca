package methods

import (
	"fmt"

	"github.com/mapstress/mapstress/target"
)

// Settle leaves out the methods that do not do what their names say, when one caller
// calls them on a map of a few keys: a Swap that does nothing for an absent key, say. It
// says which, and why. New makes fresh maps with these methods.
//
// It tries too little to find a bug: what it leaves out is of another meaning.
func Settle[K comparable, V comparable](found target.Map[K, V], fresh func() target.Map[K, V], key func(uint64) K, value func(uint64) V) (kept target.Map[K, V], left []string) {
	kept = found
	if found.Load == nil || found.Store == nil && found.LoadOrStore == nil {
		return kept, nil // nothing to look with
	}
	s := settling[K, V]{fresh, key, value, &left}
	kept.Store = keep(s, "Store", found.Store, func(m *trial[K, V]) {
		m.Store(key(1), value(2))
		m.holds("it", 1, 2)
		m.Store(key(1), value(3))
		m.holds("of a present key it", 1, 3)
	})
	kept.Swap = keep(s, "Swap", found.Swap, func(m *trial[K, V]) {
		_, had := m.Swap(key(1), value(2))
		m.want("of an absent key it answers that there was a value", !had)
		m.holds("of an absent key it", 1, 2)
		old, ok := m.Swap(key(1), value(3))
		m.want("it does not answer what was there", ok && old == value(2))
		m.holds("of a present key it", 1, 3)
	})
	kept.LoadOrStore = keep(s, "LoadOrStore", found.LoadOrStore, func(m *trial[K, V]) {
		v, loaded := m.LoadOrStore(key(1), value(2))
		m.want("of an absent key it does not answer the value and false", v == value(2) && !loaded)
		m.holds("of an absent key it", 1, 2)
		v, loaded = m.LoadOrStore(key(1), value(3))
		m.want("of a present key it does not answer its value and true", v == value(2) && loaded)
		m.holds("of a present key it", 1, 2)
	})
	kept.LoadAndDelete = keep(s, "LoadAndDelete", found.LoadAndDelete, func(m *trial[K, V]) {
		_, ok := m.LoadAndDelete(key(1))
		m.want("of an absent key it answers that there was a value", !ok)
		m.put(1, 2)
		v, ok := m.LoadAndDelete(key(1))
		m.want("it does not answer what was there", ok && v == value(2))
		m.lacks("it", 1)
	})
	kept.Delete = keep(s, "Delete", found.Delete, func(m *trial[K, V]) {
		m.put(1, 2)
		m.put(2, 3)
		m.Delete(key(1))
		m.lacks("it", 1)
		m.holds("of another key it", 2, 3)
	})
	kept.CompareAndSwap = keep(s, "CompareAndSwap", found.CompareAndSwap, func(m *trial[K, V]) {
		m.want("of an absent key it answers true", !m.CompareAndSwap(key(1), value(2), value(3)))
		m.lacks("of an absent key it", 1)
		m.put(1, 2)
		m.want("of another value it answers true", !m.CompareAndSwap(key(1), value(4), value(5)))
		m.want("of the value it answers false", m.CompareAndSwap(key(1), value(2), value(3)))
		m.holds("it", 1, 3)
	})
	kept.CompareAndDelete = keep(s, "CompareAndDelete", found.CompareAndDelete, func(m *trial[K, V]) {
		m.want("of an absent key it answers true", !m.CompareAndDelete(key(1), value(2)))
		m.put(1, 2)
		m.want("of another value it answers true", !m.CompareAndDelete(key(1), value(4)))
		m.want("of the value it answers false", m.CompareAndDelete(key(1), value(2)))
		m.lacks("it", 1)
	})
	kept.Compute = keep(s, "Compute", found.Compute, func(m *trial[K, V]) {
		v, ok := m.Compute(key(1), func(old V, loaded bool) (V, bool) {
			m.want("of an absent key it calls its function with true", !loaded)
			return value(2), false
		})
		m.want("it does not answer what is there then", ok && v == value(2))
		m.Compute(key(1), func(old V, loaded bool) (V, bool) {
			m.want("it does not call its function with what is there", loaded && old == value(2))
			return value(3), false
		})
		m.holds("it", 1, 3)
	})
	kept.Range = keep(s, "Range", found.Range, func(m *trial[K, V]) {
		m.put(1, 2)
		m.put(2, 3)
		n := 0
		m.Range(func(k K, v V) bool {
			n++
			m.want("it meets entries that are not there", k == key(1) && v == value(2) || k == key(2) && v == value(3))
			return true
		})
		m.want(fmt.Sprintf("of 2 entries it meets %d", n), n == 2)
		n = 0
		m.Range(func(K, V) bool { n++; return false })
		m.want("it goes on when its function answers false", n == 1)
	})
	kept.Len = keep(s, "Len", found.Len, func(m *trial[K, V]) {
		m.put(1, 2)
		m.put(2, 3)
		m.want(fmt.Sprintf("of 2 entries it answers %d", m.Len()), m.Len() == 2)
	})
	kept.IsEmpty = keep(s, "IsEmpty", found.IsEmpty, func(m *trial[K, V]) {
		m.want("of an empty map it answers false", m.IsEmpty())
		m.put(1, 2)
		m.want("of a map with an entry it answers true", !m.IsEmpty())
	})
	kept.Clear = keep(s, "Clear", found.Clear, func(m *trial[K, V]) {
		m.put(1, 2)
		m.Clear()
		m.lacks("it", 1)
	})
	return kept, left
}

// many is how many entries a map must hold not to be a cache: more than any schedule
// fills one with.
const many = 4000

// Evicts reports whether the map is a cache that lets go of entries: of many keys that
// one caller stores it has fewer, and says so by its Len, if it has one. One that has lost
// some and counts them still is no cache, but wrong.
func Evicts[K comparable, V comparable](m target.Map[K, V], key func(uint64) K, value func(uint64) V) bool {
	if m.Load == nil || m.Store == nil {
		return false
	}
	for k := uint64(1); k <= many; k++ {
		m.Store(key(k), value(k))
	}
	there := 0
	for k := uint64(1); k <= many; k++ {
		if _, ok := m.Load(key(k)); ok {
			there++
		}
	}
	return there < many && (m.Len == nil || m.Len() <= there)
}

type settling[K comparable, V comparable] struct {
	fresh func() target.Map[K, V]
	key   func(uint64) K
	value func(uint64) V
	left  *[]string
}

// keep returns the method if it does what it should on a fresh map, and its zero value
// if not.
func keep[K comparable, V comparable, F any](s settling[K, V], name string, method F, try func(*trial[K, V])) F {
	m := &trial[K, V]{Map: s.fresh(), settling: s}
	if m.Map.Close != nil {
		defer m.Map.Close()
	}
	var none F
	if isNil(any(method)) {
		return none
	}
	func() {
		defer func() {
			if r := recover(); r != nil {
				m.want(fmt.Sprintf("it panics: %v", r), false)
			}
		}()
		try(m)
	}()
	if m.wrong != "" {
		*s.left = append(*s.left, name+": "+m.wrong)
		return none
	}
	return method
}

// A trial is a map that one method is tried on.
type trial[K comparable, V comparable] struct {
	target.Map[K, V]
	settling settling[K, V]
	wrong    string // what is, first of all
}

func (m *trial[K, V]) want(otherwise string, ok bool) {
	if !ok && m.wrong == "" {
		m.wrong = otherwise
	}
}

func (m *trial[K, V]) put(k, v uint64) {
	if m.Store != nil {
		m.Store(m.settling.key(k), m.settling.value(v))
	} else {
		m.LoadOrStore(m.settling.key(k), m.settling.value(v))
	}
}

func (m *trial[K, V]) holds(who string, k, v uint64) {
	got, ok := m.Load(m.settling.key(k))
	m.want(who+" does not leave the value that it should", ok && got == m.settling.value(v))
}

func (m *trial[K, V]) lacks(who string, k uint64) {
	_, ok := m.Load(m.settling.key(k))
	m.want(who+" leaves the key there", !ok)
}
