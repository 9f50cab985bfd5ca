package scenarios

import "github.com/mapstress/mapstress/history"

var churn = scenario("churn",
	"all workers insert, delete and insert again the same few keys",
	func(s Space) bool { return s.Inserts() && s.deletes() },
	func(d *draft) {
		if d.chance(40) {
			d.prefillAtBoundary(1)
		} else {
			d.s.Prefill = d.Intn(3)
		}
		keys := d.hotKeys(d.between(1, 3))
		each := d.between(4, 12)
		for w := range d.between(2, 3) {
			for range each {
				d.insertOrDelete(w, pick(d, keys))
			}
		}
	})

func (d *draft) insertOrDelete(worker int, key uint64) {
	switch n := d.Intn(10); {
	case n < 5:
		d.addAny(worker, key, history.Store, history.LoadOrStore, history.Swap, history.CompareAndSwap, history.Compute)
	case n < 9:
		d.addAny(worker, key, history.LoadAndDelete, history.LoadAndDelete, history.Delete, history.CompareAndDelete)
	default:
		d.add(worker, history.Load, key)
	}
}

// hotKeys draws that many keys, of which some are in the prefill and some not.
func (d *draft) hotKeys(n int) (keys []uint64) {
	for i := range n {
		if d.s.Prefill > 0 && d.chance(50) {
			keys = append(keys, d.stable())
		} else {
			keys = append(keys, d.fresh(i))
		}
	}
	return keys
}
