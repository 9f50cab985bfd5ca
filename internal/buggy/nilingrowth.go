package buggy

import (
	"sync"
	"sync/atomic"

	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/target"
)

func nilInGrowth() Bug {
	b := Bug{
		Doc: "growth publishes the new table first and fills it then: " +
			"a Load, which takes no lock, dereferences a bucket that is not there yet",
		Expect: Expect{oracle.Sigsegv: {"nil dereference"}},
	}
	table := func(fillFirst bool) func() target.Map[int, int] {
		return func() target.Map[int, int] { return methods(newReadMostly(fillFirst)) }
	}
	b.Target, b.Correct = pair("nil-in-growth", exactAtRest, table(false), table(true))
	return b
}

// A readMostly is a hash table with one lock for those who write and none for
// those who read.
type readMostly struct {
	fillFirst bool       // false is the bug
	mu        sync.Mutex // held to write
	buckets   atomic.Pointer[table]
	count     atomic.Int64 // written under mu
}

// A table's chains are all there, and in a table that is in use they stay.
type table []atomic.Pointer[chain]

func newReadMostly(fillFirst bool) *readMostly {
	t := &readMostly{fillFirst: fillFirst}
	t.buckets.Store(emptyTable())
	return t
}

func emptyTable() *table {
	t := make(table, firstBuckets)
	for i := range t {
		t[i].Store(new(chain))
	}
	return &t
}

func (t *readMostly) bucket(k int) *chain {
	buckets := *t.buckets.Load()
	return buckets[bucketOf(k, len(buckets))].Load()
}

func (t *readMostly) load(k int) (int, bool) { return t.bucket(k).load(k) }

func (t *readMostly) update(k int, f change) {
	t.mu.Lock()
	defer t.mu.Unlock()
	count := t.count.Add(int64(t.bucket(k).update(k, f)))
	if old := *t.buckets.Load(); int(count) > len(old) {
		t.grow(old)
	}
}

// grow needs the lock.
func (t *readMostly) grow(old table) {
	next := make(table, 2*len(old))
	if !t.fillFirst {
		t.buckets.Store(&next) // the bug: its buckets are still nil
	}
	for i := range next {
		next[i].Store(old.split(i))
	}
	t.buckets.Store(&next)
}

// split makes the chain for bucket i of a table twice the size.
func (t table) split(i int) *chain {
	c := new(chain)
	for n := t[bucketOf(i, len(t))].Load().head.Load(); n != nil; n = n.next.Load() {
		if bucketOf(n.key, 2*len(t)) == i {
			c.insert(n.key, int(n.value.Load()))
		}
	}
	return c
}

// each visits all entries at one instant.
func (t *readMostly) each(yield func(k, v int) bool) {
	for _, e := range t.entries() {
		if !yield(e[0], e[1]) {
			return
		}
	}
}

func (t *readMostly) entries() (all [][2]int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	buckets := *t.buckets.Load()
	for i := range buckets {
		all = append(all, buckets[i].Load().entries()...)
	}
	return all
}

// size is exact once all is at rest.
func (t *readMostly) size() int { return int(t.count.Load()) }

// clear replaces the table.
func (t *readMostly) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.count.Store(0)
	t.buckets.Store(emptyTable())
}
