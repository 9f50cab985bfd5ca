package methods

import (
	"fmt"
	"strings"
	"time"

	"github.com/mapstress/mapstress/target"
)

// patience is how long one method may take on a map of a few keys. Those that wait are left
// out; one that is only slow has time.
const patience = 10 * time.Second

// Settle chooses among the candidates for each method the first that does what it should,
// when one caller calls it on a map of a few keys. Of methods none of whose candidates
// does, it says what is wrong: a Swap that does nothing for an absent key, say.
//
// It tries too little to find a bug: what it leaves out is of another meaning.
//
// Ranges are the candidates of the other methods that range over the map, too: a map may have
// several, each with bugs of its own.
func Settle[K comparable, V comparable](names Candidates, make Maker[K, V], key func(uint64) K, value func(uint64) V) (use Choice, ranges []int, left []string) {
	s := settling[K, V]{names: names, make: make, key: key, value: value, use: &use}
	s.pair()
	if use.Load == 0 {
		return Choice{}, nil, s.left
	}
	s.settle("Store", func(m *trial[K, V]) {
		m.Store(key(1), value(2))
		m.holds("it", 1, 2)
		m.Store(key(1), value(3))
		m.holds("of a present key it", 1, 3)
	})
	s.settle("Swap", func(m *trial[K, V]) {
		_, had := m.Swap(key(1), value(2))
		m.want("of an absent key it answers that there was a value", !had)
		m.holds("of an absent key it", 1, 2)
		old, ok := m.Swap(key(1), value(3))
		m.want("it does not answer what was there", ok && old == value(2))
		m.holds("of a present key it", 1, 3)
	})
	s.settle("LoadOrStore", func(m *trial[K, V]) {
		v, loaded := m.LoadOrStore(key(1), value(2))
		m.want("of an absent key it does not answer the value and false", v == value(2) && !loaded)
		m.holds("of an absent key it", 1, 2)
		v, loaded = m.LoadOrStore(key(1), value(3))
		m.want("of a present key it does not answer its value and true", v == value(2) && loaded)
		m.holds("of a present key it", 1, 2)
	})
	s.settle("LoadAndDelete", func(m *trial[K, V]) {
		_, ok := m.LoadAndDelete(key(1))
		m.want("of an absent key it answers that there was a value", !ok)
		m.store(1, 2)
		v, ok := m.LoadAndDelete(key(1))
		m.want("it does not answer what was there", ok && v == value(2))
		m.lacks("it", 1)
	})
	s.settle("Delete", func(m *trial[K, V]) {
		m.store(1, 2)
		m.store(2, 3)
		m.Delete(key(1))
		m.lacks("it", 1)
		m.holds("of another key it", 2, 3)
	})
	s.settle("CompareAndSwap", func(m *trial[K, V]) {
		m.want("of an absent key it answers true", !m.CompareAndSwap(key(1), value(2), value(3)))
		m.lacks("of an absent key it", 1)
		m.store(1, 2)
		m.want("of another value it answers true", !m.CompareAndSwap(key(1), value(4), value(5)))
		m.want("of the value it answers false", m.CompareAndSwap(key(1), value(2), value(3)))
		m.holds("it", 1, 3)
	})
	s.settle("CompareAndDelete", func(m *trial[K, V]) {
		m.want("of an absent key it answers true", !m.CompareAndDelete(key(1), value(2)))
		m.store(1, 2)
		m.want("of another value it answers true", !m.CompareAndDelete(key(1), value(4)))
		m.want("of the value it answers false", m.CompareAndDelete(key(1), value(2)))
		m.lacks("it", 1)
	})
	s.settle("Compute", func(m *trial[K, V]) {
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
		m.Compute(key(1), func(V, bool) (V, bool) { return value(3), true })
		m.lacks("when its function says to delete it", 1)
	})
	visit := func(m *trial[K, V]) {
		m.store(1, 2)
		m.store(2, 3)
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
	}
	s.settle("Range", visit)
	ranges = s.others("Range", visit)
	s.settle("Len", func(m *trial[K, V]) {
		m.store(1, 2)
		m.store(2, 3)
		m.want(fmt.Sprintf("of 2 entries it answers %d", m.Len()), m.Len() == 2)
	})
	s.settle("IsEmpty", func(m *trial[K, V]) {
		m.want("of an empty map it answers false", m.IsEmpty())
		m.store(1, 2)
		m.want("of a map with an entry it answers true", !m.IsEmpty())
	})
	s.settle("Clear", func(m *trial[K, V]) {
		m.store(1, 2)
		m.Clear()
		m.lacks("it", 1)
	})
	s.settle("Close", func(*trial[K, V]) {}) // it is closed in any case
	return use, ranges, s.left
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
	names Candidates
	make  Maker[K, V]
	key   func(uint64) K
	value func(uint64) V
	use   *Choice // so far
	put   string  // the field that puts entries in
	left  []string
}

