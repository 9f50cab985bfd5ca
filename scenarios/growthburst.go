package scenarios

import "github.com/mapstress/mapstress/history"

var growthBurst = scenario("growth-burst",
	"a map filled to a growth boundary gets a few fresh keys from all workers at once",
	Space.Inserts,
	func(d *draft) {
		d.prefillAtBoundary(3)
		workers, each := d.workers(), d.between(1, 3)
		insert := pick(d, []history.Kind{history.Store, history.Store, history.LoadOrStore, history.Swap, history.Compute})
		if !d.space.has(insert) {
			insert = history.Store
		}
		readBack := d.chance(30)
		for w := range workers {
			for n := range each {
				d.add(w, insert, d.fresh(w*each+n))
			}
			if readBack {
				d.add(w, history.Load, d.fresh(d.Intn(workers*each)))
			}
		}
	})
