package scenarios

import "github.com/mapstress/mapstress/history"

var iterateAgainstReinsert = scenario("iterate-against-reinsert",
	"workers call Range, Len and Clone while others delete some keys and insert them again in another order, which moves them about in the map",
	func(s Space) bool {
		return s.Inserts() && s.deletes() && s.has(history.Range, history.Len, history.Clone)
	},
	func(d *draft) {
		d.s.Prefill = d.between(1, 8)
		if d.chance(70) {
			d.s.Prefill = d.boundaryUpTo(128)
		}
		iterators, workers := d.split()
		for w := range iterators {
			for range d.between(1, 3) {
				d.addAny(w, 0, history.Range, history.Range, history.Range, history.Len, history.Clone)
			}
		}
		moving, rounds := min(d.s.Prefill, d.between(2, 8)), d.between(1, 3)
		for w := iterators; w < workers; w++ {
			keys := d.Perm(d.s.Prefill)[:moving]
			for range rounds {
				for _, i := range keys {
					d.add(w, history.Delete, uint64(i+1))
				}
				d.Shuffle(moving, func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
				for _, i := range keys {
					d.add(w, history.Store, uint64(i+1))
				}
			}
		}
	})
