package buggy

import (
	"sync"
	"sync/atomic"

	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/target"
)

func aba() Bug {
	b := Bug{
		Doc: "values are in boxes that are used again, and a writer's compare-and-swap compares boxes: " +
			"one that was taken out and came back with another value looks unchanged",
		Expect: Expect{
			oracle.SilentCorruption: {
				oracle.ConsumedTwice, oracle.LostKey, oracle.StaleRead, oracle.Resurrected, oracle.Phantom, oracle.NonLinearizable, oracle.LostUpdate,
			},
			oracle.Contract: {oracle.StaleRead, oracle.Phantom},
		},
	}
	boxes := func(again bool) func() target.Map[int, int] {
		return func() target.Map[int, int] {
			m := methods(&boxMap{boxes: boxes{again: again}})
			m.Compute = nil // update calls its function again when it has to try again
			return m
		}
	}
	contract := target.Contract{
		Source: "its own comments",
		Range:  target.Promise{Level: target.Weak, Quote: "each visits the keys one after the other."},
		Len:    target.Promise{Level: target.Bounds, Quote: "size counts the keys one after the other."},
		Clear:  target.Promise{Level: target.PerKey, Quote: "clear empties the keys one after the other."},
	}
	b.Target, b.Correct = pair("aba", contract, boxes(true), boxes(false))
	return b
}

// A boxMap takes no lock to read or write. A key that was ever there keeps its
// place; it has no box while it is absent.
type boxMap struct {
	boxes
	buckets [64]atomic.Pointer[place]
}

type place struct {
	key  int
	next *place
	box  atomic.Pointer[box]
}

type box struct{ value atomic.Int64 }

// boxes are those to be used again.
type boxes struct {
	again bool // true is the bug
	mu    sync.Mutex
	free  []*box // guarded by mu
}

func (b *boxes) get(v int) *box {
	x := b.pop()
	x.value.Store(int64(v))
	return x
}

func (b *boxes) pop() *box {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.free) == 0 {
		return new(box)
	}
	x := b.free[len(b.free)-1]
	b.free = b.free[:len(b.free)-1]
	return x
}

// put gives a box back that is in no place any more; nil is none.
func (b *boxes) put(x *box) {
	if x == nil || !b.again {
		return // left to the garbage collector, which waits for all who look at it
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.free = append(b.free, x)
}

// place finds the key's place, and makes it if there is none.
func (m *boxMap) place(k int) *place {
	bucket := &m.buckets[bucketOf(k, len(m.buckets))]
	for {
		head := bucket.Load()
		for p := head; p != nil; p = p.next {
			if p.key == k {
				return p
			}
		}
		if p := (&place{key: k, next: head}); bucket.CompareAndSwap(head, p) {
			return p
		}
	}
}

// load reads the box until it has read one that was there throughout.
func (p *place) load() (old *box, v int, ok bool) {
	for {
		old = p.box.Load()
		if old == nil {
			return nil, 0, false
		}
		v = int(old.value.Load())
		if p.box.Load() == old {
			return old, v, true
		}
	}
}

func (m *boxMap) load(k int) (int, bool) {
	_, v, ok := m.place(k).load()
	return v, ok
}

func (m *boxMap) update(k int, f change) {
	for p := m.place(k); ; {
		old, v, ok := p.load()
		var fresh *box
		if next, keep := f(v, ok); keep {
			fresh = m.get(next)
		}
		if p.box.CompareAndSwap(old, fresh) { // the bug: the same box is not the same value
			m.put(old)
			return
		}
		m.put(fresh)
	}
}

// each visits the keys one after the other.
func (m *boxMap) each(yield func(k, v int) bool) {
	for i := range m.buckets {
		for p := m.buckets[i].Load(); p != nil; p = p.next {
			if _, v, ok := p.load(); ok && !yield(p.key, v) {
				return
			}
		}
	}
}

// size counts the keys one after the other.
func (m *boxMap) size() (n int) {
	m.each(func(int, int) bool { n++; return true })
	return n
}

// clear empties the keys one after the other.
func (m *boxMap) clear() {
	m.each(func(k, _ int) bool {
		m.update(k, func(int, bool) (int, bool) { return 0, false })
		return true
	})
}
