package linear

import "math/bits"

// An index numbers keys in order of appearance: a flat hash table whose entries
// belong to it only if they bear its generation, so that no history has to wipe
// what the last one left.
type index struct {
	keys       []uint64
	entries    []entry
	generation uint32
	shift      uint8
}

type entry struct{ generation, number uint32 }

// reset empties the index, and makes room for n keys.
func (t *index) reset(n int) {
	t.keys = t.keys[:0]
	slots := 16
	for slots < n {
		slots *= 2
	}
	t.resize(slots)
}

// resize gives the index so many slots, and puts the keys in.
func (t *index) resize(slots int) {
	if slots > cap(t.entries) {
		t.entries, t.generation = make([]entry, slots), 0
	}
	t.entries = t.entries[:slots]
	t.shift = uint8(64 - bits.Len(uint(slots-1)))
	t.generation++
	if t.generation == 0 {
		clear(t.entries[:cap(t.entries)])
		t.generation = 1
	}
	for n, key := range t.keys {
		at := t.home(key)
		for t.entries[at].generation == t.generation {
			at = (at + 1) & (slots - 1)
		}
		t.entries[at] = entry{t.generation, uint32(n)}
	}
}

// home is the first slot to look for a key in. Keys that follow one another, as
// values often do, share a line of the cache.
func (t *index) home(key uint64) int {
	return int((key>>4*0x9e3779b97f4a7c15>>t.shift)&^15 | key&15)
}

// number returns the key's number, a new one if it has none.
func (t *index) number(key uint64) int32 {
	mask := len(t.entries) - 1
	at := t.home(key)
	for ; t.entries[at].generation == t.generation; at = (at + 1) & mask {
		if n := t.entries[at].number; t.keys[n] == key {
			return int32(n)
		}
	}
	t.entries[at] = entry{t.generation, uint32(len(t.keys))}
	t.keys = append(t.keys, key)
	if 2*len(t.keys) > len(t.entries) {
		t.resize(2 * len(t.entries))
	}
	return int32(len(t.keys) - 1)
}
