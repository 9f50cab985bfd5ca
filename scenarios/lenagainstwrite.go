package scenarios

import "github.com/mapstress/mapstress/history"

var lenAgainstWrite = scenario("len-against-write",
	"workers insert and delete the same few keys of a map that holds hardly anything else, and ask for its length, or whether it is empty, in between",
	func(s Space) bool { return s.Inserts() && s.deletes() && s.has(history.Len, history.IsEmpty) },
	func(d *draft) {
		if d.chance(30) {
			d.s.Prefill = d.between(1, 3)
		}
		keys, clears := d.between(1, 3), d.chance(15)
		each := d.between(4, 12)
		for w := range d.workers() {
			for range each {
				key := d.fresh(d.Intn(keys))
				switch n := d.Intn(10); {
				case n == 9 && clears:
					d.add(w, history.Clear, 0)
				case n >= 5:
					d.addAny(w, key, history.Store, history.Store, history.LoadOrStore)
				default:
					d.addAny(w, key, history.Delete, history.LoadAndDelete)
				}
				if d.chance(40) {
					d.addAny(w, 0, history.Len, history.Len, history.IsEmpty)
				}
			}
			d.add(w, history.Len, 0)
		}
	})
