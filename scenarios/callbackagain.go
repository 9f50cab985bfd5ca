package scenarios

import "github.com/mapstress/mapstress/history"

var callbackAgain = scenario("callback-again",
	"workers compute one and the same key while others replace and delete it, so that a Compute that looks first must try again",
	func(s Space) bool { return s.Inserts() && s.has(history.Compute) },
	func(d *draft) {
		if d.chance(70) {
			d.s.Prefill = d.between(1, 3)
		} else {
			d.prefillAtBoundary(0)
		}
		key := d.hotKeys(1)[0]
		computing, all := d.split()
		each := d.between(3, 8)
		for w := range all {
			for range each {
				switch {
				case w < computing:
					d.add(w, history.Compute, key)
				case d.chance(25) && d.space.deletes():
					d.add(w, history.Delete, key)
				default:
					d.addAny(w, key, history.Store, history.Swap, history.Compute)
				}
			}
		}
	})
