package scenarios

import "github.com/mapstress/mapstress/history"

var consumeOnce = scenario("consume-once",
	"all workers take the same keys out, each of which only one may get, while the map grows or keys are put back",
	func(s Space) bool { return s.Inserts() && s.has(history.LoadAndDelete, history.CompareAndDelete) },
	func(d *draft) {
		keys := d.between(1, 8)
		d.s.Prefill = keys
		if d.chance(50) {
			d.s.Prefill = d.boundaryUpTo(256)
			keys = min(keys, d.s.Prefill)
		}
		first := d.Intn(d.s.Prefill - keys + 1) // the keys above it are taken
		rotate, restores, grows := d.chance(30), d.chance(30), d.chance(40)
		for w := range d.workers() {
			for n := range keys {
				if rotate {
					n = (n + w) % keys
				}
				d.take(w, uint64(first+n+1))
				if restores && d.chance(40) {
					d.add(w, history.Store, uint64(first+n+1))
				}
				if grows && d.chance(50) {
					d.add(w, history.Store, d.fresh(w*keys+n))
				}
			}
		}
	})

// take gives the worker an op that takes a key of the prefill out, or that
// replaces the value that it has there.
func (d *draft) take(worker int, key uint64) {
	kind := history.LoadAndDelete
	switch n := d.Intn(10); {
	case n < 3:
		kind = history.CompareAndDelete
	case n < 5 && d.space.has(history.CompareAndSwap):
		kind = history.CompareAndSwap
	case n < 6 && d.space.has(history.Swap):
		kind = history.Swap
	}
	d.addTake(worker, kind, key)
}
