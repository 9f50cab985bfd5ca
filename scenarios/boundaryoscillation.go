package scenarios

import "github.com/mapstress/mapstress/history"

var boundaryOscillation = scenario("boundary-oscillation",
	"all workers insert and delete keys of their own by turns, so that the size goes up and down across one boundary",
	func(s Space) bool { return s.Inserts() && s.deletes() },
	func(d *draft) {
		d.prefillAtBoundary(2)
		workers, keys, rounds := d.workers(), d.between(1, 3), d.between(2, 5)
		takes, reads := d.chance(50), d.chance(50)
		for w := range workers {
			for range rounds {
				for n := range keys {
					d.add(w, history.Store, d.fresh(w*keys+n))
				}
				if reads {
					d.add(w, history.Load, d.fresh(d.Intn(workers*keys)))
				}
				for n := range keys {
					if takes {
						d.add(w, history.LoadAndDelete, d.fresh(w*keys+n))
					} else {
						d.add(w, history.Delete, d.fresh(w*keys+n))
					}
				}
			}
		}
	})
