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
			oracle.TornValue, oracle.LostKey, oracle.Phantom, oracle.StaleRead, oracle.NonLinearizable,
		}},
	}
	table := func(validate bool) func() target.Map[int, quad] {
		return func() target.Map[int, quad] {
			t := &seqTable{validate: validate}
			t.slots.Store(newSeqSlots(firstSlots))
			return methods(t)
		}
	}
	b.Target, b.Correct = pairOf("unvalidated-read", target.Array4(), exactAtRest, table(false), table(true))
	return b
}

// A seqTable is a hash table under a sequence lock: readers take no lock, and
// read again if a writer was there.
type seqTable struct {
	validate bool          // false is the bug
	mu       sync.Mutex    // held to write
	version  atomic.Uint64 // odd while somebody writes; written under mu
	slots    atomic.Pointer[seqSlots]
	count    atomic.Int64 // written under mu
}

func (t *seqTable) load(k int) (quad, bool) {
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

func (t *seqTable) update(k int, f func(quad, bool) (quad, bool)) {
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

func (t *seqTable) grow(old *seqSlots) {
	slots := newSeqSlots(2 * len(*old))
	for _, e := range old.entries() {
		slots.insert(e.key, e.value)
	}
	t.slots.Store(slots)
}

// each visits all entries at one instant.
func (t *seqTable) each(yield func(k int, v quad) bool) {
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
func (t *seqTable) size() int { return int(t.count.Load()) }

func (t *seqTable) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.version.Add(1)
	defer t.version.Add(1)
	t.slots.Store(newSeqSlots(firstSlots))
	t.count.Store(0)
}
