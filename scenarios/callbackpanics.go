package scenarios

import "github.com/mapstress/mapstress/history"

var callbackPanics = scenario("callback-panics",
	"the functions of Compute and Range panic, and the keys and locks that they had are wanted right after",
	func(s Space) bool { return s.Inserts() && len(s.callers(mayPanic)) > 0 },
	func(d *draft) {
		keys, callers := d.aFew(), d.space.callers(mayPanic)
		each := d.between(2, 5)
		for w := range d.workers() {
			for range each {
				key := pick(d, keys)
				if d.chance(50) {
					d.add(w, pick(d, callers), key)
					ops := d.s.Workers[w]
					ops[len(ops)-1].Panics = true
				}
				d.add(w, d.anyKind(), key)
			}
			d.add(w, history.Store, pick(d, keys))
		}
	})
