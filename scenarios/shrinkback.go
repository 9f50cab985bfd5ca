package scenarios

import "github.com/mapstress/mapstress/history"

var shrinkBack = scenario("shrink-back",
	"workers empty a map that grew, down across a size at which it may shrink, and fill it again, while they use keys that stay",
	func(s Space) bool { return s.inserts() && s.deletes() },
	func(d *draft) {
		d.s.Prefill = d.boundaryUpTo(128)
		stay := uint64(min(d.between(1, 4), d.s.Prefill))
		from, to := d.low(int(stay))+1, d.s.Prefill+d.between(1, 3)
		refills := d.chance(50)
		workers := d.workers()
		for w := range workers {
			own := share(uint64(from), uint64(to), w, workers)
			for _, key := range own {
				if key > uint64(d.s.Prefill) {
					d.add(w, history.Store, key)
				}
			}
			for _, key := range own {
				d.add(w, history.Delete, key)
				d.useHot(w, 20, 1, stay)
			}
			for _, key := range own {
				if refills {
					d.add(w, history.Store, key)
					d.useHot(w, 20, 1, stay)
				}
			}
			d.useHot(w, 100, 1, stay)
		}
	})

// low draws the size to which to empty the map: just below one at which it is
// known to shrink, else below a half or a quarter of what it was filled to.
func (d *draft) low(least int) int {
	var below []int
	for _, b := range d.space.Boundaries.Down {
		if least < b && b <= d.s.Prefill {
			below = append(below, b-1)
		}
	}
	if len(below) == 0 {
		below = []int{d.s.Prefill/2 - 1, d.s.Prefill/4 - 1, 0}
	}
	return max(least, pick(d, below))
}

// useHot gives the worker an op on one of the keys from first to last, with that
// chance.
func (d *draft) useHot(worker, percent int, first, last uint64) {
	if d.chance(percent) {
		key := first + uint64(d.Intn(int(last-first+1)))
		d.addAny(worker, key, history.Load, history.Load, history.Store, history.LoadOrStore, history.Swap, history.Compute)
	}
}
