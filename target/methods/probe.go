package methods

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// patience is how long one method may take on a map of a few keys. Those that wait are left
// out; one that is only slow has time. A test makes it shorter.
var patience = 10 * time.Second

// Settle chooses among the candidates for each method the first that does what it should,
// when one caller calls it on a map of a few keys. Of methods none of whose candidates
// does, it says what is wrong: a Swap that does nothing for an absent key, say.
//
// It tries too little to find a bug: what it leaves out is of another meaning.
//
// Others are choices of the further methods that do the same: a map may have several that range
// over it, or that load, each with bugs of its own. The first of the others has the second
// method of each meaning, and so on.
func Settle[K comparable, V any](names Candidates, make Maker[K, V], key func(uint64) K, value func(uint64) V) (use Choice, others []Other, left []string) {
	s := settling[K, V]{names: names, make: make, key: key, value: value, use: &use, further: map[string][]int{}}
	s.pair("Store", "LoadOrStore", "Swap")
	if use.Load == 0 {
		return Choice{}, nil, s.left
	}
	loads := func(m *trial[K, V]) {
		m.fresh()
		m.store(1, 2)
		m.holds("it", 1, 2)
		_, ok := m.Load(key(2))
		m.want("of another key it answers that it is there", !ok)
		m.reads(1, 2)
	}
	s.further["Load"] = s.others("Load", loads)
	s.settle("Store", func(m *trial[K, V]) {
		m.Store(key(1), value(2))
		m.holds("it", 1, 2)
		m.Store(key(1), value(3))
		m.holds("of a present key it", 1, 3)
	})
	if left, load := s.left, use.Load; s.put == "Store" && use.Store == 0 { // all else wants one that stores
		use = Choice{}
		if s.pair("LoadOrStore", "Swap"); use.Load == 0 {
			return Choice{Load: load}, nil, left
		}
		s.further["Load"] = s.others("Load", loads)
		s.left = left
	}
	s.settle("Put", func(m *trial[K, V]) {
		m.want("of an absent key it answers that it was there", !m.Put(key(1), value(2)))
		m.holds("of an absent key it", 1, 2)
		for range 2 { // of the same value, too
			m.want("of a present key it answers that it was not there", m.Put(key(1), value(3)))
			m.holds("of a present key it", 1, 3)
		}
	})
	s.settle("Swap", func(m *trial[K, V]) {
		_, had := m.Swap(key(1), value(2))
		m.want("of an absent key it answers that there was a value", !had)
		m.holds("of an absent key it", 1, 2)
		old, ok := m.Swap(key(1), value(3))
		m.want("it does not answer what was there", ok && same(old, value(2)))
		m.holds("of a present key it", 1, 3)
	})
	s.settle("LoadOrStore", func(m *trial[K, V]) {
		v, loaded := m.LoadOrStore(key(1), value(2))
		m.want("of an absent key it does not answer the value and false", same(v, value(2)) && !loaded)
		m.holds("of an absent key it", 1, 2)
		v, loaded = m.LoadOrStore(key(1), value(3))
		m.want("of a present key it does not answer its value and true", same(v, value(2)) && loaded)
		m.holds("of a present key it", 1, 2)
	})
	if use.Number(s.put) == 0 && use.Swap > 0 {
		s.put = "Swap"
	}
	if use.Number(s.put) == 0 { // what stores in an empty map is none of these
		return Choice{Load: use.Load}, nil, s.left
	}
	s.settle("LoadAndDelete", func(m *trial[K, V]) {
		_, ok := m.LoadAndDelete(key(1))
		m.want("of an absent key it answers that there was a value", !ok)
		m.store(1, 2)
		v, ok := m.LoadAndDelete(key(1))
		m.want("it does not answer what was there", ok && same(v, value(2)))
		m.lacks("it", 1)
		m.counts(func() { m.LoadAndDelete(key(1)) })
	})
	s.settle("Delete", func(m *trial[K, V]) {
		m.store(1, 2)
		m.store(2, 3)
		m.Delete(key(1))
		m.lacks("it", 1)
		m.holds("of another key it", 2, 3)
		m.counts(func() { m.Delete(key(1)) })
	})
	s.settle("Remove", func(m *trial[K, V]) {
		m.want("of an absent key it answers that it was there", !m.Remove(key(1)))
		m.store(1, 2)
		m.store(2, 3)
		m.want("of a present key it answers that it was not there", m.Remove(key(1)))
		m.lacks("it", 1)
		m.holds("of another key it", 2, 3)
		m.counts(func() { m.Remove(key(1)) })
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
		m.want("it does not answer what is there then", ok && same(v, value(2)))
		m.Compute(key(1), func(old V, loaded bool) (V, bool) {
			m.want("it does not call its function with what is there", loaded && same(old, value(2)))
			return value(3), false
		})
		m.holds("it", 1, 3)
		m.Compute(key(1), func(V, bool) (V, bool) { return value(3), true })
		m.lacks("when its function says to delete it", 1)
	})
	visit := func(m *trial[K, V]) {
		m.store(1, 2)
		m.store(2, 3)
		m.store(2, 3) // a list has it twice
		n := 0
		m.Range(func(k K, v V) bool {
			n++
			m.want("it meets entries that are not there", k == key(1) && same(v, value(2)) || k == key(2) && same(v, value(3)))
			return true
		})
		m.want(fmt.Sprintf("of 2 entries it meets %d", n), n == 2)
		n = 0
		m.Range(func(K, V) bool { n++; return false })
		m.want("it goes on when its function answers false", n == 1)
	}
	s.settle("Range", visit)
	s.settle("Len", func(m *trial[K, V]) {
		m.store(1, 2)
		m.store(2, 3)
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
		m.store(2, 3)
		m.Clear()
		m.lacks("it", 1)
		m.lacks("it", 2)
	})
	s.settle("Clone", func(m *trial[K, V]) {
		m.store(1, 2)
		m.store(2, 3)
		clone := m.Clone()
		m.store(3, 4)
		if m.Delete != nil {
			m.Delete(key(2))
		}
		first, ok := clone.Load(key(1))
		m.want("it answers no map with the same entries", ok && same(first, value(2)))
		second, ok := clone.Load(key(2))
		m.want("what is deleted later is not in it either", ok && same(second, value(3)))
		_, ok = clone.Load(key(3))
		m.want("what is stored later is in it, too", !ok)
		if clone.Close != nil {
			clone.Close()
		}
	})
	s.settle("Close", func(*trial[K, V]) {}) // it is closed in any case
	others = s.choices()
	s.align(&use)
	return use, others, s.left
}

