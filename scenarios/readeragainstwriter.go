package scenarios

import "github.com/mapstress/mapstress/history"

var readerAgainstWriter = scenario("reader-against-writer",
	"workers read keys that are there throughout while others insert across a growth boundary",
	func(s Space) bool { return s.Inserts() && s.reads() },
	func(d *draft) {
		d.prefillAtBoundary(3)
		d.s.Prefill = max(1, d.s.Prefill)
		hot := []uint64{d.stable(), d.stable(), d.stable(), uint64(d.s.Prefill)}
		writers, overwrite := d.between(1, 2), d.chance(20)
		each := d.between(2, 6)
		for w := range writers {
			for n := range each {
				d.add(w, history.Store, d.fresh(w*each+n))
				if overwrite {
					d.add(w, history.Store, pick(d, hot))
				}
			}
		}
		each = d.between(4, 16)
		for w := range d.between(1, 2) {
			for range each {
				d.add(writers+w, history.Load, pick(d, hot))
			}
		}
	})