// pair finds a method that stores and one that loads what is stored: everything else is
// looked at with them.
func (s *settling[K, V]) pair() {
	var failed []string
	for _, s.put = range []string{"Store", "LoadOrStore", "Swap"} {
		for writer := range s.names[s.put] {
			for reader := range s.names["Load"] {
				use := Choice{Load: reader + 1}
				*use.field(s.put) = writer + 1
				wrong := s.try(use, func(m *trial[K, V]) {
					m.lacks("a fresh map", 1)
					m.store(1, 2)
					m.holds("it", 1, 2)
				})
				if wrong == "" {
					*s.use = use
					return
				}
				failed = append(failed, fmt.Sprintf("%s: with %s, %s", s.names[s.put][writer], s.names["Load"][reader], wrong))
			}
		}
	}
	s.left = unique(failed)
}

// settle chooses the first candidate that does what it should.
func (s *settling[K, V]) settle(field string, do func(*trial[K, V])) {
	var failed []string
	for i, name := range s.names[field] {
		use := *s.use
		*use.field(field) = i + 1
		wrong := s.try(use, do)
		if wrong == "" {
			*s.use = use
			return
		}
		failed = append(failed, name+": "+wrong)
	}
	*s.use.field(field) = 0
	s.left = append(s.left, unique(failed)...)
}

// others returns the candidates of other methods than the chosen one that do what they
// should, the first of each.
func (s *settling[K, V]) others(field string, do func(*trial[K, V])) (numbers []int) {
	use, taken := *s.use, map[string]bool{}
	if n := use.Number(field); n > 0 {
		taken[s.names[field][n-1]] = true
	}
	for i, name := range s.names[field] {
		*use.field(field) = i + 1
		if !taken[name] && s.try(use, do) == "" {
			taken[name] = true
			numbers = append(numbers, i+1)
		}
	}
	return numbers
}

// unique keeps the first line of each method.
func unique(lines []string) (kept []string) {
	seen := map[string]bool{}
	for _, line := range lines {
		name, _, _ := strings.Cut(line, ":")
		if !seen[name] {
			seen[name] = true
			kept = append(kept, line)
		}
	}
	return kept
}

// try tries a choice on a fresh map, and returns what is wrong with it, if anything.
func (s *settling[K, V]) try(use Choice, do func(*trial[K, V])) string {
	done := make(chan string, 1)
	go func() { // left behind, if it waits for ever
		m := &trial[K, V]{settling: s}
		defer func() {
			if r := recover(); r != nil {
				m.want(fmt.Sprintf("it panics: %v", r), false)
			}
			done <- m.wrong
		}()
		m.Map = s.make(use)
		do(m)
		if m.Map.Close != nil {
			m.Map.Close()
		}
	}()
	select {
	case wrong := <-done:
		return wrong
	case <-time.After(patience):
		return fmt.Sprintf("it does not return in %v", patience)
	}
}

// A trial is a map that one method is tried on.
type trial[K comparable, V comparable] struct {
	target.Map[K, V]
	settling *settling[K, V]
	wrong    string // what is, first of all
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

func (m *trial[K, V]) holds(who string, k, v uint64) {
	got, ok := m.Load(m.settling.key(k))
	m.want(who+" does not leave the value that it should", ok && got == m.settling.value(v))
}

func (m *trial[K, V]) lacks(who string, k uint64) {
	_, ok := m.Load(m.settling.key(k))
	m.want(who+" leaves the key there", !ok)
}
