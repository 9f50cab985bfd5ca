package linear

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

// reset makes room for n keys.
func (t *index) reset(n int) {
	bits := uint8(4)
	for 1<<bits < 2*n {
		bits++
	}
	if len(t.entries) < 1<<bits {
		t.entries, t.generation = make([]entry, 1<<bits), 0
	}
	t.shift = 64 - bits
	t.generation++
	if t.generation == 0 {
		clear(t.entries)
		t.generation = 1
	}
	t.keys = t.keys[:0]
}

// number returns the key's number, a new one if it has none.
func (t *index) number(key uint64) int32 {
	mask := uint64(1)<<(64-t.shift) - 1
	at := key * 0x9e3779b97f4a7c15 >> t.shift
	for ; t.entries[at].generation == t.generation; at = (at + 1) & mask {
		if n := t.entries[at].number; t.keys[n] == key {
			return int32(n)
		}
	}
	t.entries[at] = entry{t.generation, uint32(len(t.keys))}
	t.keys = append(t.keys, key)
	return int32(len(t.keys) - 1)
}
