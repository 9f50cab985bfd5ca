package scenarios

import "github.com/mapstress/mapstress/history"

var drain = scenario("drain",
	"workers empty a map in shares, down across sizes at which it may shrink, and all delete the last few keys",
	func(s Space) bool { return s.Inserts() && s.has(history.LoadAndDelete, history.Delete) },
	func(d *draft) {
		d.s.Prefill = d.boundaryUpTo(256) + 1
		shared := min(d.s.Prefill, d.between(1, 8))
		workers := d.workers()
		for key := shared + 1; key <= d.s.Prefill; key++ {
			d.add(key%workers, history.Delete, uint64(key))
		}
		stores := d.chance(30)
		for w := range workers {
			for key := range shared {
				d.add(w, history.LoadAndDelete, uint64(key+1))
				if stores && d.chance(30) {
					d.add(w, history.Store, uint64(key+1))
				}
			}
		}
	})
