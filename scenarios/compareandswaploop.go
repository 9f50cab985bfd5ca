package scenarios

import "github.com/mapstress/mapstress/history"

var compareAndSwapLoop = scenario("compare-and-swap-loop",
	"all workers compare and swap the same one or two keys, each against what another writes, or count on them",
	func(s Space) bool { return s.Inserts() && s.has(history.CompareAndSwap) },
	func(d *draft) {
		keys := d.between(1, 2)
		d.s.Prefill = keys
		grows := d.chance(40)
		if grows {
			d.s.Prefill = max(keys, d.boundaryUpTo(256))
		}
		counts := d.space.has(history.Increment) && d.chance(40)
		each := d.between(3, 10)
		for w := range d.workers() {
			for n := range each {
				switch key := uint64(d.between(1, keys)); {
				case counts:
					d.add(w, history.Increment, key)
				case n == 0:
					d.addTake(w, history.CompareAndSwap, 1) // of which one can win
				default:
					d.replace(w, key)
				}
				if grows && d.chance(25) {
					d.add(w, history.Store, d.fresh(w*each+n))
				}
			}
		}
	})

// replace gives the worker a link of the chain: a comparison mostly, else a write
// that the comparisons after it may hit.
func (d *draft) replace(worker int, key uint64) {
	switch n := d.Intn(10); {
	case n < 5:
		d.add(worker, history.CompareAndSwap, key)
	case n < 7 && d.space.has(history.CompareAndDelete):
		d.add(worker, history.CompareAndDelete, key)
	case n < 9:
		d.addAny(worker, key, history.Store, history.Swap, history.LoadOrStore, history.LoadAndDelete)
	default:
		d.add(worker, history.Load, key)
	}
}
