package scenarios

import "github.com/mapstress/mapstress/history"

var hotKey = scenario("hot-key",
	"all workers call every method that works on a key, on one and the same",
	func(s Space) bool { return s.Inserts() && len(s.keyed()) > 1 },
	func(d *draft) {
		if d.chance(40) {
			d.prefillAtBoundary(0)
		} else {
			d.s.Prefill = d.Intn(3)
		}
		key, kinds := d.hotKeys(1)[0], d.space.keyed()
		each := d.between(4, 12)
		for w := range d.workers() {
			var order []int
			for n := range each {
				if n%len(kinds) == 0 {
					order = d.Perm(len(kinds))
				}
				d.add(w, kinds[order[n%len(kinds)]], key)
			}
		}
	})

// keyed returns the methods that work on a key.
func (s Space) keyed() (kinds []history.Kind) {
	for _, k := range s.Kinds {
		if k.Keyed() {
			kinds = append(kinds, k)
		}
	}
	return kinds
}
