package scenarios

import "github.com/mapstress/mapstress/history"

var callbackCalls = scenario("callback-calls",
	"the functions of Compute and Range call the map themselves, on the same and on other keys, while others write",
	func(s Space) bool { return s.Inserts() && len(s.callers(mayCall)) > 0 },
	func(d *draft) {
		keys, callers := d.aFew(), d.space.callers(mayCall)
		each := d.between(2, 4)
		for w := range d.workers() {
			for range each {
				key := pick(d, keys)
				if d.chance(70) {
					d.add(w, pick(d, callers), key)
					for range d.between(1, 2) {
						d.callInside(w, key, pick(d, keys))
					}
				}
				if d.chance(60) {
					d.add(w, d.anyKind(), pick(d, keys))
				}
			}
			d.add(w, history.Store, pick(d, keys)) // if chance left the worker with nothing
		}
	})

// callInside has the function of the op before read or write its own key, or another.
func (d *draft) callInside(worker int, own, other uint64) {
	switch n := d.Intn(10); {
	case n < 3 && d.space.reads():
		d.addInside(worker, history.Load, own)
	case n < 8:
		d.addInside(worker, d.keyedKind(), other)
	default:
		d.addInside(worker, d.anyKind(), other)
	}
}
