package scenarios

import "github.com/mapstress/mapstress/history"

var deleteReinsert = scenario("delete-reinsert",
	"one key is deleted and inserted again and again, while it and its neighbours, which stay, are read",
	func(s Space) bool { return s.Inserts() && s.deletes() && s.reads() },
	func(d *draft) {
		d.s.Prefill = d.between(1, 8)
		if d.chance(40) {
			d.s.Prefill = d.boundaryUpTo(256)
		}
		key := d.hotKeys(1)[0]
		writers, workers := d.split()
		each, joined := d.between(4, 12), d.chance(30)
		for w := range writers {
			for n := range each {
				if (n+w)%2 == 0 {
					d.add(w, pick(d, []history.Kind{history.Delete, history.LoadAndDelete}), key)
				} else {
					d.addAny(w, key, history.Store, history.LoadOrStore, history.Swap, history.Compute)
				}
				if joined && d.chance(20) {
					d.add(w, history.Store, d.fresh(1+w*each+n)) // a neighbour that may take the free place
				}
			}
		}
		for w := writers; w < workers; w++ {
			for range each {
				if d.chance(70) {
					d.add(w, history.Load, key)
				} else {
					d.add(w, history.Load, d.stable())
				}
			}
		}
	})
