package oracle

import "github.com/mapstress/mapstress/oracle/linear"

// A slot is one key that needs checking.
type slot struct {
	key       uint64
	initial   linear.State
	ops       []linear.Op // its ops in order of Inv; a part of Judge.ops
	room      int         // at most how many ops there will be
	at        int         // where in keyTable.index it is
	unchecked bool        // an op of no promised effect touched it
	counted   bool        // its value is a count: somebody increments it
	custom    bool        // it is unchecked but for the search that customs makes
}

// A keyTable finds a key's slot. It is a hash table of our own because one is
// filled and emptied for every history, most of which have a handful of keys.
type keyTable struct {
	slots []slot
	index []int32 // slot number plus one, 0 if free; a power of two, at most half full
}

// reset forgets every key.
func (t *keyTable) reset() {
	for i := range t.slots {
		t.index[t.slots[i].at] = 0
	}
	t.slots = t.slots[:0]
}

// find returns the number of the key's slot, or -1.
func (t *keyTable) find(key uint64) int {
	if len(t.index) == 0 {
		return -1
	}
	return int(t.index[t.probe(key)]) - 1
}

// add returns the number of the key's slot, a new one if it had none.
func (t *keyTable) add(key uint64) int {
	if 2*len(t.slots) >= len(t.index) {
		t.grow()
	}
	at := t.probe(key)
	if t.index[at] == 0 {
		t.slots = append(t.slots, slot{key: key, at: at})
		t.index[at] = int32(len(t.slots))
	}
	return int(t.index[at]) - 1
}

// probe returns where in index the key is, or would be.
func (t *keyTable) probe(key uint64) int {
	mask := uint64(len(t.index) - 1)
	at := (key * 0x9e3779b97f4a7c15) >> 32 & mask
	for t.index[at] != 0 && t.slots[t.index[at]-1].key != key {
		at = (at + 1) & mask
	}
	return int(at)
}

func (t *keyTable) grow() {
	t.index = make([]int32, max(64, 2*len(t.index)))
	for i := range t.slots {
		at := t.probe(t.slots[i].key)
		t.slots[i].at = at
		t.index[at] = int32(i + 1)
	}
}
