package scenarios

import "github.com/mapstress/mapstress/history"

var customOps = scenario("custom-ops",
	"workers call the target's own methods on a few keys, and write and read these",
	func(s Space) bool { return len(s.Custom) > 0 },
	func(d *draft) {
		if d.chance(30) && d.space.Inserts() {
			d.prefillAtBoundary(0)
		} else if d.space.Inserts() {
			d.s.Prefill = d.Intn(5)
		}
		keys := d.hotKeys(d.between(1, 2))
		each, own := d.between(2, 5), d.between(30, 80)
		for w := range d.workers() {
			for range each {
				if d.chance(own) {
					d.add(w, history.Custom, pick(d, keys))
				} else {
					d.add(w, d.anyKind(), pick(d, keys))
				}
			}
			d.add(w, history.Custom, pick(d, keys))
		}
	})
