package buggy

import "sync/atomic"

// words are values of several words.
type words interface{ [4]int | [256]int }

// A cell is such a value in place. Its words are atomic, so that what is torn is
// still no data race.
type cell[V words] []atomic.Int64

func newCell[V words]() cell[V] {
	var v V
	return make(cell[V], len(v))
}

func (c cell[V]) load() (v V) {
	for i := range c {
		v[i] = int(c[i].Load())
	}
	return v
}

func (c cell[V]) store(v V) {
	for i := range c {
		c[i].Store(int64(v[i]))
	}
}
