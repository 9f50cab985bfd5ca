package methods

import (
	"reflect"
	"time"

	"github.com/mapstress/mapstress/target"
)

// A trial is a map that one method is tried on.
type trial[K comparable, V any] struct {
	target.Map[K, V]
	settling *settling[K, V]
	wrong    string // what is, first of all
}

// same reports whether two values are equal; those that cannot be compared, if what is in them is.
func same[V any](a, b V) bool {
	if reflect.TypeFor[V]().Comparable() {
		return any(a) == any(b)
	}
	return reflect.DeepEqual(a, b)
}

func (m *trial[K, V]) want(otherwise string, ok bool) {
	if !ok && m.wrong == "" {
		m.wrong = otherwise
	}
}

// store puts an entry in, with the method that is known to.
func (m *trial[K, V]) store(k, v uint64) {
	key, value := m.settling.key(k), m.settling.value(v)
	switch m.settling.put {
	case "Store":
		m.Store(key, value)
	case "LoadOrStore":
		m.LoadOrStore(key, value)
	default:
		m.Swap(key, value)
	}
}

// What maps are that no use can be made of.
const (
	shared     = "the expression gives the same map each time, with what is in it; want one that makes a new map"
	background = "the value is there only some time later: a map that stores in the background cannot be tested, for a load may come too early"
)

// late reports whether an entry that is not there comes soon.
func (m *trial[K, V]) late(k, v uint64) bool {
	for i := range 50 {
		if got, ok := m.Load(m.settling.key(k)); ok && same(got, m.settling.value(v)) {
			return i > 0
		}
		time.Sleep(2 * time.Millisecond)
	}
	return false
}

func (m *trial[K, V]) holds(who string, k, v uint64) {
	got, ok := m.Load(m.settling.key(k))
	found := "there is another"
	if !ok {
		found = "there is none"
	}
	m.want(who+" does not leave the value that it should: "+found, ok && same(got, m.settling.value(v)))
}

func (m *trial[K, V]) fresh() {
	_, ok := m.Load(m.settling.key(1))
	m.want("of a fresh map it answers that a key is there", !ok)
}

// reads wants of a Load that it changes nothing: there is one that stores what is loaded, in bulk.
func (m *trial[K, V]) reads(k, v uint64) {
	for range 2 {
		got, ok := m.Load(m.settling.key(k))
		_, other := m.Load(m.settling.key(k + 1))
		m.want("it changes what is there", ok && same(got, m.settling.value(v)) && !other)
	}
}

func (m *trial[K, V]) lacks(who string, k uint64) {
	_, ok := m.Load(m.settling.key(k))
	m.want(who+" leaves the key there", !ok)
}

// counts wants of what deletes an entry that it does however often that was asked for: a map that counts
// its users takes it away with the last of them.
func (m *trial[K, V]) counts(remove func()) {
	key, value := m.settling.key(1), m.settling.value(2)
	m.store(1, 2)
	m.store(1, 2)
	if m.LoadOrStore != nil {
		m.LoadOrStore(key, value)
	}
	m.Load(key)
	remove()
	m.lacks("of a key that was stored or loaded several times it", 1)
}
