package buggy

import (
	"sync"
	"sync/atomic"

	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/target"
)

func resizeWithoutAllLocks() Bug {
	b := Bug{
		Doc: "a resize copies the table under the lock of the stripe that outgrew it; " +
			"what the others write to the old table meanwhile is lost",
		Expect: Expect{
			oracle.SilentCorruption: {
				oracle.LostKey, oracle.LostUpdate, oracle.StaleRead, oracle.Resurrected, oracle.WrongLen, oracle.ConsumedTwice, oracle.NonLinearizable,
			},
			oracle.Contract: {oracle.LostKey, oracle.StaleRead, oracle.WrongLen},
		},
	}
	table := func(lockAll bool) func() target.Map[int, int] {
		return func() target.Map[int, int] { return methods(newStripedTable(lockAll)) }
	}
	b.Target, b.Correct = pair("resize-without-all-locks", perStripe, table(false), table(true))
	return b
}

const tableStripes = 4

// A stripedTable is a hash table with a lock for every tableStripes'th bucket.
// Both numbers are powers of two, so a key keeps its stripe when the table grows.
type stripedTable struct {
	lockAll bool // false is the bug
	locks   [tableStripes]sync.Mutex
	// buckets is replaced as a whole; to be written under all locks.
	buckets atomic.Pointer[[]chain]
	count   atomic.Int64 // an entry is counted under its stripe's lock
}

func newStripedTable(lockAll bool) *stripedTable {
	t := &stripedTable{lockAll: lockAll}
	buckets := make([]chain, firstBuckets)
	t.buckets.Store(&buckets)
	return t
}

// bucket returns k's chain; it needs the lock of k's stripe.
func (t *stripedTable) bucket(k int) *chain {
	buckets := *t.buckets.Load()
	return &buckets[bucketOf(k, len(buckets))]
}

func (t *stripedTable) load(k int) (int, bool) {
	lock := &t.locks[k%tableStripes]
	lock.Lock()
	defer lock.Unlock()
	return t.bucket(k).load(k)
}

func (t *stripedTable) update(k int, f change) {
	if count, grew := t.write(k, f); grew > 0 {
		t.fit(count, k%tableStripes)
	}
}

// write is update without a resize. It says how many entries there are then, and
// by how many more.
func (t *stripedTable) write(k int, f change) (count, grew int) {
	lock := &t.locks[k%tableStripes]
	lock.Lock()
	defer lock.Unlock()
	grew = t.bucket(k).update(k, f)
	return int(t.count.Add(int64(grew))), grew
}

// fit grows the table if the entries outnumber the buckets.
func (t *stripedTable) fit(count, stripe int) {
	if count <= len(*t.buckets.Load()) {
		return
	}
	if t.lockAll {
		t.lockEvery()
		defer t.unlockEvery()
	} else {
		t.locks[stripe].Lock() // the bug: the other stripes go on writing
		defer t.locks[stripe].Unlock()
	}
	if old := *t.buckets.Load(); count > len(old) {
		t.rehash(old)
	}
}

func (t *stripedTable) rehash(old []chain) {
	buckets := make([]chain, 2*len(old))
	for i := range old {
		for n := old[i].head.Load(); n != nil; n = n.next.Load() {
			buckets[bucketOf(n.key, len(buckets))].insert(n.key, int(n.value.Load()))
		}
	}
	t.buckets.Store(&buckets)
}

func (t *stripedTable) lockEvery() {
	for i := range t.locks {
		t.locks[i].Lock()
	}
}

func (t *stripedTable) unlockEvery() {
	for i := range t.locks {
		t.locks[i].Unlock()
	}
}

// each visits the stripes one after the other, and each at one instant.
func (t *stripedTable) each(yield func(k, v int) bool) {
	for stripe := range t.locks {
		for _, e := range t.entries(stripe) {
			if !yield(e[0], e[1]) {
				return
			}
		}
	}
}

func (t *stripedTable) entries(stripe int) (all [][2]int) {
	t.locks[stripe].Lock()
	defer t.locks[stripe].Unlock()
	buckets := *t.buckets.Load()
	for i := stripe; i < len(buckets); i += tableStripes {
		all = append(all, buckets[i].entries()...)
	}
	return all
}

// size is exact once all is at rest.
func (t *stripedTable) size() int { return int(t.count.Load()) }

// clear empties the stripes one after the other.
func (t *stripedTable) clear() {
	for stripe := range t.locks {
		t.clearStripe(stripe)
	}
}

func (t *stripedTable) clearStripe(stripe int) {
	t.locks[stripe].Lock()
	defer t.locks[stripe].Unlock()
	buckets := *t.buckets.Load()
	for i := stripe; i < len(buckets); i += tableStripes {
		t.count.Add(-int64(len(buckets[i].entries())))
		buckets[i].head.Store(nil)
	}
}