// answering are the fields that are others with an answer: where both are there, only these are called.
var answering = map[string]string{"Put": "Store", "Remove": "Delete"}

// align has a choice answer with the method that it stores or deletes with, or not at all.
func (s *settling[K, V]) align(c *Choice) {
	for answers, silent := range answering {
		right, said := append([]int{s.use.Number(answers)}, s.further[answers]...), c.field(answers)
		*said = 0
		for _, n := range right {
			if n > 0 && c.Number(silent) > 0 && s.names[answers][n-1] == s.names[silent][c.Number(silent)-1] {
				*said = n
			}
		}
	}
}

// choices are the further methods, put together.
func (s *settling[K, V]) choices() (all []Other) {
	for i := 0; ; i++ {
		other := Other{Choice: *s.use}
		var called []string
		for _, f := range fields {
			if further := s.further[f.name]; i < len(further) && answering[f.name] == "" {
				*other.field(f.name) = further[i]
				if name := s.names[f.name][further[i]-1]; !slices.Contains(called, name) {
					called = append(called, name)
				}
			}
		}
		if called == nil {
			return all
		}
		other.Name = strings.Join(called, "+")
		s.align(&other.Choice)
		all = append(all, other)
	}
}

type settling[K comparable, V any] struct {
	names Candidates
	make  Maker[K, V]
	key   func(uint64) K
	value func(uint64) V
	use   *Choice // so far
	put   string  // the field that puts entries in
	left  []string
	// further are the candidates of further methods for a field.
	further map[string][]int
}

// pair finds a method of those fields that stores, and one that loads what is stored: everything
// else is looked at with them.
func (s *settling[K, V]) pair(fields ...string) {
	var failed []string
	for _, s.put = range fields {
		for writer := range s.names[s.put] {
			for reader := range s.names["Load"] {
				use := Choice{Load: reader + 1}
				*use.field(s.put) = writer + 1
				wrong := s.try(use, func(m *trial[K, V]) {
					m.fresh()
					m.store(1, 2)
					if m.wrong == "" && m.late(1, 2) {
						m.want(background, false)
					}
					m.holds("it", 1, 2)
					m.reads(1, 2)
				})
				if wrong == "" {
					if s.try(use, func(m *trial[K, V]) { m.fresh() }) != "" {
						s.left = []string{shared}
						return
					}
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
			if field != "Close" {
				s.further[field] = s.others(field, do)
			}
			return
		}
		failed = append(failed, name+": as "+OpName(field)+", "+wrong)
	}
	*s.use.field(field) = 0
	s.left = append(s.left, unique(failed)...)
}

// others returns the candidates of other methods than the chosen one that do what they
// should, the first of each. Of those that do not it says what is wrong.
func (s *settling[K, V]) others(field string, do func(*trial[K, V])) (numbers []int) {
	use, taken := *s.use, map[string]bool{}
	if n := use.Number(field); n > 0 {
		taken[s.names[field][n-1]] = true
	}
	var failed []string
	for i, name := range s.names[field] {
		if taken[name] {
			continue
		}
		*use.field(field) = i + 1
		if wrong := s.try(use, do); wrong != "" {
			failed = append(failed, name+": as "+OpName(field)+", "+wrong)
			continue
		}
		taken[name] = true
		numbers = append(numbers, i+1)
	}
	for _, line := range unique(failed) {
		if name, _, _ := strings.Cut(line, ":"); !taken[name] {
			s.left = append(s.left, line)
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
