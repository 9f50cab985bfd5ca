package linear

// A table is a set of configurations, each of them a few words. It is one flat
// array, whose slots count only if they bear its generation, so that to empty it
// costs nothing.
type table struct {
	slots      slots
	spare      slots // room to grow into
	width      int
	generation uint32
	used       int
}

type slots struct {
	words []uint64 // width a slot
	marks []uint32 // the generation of each slot
}

// reset empties the table, and makes room for about n configurations of width words.
func (t *table) reset(width, n int) {
	slots := 64
	for slots < 2*n {
		slots *= 2
	}
	t.width = width
	t.resize(slots)
}

// resize empties the table and gives it so many slots.
func (t *table) resize(slots int) {
	if slots*t.width > cap(t.slots.words) {
		t.slots.words = make([]uint64, slots*t.width)
	}
	if slots > cap(t.slots.marks) {
		t.slots.marks = make([]uint32, slots)
	}
	t.slots.words, t.slots.marks = t.slots.words[:slots*t.width], t.slots.marks[:slots]
	t.used = 0
	t.generation++
	if t.generation == 0 {
		clear(t.slots.marks[:cap(t.slots.marks)])
		clear(t.spare.marks[:cap(t.spare.marks)])
		t.generation = 1
	}
}

// add reports whether the configuration is new to the table, which has it then.
func (t *table) add(config []uint64) bool {
	if 2*t.used >= len(t.slots.marks) {
		t.grow()
	}
	h := uint64(0)
	for _, w := range config {
		h = (h ^ w) * 0x9e3779b97f4a7c15
		h ^= h >> 32
	}
	mask := len(t.slots.marks) - 1
	for at := int(h) & mask; ; at = (at + 1) & mask {
		slot := t.slots.words[at*t.width:][:len(config)]
		if t.slots.marks[at] != t.generation {
			t.slots.marks[at] = t.generation
			copy(slot, config)
			t.used++
			return true
		}
		if equal(slot, config) {
			return false
		}
	}
}

func equal(x, y []uint64) bool {
	for i := range x {
		if x[i] != y[i] {
			return false
		}
	}
	return true
}

func (t *table) grow() {
	old, generation := t.slots, t.generation
	t.slots, t.spare = t.spare, slots{}
	t.resize(2 * len(old.marks))
	t.spare = old
	for i, mark := range old.marks {
		if mark == generation {
			t.add(old.words[i*t.width:][:t.width])
		}
	}
}
