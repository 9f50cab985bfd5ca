// Package sparse numbers keys that may be anything, 0, 1, 2 and so on by first use, so that
// what is known of them can lie side by side. It is quick to forget them all.
package sparse

// Numbers are those of keys. The zero value has none. They are not safe for concurrent use.
type Numbers struct {
	slots []slot // open addressing; a power of two of them, at most half of them taken
	n     int32
	since uint32 // slots that were taken before are free
}

type slot struct {
	key    uint64
	number int32
	taken  uint32
}

// Reset forgets all keys. It takes no longer if there were many.
func (s *Numbers) Reset() {
	s.n = 0
	if s.since++; s.since == 0 { // after 2^32 times
		clear(s.slots)
		s.since = 1
	}
}

// Len is how many keys have a number.
func (s *Numbers) Len() int { return int(s.n) }

// Of returns the number of a key: Len as it was before, if it had none.
func (s *Numbers) Of(key uint64) int {
	if int(s.n)*2 >= len(s.slots) {
		s.grow()
	}
	at := s.find(key)
	if at.taken != s.since {
		*at = slot{key, s.n, s.since}
		s.n++
	}
	return int(at.number)
}

// Known returns the number of a key; -1 if it has none.
func (s *Numbers) Known(key uint64) int {
	if s.n == 0 {
		return -1
	}
	if at := s.find(key); at.taken == s.since {
		return int(at.number)
	}
	return -1
}

// find returns the slot that a key is in, or would be.
func (s *Numbers) find(key uint64) *slot {
	mask := uint64(len(s.slots) - 1)
	for i := key * 0x9e3779b97f4a7c15 >> 32 & mask; ; i = (i + 1) & mask {
		if at := &s.slots[i]; at.taken != s.since || at.key == key {
			return at
		}
	}
}

func (s *Numbers) grow() {
	if s.slots == nil {
		s.slots, s.since = make([]slot, 64), s.since+1
		return
	}
	old := s.slots
	s.slots = make([]slot, 2*len(old))
	for _, o := range old {
		if o.taken == s.since {
			*s.find(o.key) = o
		}
	}
}
