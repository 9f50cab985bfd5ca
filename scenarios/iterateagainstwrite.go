package scenarios

import "github.com/mapstress/mapstress/history"

var iterateAgainstWrite = scenario("iterate-against-write",
	"workers call Range, Len and Clone while others store, delete and clear",
	func(s Space) bool {
		return s.Inserts() && s.has(history.Range, history.Len, history.Clone)
	},
	func(d *draft) {
		d.prefillAtBoundary(3)
		iterators, clears := d.between(1, 2), d.chance(15)
		for w := range iterators {
			for range d.between(1, 4) {
				d.addAny(w, 0, history.Range, history.Range, history.Len, history.Clone)
			}
		}
		each := d.between(3, 8)
		for w := range d.between(1, 2) {
			for n := range each {
				d.disturbIteration(iterators+w, d.fresh(w*each+n), clears)
			}
		}
	})

// disturbIteration inserts a fresh key mostly.
func (d *draft) disturbIteration(worker int, fresh uint64, clears bool) {
	old := uint64(1 + d.Intn(int(fresh)))
	switch n := d.Intn(10); {
	case n == 9 && clears:
		d.add(worker, history.Clear, 0)
	case n >= 8:
		d.add(worker, history.Store, old)
	case n >= 5 && d.space.deletes():
		d.add(worker, history.Delete, old)
	default:
		d.add(worker, history.Store, fresh)
	}
}
