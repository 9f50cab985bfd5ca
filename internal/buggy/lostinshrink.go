package buggy

import (
	"sync"

	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/target"
)

func lostInShrink() Bug {
	b := Bug{
		Doc: "deletes shrink the table, and a shrink locks each stripe only while it copies it: " +
			"what is written to a stripe that was copied is lost when the smaller table takes over",
		Expect: Expect{
			oracle.SilentCorruption: {
				oracle.LostKey, oracle.LostUpdate, oracle.StaleRead, oracle.Resurrected, oracle.WrongLen, oracle.ConsumedTwice, oracle.NonLinearizable,
			},
			oracle.Contract: {oracle.LostKey, oracle.StaleRead, oracle.WrongLen},
		},
	}
	table := func(lockAll bool) func() target.Map[int, int] {
		return func() target.Map[int, int] {
			return methods(&shrinking{stripedTable: newStripedTable(true), lockAll: lockAll})
		}
	}
	b.Target, b.Correct = pair("lost-in-shrink", perStripe, table(false), table(true))
	return b
}

// A shrinking table is halved when its entries are fewer than a quarter of its
// buckets.
type shrinking struct {
	*stripedTable
	lockAll bool       // false is the bug
	one     sync.Mutex // held to shrink; taken before the stripes' locks
}

func (t *shrinking) update(k int, f change) {
	count, grew := t.write(k, f)
	switch {
	case grew > 0:
		t.fit(count, k%tableStripes)
	case grew < 0 && t.sparse(count):
		t.shrink()
	}
}

func (t *shrinking) sparse(count int) bool {
	size := len(*t.buckets.Load())
	return size > firstBuckets && 4*count < size
}

func (t *shrinking) shrink() {
	t.one.Lock()
	defer t.one.Unlock()
	if t.lockAll {
		t.lockEvery()
		defer t.unlockEvery()
	}
	if !t.sparse(t.size()) {
		return
	}
	old := *t.buckets.Load()
	buckets := make([]chain, len(old)/2)
	for stripe := range t.locks {
		t.move(stripe, old, buckets)
	}
	t.buckets.Store(&buckets)
}

// move copies a stripe, whose entries all go to buckets that are its own, too.
func (t *shrinking) move(stripe int, from, to []chain) {
	if !t.lockAll {
		t.locks[stripe].Lock() // the bug: others may write to the stripe before `to` is in use
		defer t.locks[stripe].Unlock()
	}
	for i := stripe; i < len(from); i += tableStripes {
		for _, e := range from[i].entries() {
			to[bucketOf(e[0], len(to))].insert(e[0], e[1])
		}
	}
}
