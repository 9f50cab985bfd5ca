package buggy

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/target"
)

func unvalidatedRead() Bug {
	b := Bug{
		Doc: "Load reads the table under a sequence lock, but does not look at the version again: " +
			"a writer that moved entries meanwhile made it miss its key, or find a value half replaced",
		Expect: Expect{oracle.SilentCorruption: {
			oracle.TornValue, oracle.LostKey, oracle.Phantom, oracle.StaleRead, oracle.Resurrected, oracle.NonLinearizable,
		}},
	}
	small, smallRepaired := pairOf("unvalidated-read", target.Array4(), exactAtRest, seqlocked[[4]int](false), seqlocked[[4]int](true))
	big, bigRepaired := pairOf("unvalidated-read", target.KiB2(), exactAtRest, seqlocked[[256]int](false), seqlocked[[256]int](true))
	b.Target, b.Correct = target.Join(small, big), target.Join(smallRepaired, bigRepaired)
	return b
}

func seqlocked[V words](validate bool) func() target.Map[int, V] {
	return func() target.Map[int, V] {
		t := &seqTable[V]{validate: validate}
		t.slots.Store(newSeqSlots[V](firstSlots))
		return methods(t)
	}
}

// A seqTable is a hash table under a sequence lock: readers take no lock, and
// read again if a writer was there.
type seqTable[V words] struct {
	validate bool          // false is the bug
	mu       sync.Mutex    // held to write
	version  atomic.Uint64 // odd while somebody writes; written under mu
	slots    atomic.Pointer[seqSlots[V]]
	count    atomic.Int64 // written under mu
}

func (t *seqTable[V]) load(k int) (V, bool) {
	for {
		version := t.version.Load()
		if version%2 == 0 {
			v, ok := t.slots.Load().load(k)
			if !t.validate || t.version.Load() == version {
				return v, ok
			}
		}
		runtime.Gosched() // the writer may need the processor
	}
}

func (t *seqTable[V]) update(k int, f func(V, bool) (V, bool)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	slots := t.slots.Load()
	v, ok := slots.load(k)
	next, keep := f(v, ok)
	t.version.Add(1)
	defer t.version.Add(1)
	switch {
	case keep && ok:
		slots.at(slots.find(k)).value.store(next)
	case keep:
		slots.insert(k, next)
		if count := int(t.count.Add(1)); 8*count >= 7*len(*slots) {
			t.grow(slots)
		}
	case ok:
		slots.remove(slots.find(k))
		t.count.Add(-1)
	}
}

func (t *seqTable[V]) grow(old *seqSlots[V]) {
	slots := newSeqSlots[V](2 * len(*old))
	for _, e := range old.entries() {
		slots.insert(e.key, e.value)
	}
	t.slots.Store(slots)
}

// each visits all entries at one instant.
func (t *seqTable[V]) each(yield func(k int, v V) bool) {
	t.mu.Lock()
	instant := t.slots.Load().entries()
	t.mu.Unlock()
	for _, e := range instant {
		if !yield(e.key, e.value) {
			return
		}
	}
}

// size is exact once all is at rest.
func (t *seqTable[V]) size() int { return int(t.count.Load()) }

func (t *seqTable[V]) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.version.Add(1)
	defer t.version.Add(1)
	t.slots.Store(newSeqSlots[V](firstSlots))
	t.count.Store(0)
}
