package scheduler

import (
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// A reader reads what maps hold, for one goroutine. What it passes to Range is
// made once, so that reading allocates nothing.
type reader struct {
	keys    []uint64 // to Load: all keys that are not odd
	odd     *odd
	limit   int
	yield   func(key, value uint64) bool // add, or addUnlessOdd
	into    *history.Contents            // where yield puts it
	skipped int                          // odd entries of this Range
	pause   func()                       // called before each entry is noted; nil is not
}

// newReader makes a reader for maps of a schedule. Its limit ends a Range that
// yields far more than the map can hold, so that a map whose chains have become
// a ring does not keep us for ever.
func newReader(s *Schedule, o *odd) *reader {
	r := &reader{keys: s.Keys(), odd: o}
	r.limit = 4*len(r.keys) + 64
	if o != nil {
		r.keys = slices.DeleteFunc(r.keys, o.is)
		r.limit += 4 * s.Ops() // an odd key can be there once for each op
	}
	r.yield = r.yielder()
	return r
}

// another returns a reader of the same maps for another goroutine.
func (r *reader) another() *reader {
	a := &reader{keys: r.keys, odd: r.odd, limit: r.limit}
	a.yield = a.yielder()
	return a
}

func (r *reader) yielder() func(key, value uint64) bool {
	add := r.add
	if r.odd != nil {
		add = r.addUnlessOdd
	}
	return func(key, value uint64) bool {
		if r.pause != nil {
			r.pause()
		}
		return add(key, value)
	}
}

// entries notes what Range yields.
func (r *reader) entries(m *target.Map[uint64, uint64], c *history.Contents) {
	r.begin(c)
	m.Range(r.yield)
	c.Ranged = r.below()
}

func (r *reader) begin(c *history.Contents) {
	r.into, r.skipped = c, 0
	c.Entries, c.Ranged = c.Entries[:0], false
}

func (r *reader) add(key, value uint64) bool {
	r.into.Entries = append(r.into.Entries, history.Entry{Key: key, Value: value})
	return r.below()
}

func (r *reader) addUnlessOdd(key, value uint64) bool {
	if key != target.Foreign && r.odd.is(key) {
		r.skipped++
		return r.below()
	}
	return r.add(key, value)
}

// below reports whether the limit has not been reached.
func (r *reader) below() bool { return len(r.into.Entries)+r.skipped < r.limit }

// read reads a map that is at rest, with every method that reads, into c, whose
// memory it uses again. It loads every key, each time: a key that Range yields and
// Load does not find is how broken structures show, and it may be any.
func (r *reader) read(m *target.Map[uint64, uint64], c *history.Contents) {
	*c = history.Contents{Loads: c.Loads[:0], Entries: c.Entries[:0]}
	if m.Load != nil {
		for _, key := range r.keys {
			value, ok := m.Load(key)
			c.Loads = append(c.Loads, history.Reading{Entry: history.Entry{Key: key, Value: value}, OK: ok})
		}
	}
	if m.Range != nil {
		r.entries(m, c)
	}
	if r.odd.counted() {
		return
	}
	if m.Len != nil {
		c.Len, c.HasLen = m.Len(), true
	}
	if m.IsEmpty != nil {
		c.Empty, c.HasEmpty = m.IsEmpty(), true
	}
}
