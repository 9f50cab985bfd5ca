package buggy

import (
	"sync"
	"sync/atomic"

	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/target"
)

func deleteLosesStore() Bug {
	b := Bug{
		Doc: "a Store finds the key's entry without a lock, locks it, and writes to it; " +
			"if a Delete has unlinked it in between, the value is lost with it",
		Expect: Expect{
			oracle.SilentCorruption: {
				oracle.LostKey, oracle.LostUpdate, oracle.StaleRead, oracle.Resurrected, oracle.NonLinearizable,
			},
			oracle.Contract: {oracle.LostKey, oracle.StaleRead, oracle.WrongLen},
		},
	}
	entries := func(lookAgain bool) func() target.Map[int, int] {
		return func() target.Map[int, int] { return methods(&entryMap{lookAgain: lookAgain}) }
	}
	contract := exactAtRest
	contract.Range = target.Promise{Level: target.Weak, Quote: "each visits the entries one after the other."}
	contract.Clear = target.Promise{Level: target.PerKey, Quote: "clear deletes the entries one after the other."}
	b.Target, b.Correct = pair("delete-loses-store", contract, entries(false), entries(true))
	return b
}

// An entryMap has a lock in every entry, so that writers of different keys do
// not wait for each other. Buckets never grow in number.
type entryMap struct {
	lookAgain bool // false is the bug
	buckets   [64]entryBucket
	count     atomic.Int64 // an entry is counted under its bucket's lock
}

// An entryBucket's lock is held to link and unlink entries. It is taken after an
// entry's lock.
type entryBucket struct {
	sync.Mutex
	head atomic.Pointer[entry]
}

type entry struct {
	key   int
	next  atomic.Pointer[entry]
	value atomic.Int64 // written under the lock
	sync.Mutex
	dead bool // guarded by the lock: unlinked, for good
}

func (m *entryMap) bucket(k int) *entryBucket { return &m.buckets[bucketOf(k, len(m.buckets))] }

func (b *entryBucket) find(k int) *entry {
	e := b.head.Load()
	for e != nil && e.key != k {
		e = e.next.Load()
	}
	return e
}

func (m *entryMap) load(k int) (int, bool) {
	if e := m.bucket(k).find(k); e != nil {
		return int(e.value.Load()), true
	}
	return 0, false
}

func (m *entryMap) update(k int, f change) {
	for {
		if e := m.bucket(k).find(k); e != nil && m.write(e, f) || e == nil && m.insert(k, f) {
			return
		}
	}
}

// insert reports false if the key is there by now.
func (m *entryMap) insert(k int, f change) bool {
	b := m.bucket(k)
	b.Lock()
	defer b.Unlock()
	if b.find(k) != nil {
		return false
	}
	if v, keep := f(0, false); keep {
		e := &entry{key: k}
		e.value.Store(int64(v))
		e.next.Store(b.head.Load())
		b.head.Store(e)
		m.count.Add(1)
	}
	return true
}

// write reports false if the entry is no longer in the map.
func (m *entryMap) write(e *entry, f change) bool {
	e.Lock()
	defer e.Unlock()
	if e.dead && m.lookAgain {
		return false
	}
	v, keep := f(int(e.value.Load()), !e.dead)
	if keep {
		e.value.Store(int64(v)) // the bug: into an entry that may be dead
	} else if !e.dead {
		e.dead = true
		m.unlink(e)
	}
	return true
}

func (m *entryMap) unlink(e *entry) {
	b := m.bucket(e.key)
	b.Lock()
	defer b.Unlock()
	link := &b.head
	for link.Load() != e {
		link = &link.Load().next
	}
	link.Store(e.next.Load())
	m.count.Add(-1)
}

// each visits the entries one after the other.
func (m *entryMap) each(yield func(k, v int) bool) {
	for i := range m.buckets {
		for e := m.buckets[i].head.Load(); e != nil; e = e.next.Load() {
			if !yield(e.key, int(e.value.Load())) {
				return
			}
		}
	}
}

// size is exact once all is at rest.
func (m *entryMap) size() int { return int(m.count.Load()) }

// clear deletes the entries one after the other.
func (m *entryMap) clear() {
	m.each(func(k, _ int) bool {
		m.update(k, func(int, bool) (int, bool) { return 0, false })
		return true
	})
}
