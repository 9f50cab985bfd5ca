package scenarios

import "github.com/mapstress/mapstress/history"

var growthChurn = scenario("growth-churn",
	"workers insert many fresh keys of their own, so that the map grows several times under way",
	Space.Inserts,
	func(d *draft) {
		if d.chance(50) {
			d.prefillAtBoundary(0)
		}
		workers, each := d.workers(), d.between(8, 64)
		readBack, deletes := d.chance(40), d.chance(20)
		for w := range workers {
			for n := range each {
				key := d.fresh(w*each + n)
				d.add(w, history.Store, key)
				if readBack && d.chance(25) {
					d.add(w, history.Load, d.fresh(w*each+d.Intn(n+1)))
				}
				if deletes && d.chance(25) {
					d.add(w, history.LoadAndDelete, d.fresh(w*each+d.Intn(n+1)))
				}
			}
		}
	})
