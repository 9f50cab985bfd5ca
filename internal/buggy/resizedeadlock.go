package buggy

import (
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/target"
)

func resizeDeadlock() Bug {
	b := Bug{
		Doc: "who has to grow the table keeps the lock of its own stripe and takes those of the others; " +
			"two at once wait for each other",
		Expect: Expect{oracle.Hang: {"deadlock"}},
	}
	b.Target, b.Correct = pair("resize-deadlock", perStripe,
		func() target.Map[int, int] { return methods(keepsLock{newStripedTable(true)}) },
		func() target.Map[int, int] { return methods(newStripedTable(true)) })
	return b
}

// A keepsLock grows its table in the same critical section as it inserts.
type keepsLock struct{ *stripedTable }

func (t keepsLock) update(k int, f change) {
	own := k % tableStripes
	t.locks[own].Lock()
	defer t.locks[own].Unlock()
	count := t.count.Add(int64(t.bucket(k).update(k, f)))
	if old := *t.buckets.Load(); int(count) > len(old) {
		t.growWith(own)
	}
}

// growWith needs the lock of its own stripe.
func (t keepsLock) growWith(own int) {
	for stripe := range t.locks {
		if stripe != own {
			t.locks[stripe].Lock() // the bug: not in one order for all
			defer t.locks[stripe].Unlock()
		}
	}
	t.rehash(*t.buckets.Load())
}
