package buggy

import "sync/atomic"

// seqSlots are the slots of a Robin Hood hash table (Celis, 1986): entries are
// ordered by how far they are from home, the slot of their hash, so inserting
// one moves others back, and removing one moves others forward. There is always
// a free slot.
//
// They may be read while somebody writes: then an entry may be found in no slot
// or in two, or with another's value, but every search ends.
type seqSlots[V words] []seqSlot[V]

type seqSlot[V words] struct {
	key   atomic.Int64
	value cell[V]
}

const noKey = -1

func newSeqSlots[V words](n int) *seqSlots[V] {
	each := len(*new(V))
	s, words := make(seqSlots[V], n), make(cell[V], n*each)
	for i := range s {
		s[i].key.Store(noKey)
		s[i].value = words[i*each:][:each]
	}
	return &s
}

// at returns slot i, counted beyond the end from the beginning again.
func (s seqSlots[V]) at(i int) *seqSlot[V] { return &s[i&(len(s)-1)] }

func (s seqSlots[V]) home(k int) int { return int(hash(k) % uint64(len(s))) }

// distance says how far from home slot i's entry is.
func (s seqSlots[V]) distance(i int) int {
	return (i - s.home(int(s.at(i).key.Load()))) & (len(s) - 1)
}

func (s seqSlots[V]) free(i int) bool { return s.at(i).key.Load() == noKey }

// find returns the key's slot, or -1.
func (s seqSlots[V]) find(k int) int {
	home := s.home(k)
	for d := range len(s) {
		i := home + d
		switch {
		case s.at(i).key.Load() == int64(k):
			return i
		case s.free(i) || s.distance(i) < d:
			return -1
		}
	}
	return -1
}

func (s seqSlots[V]) load(k int) (v V, ok bool) {
	i := s.find(k)
	if i < 0 {
		return v, false
	}
	return s.at(i).value.load(), true
}

// insert puts the key in, which must not be there. Whoever is nearer home than
// the entry in hand makes place for it.
func (s seqSlots[V]) insert(k int, v V) {
	key, d := int64(k), 0
	for i := s.home(k); ; i++ {
		slot := s.at(i)
		if s.free(i) {
			slot.value.store(v)
			slot.key.Store(key)
			return
		}
		if there := s.distance(i); there < d {
			key, d = slot.key.Swap(key), there
			evicted := slot.value.load()
			slot.value.store(v)
			v = evicted
		}
		d++
	}
}

// remove empties slot i, and moves the entries behind it one slot nearer home.
func (s seqSlots[V]) remove(i int) {
	for ; !s.free(i+1) && s.distance(i+1) > 0; i++ {
		s.at(i).key.Store(s.at(i + 1).key.Load())
		s.at(i).value.store(s.at(i + 1).value.load())
	}
	s.at(i).key.Store(noKey)
}

type seqEntry[V words] struct {
	key   int
	value V
}

func (s seqSlots[V]) entries() (all []seqEntry[V]) {
	for i := range s {
		if k := s[i].key.Load(); k != noKey {
			all = append(all, seqEntry[V]{int(k), s[i].value.load()})
		}
	}
	return all
}
