package scenarios

import "github.com/mapstress/mapstress/history"

var cloneAgainstWrite = scenario("clone-against-write",
	"workers clone the map several times while others insert across a growth boundary, delete and overwrite",
	func(s Space) bool { return s.Inserts() && s.has(history.Clone) },
	func(d *draft) {
		d.s.Prefill = max(0, d.boundaryUpTo(128)-d.Intn(3))
		cloners, workers := d.split()
		for w := range cloners {
			for range d.between(1, 3) {
				d.add(w, history.Clone, 0)
			}
		}
		each := d.between(3, 8)
		for w := cloners; w < workers; w++ {
			for n := range each {
				d.disturbIteration(w, d.fresh((w-cloners)*each+n), false)
			}
		}
	})
