package scenarios

import "github.com/mapstress/mapstress/history"

var longHistories = scenario("long-histories",
	"workers call every method, hundreds of times each, on some dozen keys, for what only shows in a map that has been in use for a while",
	func(s Space) bool { return s.inserts() && len(s.Kinds) > 1 },
	func(d *draft) {
		keys, workers := d.between(24, 48), d.workers()
		each := d.between(1000, 4000) / workers
		for w := range workers {
			for range each {
				d.add(w, d.lastingKind(), uint64(1+d.Intn(keys)))
			}
		}
	})

// lastingKind draws a method, one on the whole map in 1 of 100.
func (d *draft) lastingKind() history.Kind {
	for {
		if k := pick(d, d.space.Kinds); k.Keyed() || d.chance(3) {
			return k
		}
	}
}
