package buggy

import (
	"sync"

	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/target"
)

func sequential() Bug {
	b := Bug{
		Doc: "open addressing whose Delete leaves a hole: a search for a key that had to be put behind it " +
			"stops there, with one caller as with many",
		Expect: Expect{oracle.SilentCorruption: {
			oracle.LostKey, oracle.LostUpdate, oracle.StaleRead, oracle.Resurrected, oracle.ConsumedTwice, oracle.NonLinearizable,
			oracle.BrokenStructure, oracle.DuplicateKey, oracle.WrongLen,
			oracle.Phantom, // a second entry of a key that was deleted from the peak
		}},
		Sequential: true,
	}
	table := func(tombstones bool) func() target.Map[int, int] {
		return func() target.Map[int, int] {
			return methods(&probing{tombstones: tombstones, slots: make([]slot, firstSlots)})
		}
	}
	b.Target, b.Correct = pair("sequential", target.Contract{}, table(false), table(true))
	return b
}

// A probing map is a hash table with linear probing: an entry is in the slot of
// its hash, or in the next one that was not taken.
type probing struct {
	tombstones bool // false is the bug
	sync.RWMutex
	slots []slot // guarded by the lock, like all that follows; never full
	used  int    // slots that are not free
	live  int    // slots with an entry
}

type slot struct {
	state      slotState
	key, value int
}

type slotState uint8

const (
	free    slotState = iota
	deleted           // searches go on behind it
	taken
)

// firstSlots is how many slots a table has at first. It grows when seven of
// eight are used.
const firstSlots = 8

// find returns the key's slot, or the free one at which the search for it ends.
func (t *probing) find(k int) *slot {
	for i := hash(k); ; i++ {
		s := &t.slots[i%uint64(len(t.slots))]
		if s.state == free || s.state == taken && s.key == k {
			return s
		}
	}
}

func (t *probing) load(k int) (int, bool) {
	t.RLock()
	defer t.RUnlock()
	s := t.find(k)
	return s.value, s.state == taken
}

func (t *probing) update(k int, f change) {
	t.Lock()
	defer t.Unlock()
	s := t.find(k)
	v, keep := f(s.value, s.state == taken)
	switch {
	case keep && s.state == free:
		t.used, t.live = t.used+1, t.live+1
		*s = slot{taken, k, v}
		t.fit()
	case keep:
		s.value = v
	case s.state == taken:
		t.remove(s)
	}
}

func (t *probing) remove(s *slot) {
	t.live--
	*s = slot{state: deleted}
	if !t.tombstones {
		*s = slot{} // the bug: searches stop here
		t.used--
	}
}

// fit makes room for an entry more.
func (t *probing) fit() {
	size := len(t.slots)
	if 8*t.used < 7*size {
		return
	}
	if 2*t.live > size {
		size *= 2 // else it is the tombstones
	}
	old := t.slots
	t.slots, t.used = make([]slot, size), t.live
	for _, s := range old {
		if s.state == taken {
			*t.find(s.key) = s
		}
	}
}

func (t *probing) each(yield func(k, v int) bool) {
	t.RLock()
	var instant []slot
	for _, s := range t.slots {
		if s.state == taken {
			instant = append(instant, s)
		}
	}
	t.RUnlock()
	for _, s := range instant {
		if !yield(s.key, s.value) {
			return
		}
	}
}

func (t *probing) size() int {
	t.RLock()
	defer t.RUnlock()
	return t.live
}

func (t *probing) clear() {
	t.Lock()
	defer t.Unlock()
	t.slots, t.used, t.live = make([]slot, firstSlots), 0, 0
}
