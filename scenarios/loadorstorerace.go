package scenarios

import "github.com/mapstress/mapstress/history"

var loadOrStoreRace = scenario("load-or-store-race",
	"all workers LoadOrStore the same fresh keys, of which each has one winner, and load them",
	func(s Space) bool { return s.has(history.LoadOrStore) },
	func(d *draft) {
		if d.chance(60) {
			d.prefillAtBoundary(2)
		}
		keys, rotate := d.between(1, 3), d.chance(30)
		for w := range d.workers() {
			first := 0
			if rotate {
				first = w
			}
			for n := range keys {
				d.add(w, history.LoadOrStore, d.fresh((first+n)%keys))
			}
			for n := range keys {
				d.add(w, history.Load, d.fresh((first+n)%keys))
			}
		}
	})
