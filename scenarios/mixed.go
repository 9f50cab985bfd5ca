package scenarios

import "github.com/mapstress/mapstress/history"

var mixed = scenario("mixed",
	"workers call every method that the target has on a few hot keys",
	func(s Space) bool { return s.Inserts() && len(s.Kinds) > 1 },
	func(d *draft) {
		if d.chance(50) {
			d.prefillAtBoundary(2)
		} else {
			d.s.Prefill = d.Intn(5)
		}
		keys := d.hotKeys(d.between(1, 4))
		each := d.between(3, 8)
		for w := range d.workers() {
			for range each {
				d.add(w, d.anyKind(), pick(d, keys))
			}
		}
	})

// anyKind draws a method, a whole-map one less often: Clear would leave little
// to see, and the others take long. A target's own methods have a fifth.
func (d *draft) anyKind() history.Kind {
	if len(d.space.Custom) > 0 && (len(d.space.Kinds) == 0 || d.chance(20)) {
		return history.Custom
	}
	for {
		if k := pick(d, d.space.Kinds); k.Keyed() || d.chance(25) {
			return k
		}
	}
}
