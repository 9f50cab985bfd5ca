package scenarios

import (
	"slices"

	"github.com/mapstress/mapstress/history"
)

var shrinkBack = scenario("shrink-back",
	"workers empty a map that grew, down across a size at which it may shrink, and fill it again, while they use keys that stay",
	func(s Space) bool { return s.Inserts() && s.deletes() },
	func(d *draft) {
		d.s.Prefill = d.boundaryUpTo(128) + d.between(1, 3)
		stay := 1
		if d.chance(50) {
			stay = min(d.between(2, 4), d.s.Prefill-1)
		}
		low, workers := d.low(stay), d.workers()
		if near := low + d.between(1, 2*workers); d.chance(50) && near < d.s.Prefill {
			d.s.Peak, d.s.Prefill = d.s.Prefill, near // it is emptied nearly so far before they start
		}
		first, last := uint64(low+1), uint64(d.s.Prefill)
		refills := d.chance(50)
		for w := range workers {
			own := share(first, last, w, workers)
			for _, key := range own {
				d.add(w, history.Delete, key)
				d.useStaying(w, 20, stay)
			}
			for _, key := range own {
				if refills {
					d.add(w, history.Store, key)
					d.useStaying(w, 20, stay)
				}
			}
			d.useStaying(w, 100, stay)
		}
	})

// low draws the size to which to empty the map: just below one at which it is
// known to shrink, the smallest of them mostly, which is the first for a map that
// has grown little; else below a half or a quarter of what it was filled to. It is
// at least that.
func (d *draft) low(least int) int {
	var below []int
	for _, b := range d.space.Boundaries.Down {
		if least < b && b < d.s.Prefill {
			below = append(below, b-1)
		}
	}
	if len(below) == 0 {
		below = []int{d.s.Prefill/2 - 1, d.s.Prefill/4 - 1, least}
	}
	if d.chance(50) {
		return max(least, slices.Min(below))
	}
	return max(least, pick(d, below))
}

// useStaying gives the worker an op on one of the keys 1 to stay, with that
// chance in percent.
func (d *draft) useStaying(worker, percent, stay int) {
	if d.chance(percent) {
		d.addAny(worker, uint64(d.between(1, stay)),
			history.Load, history.Load, history.Store, history.LoadOrStore, history.Swap, history.Compute)
	}
}
