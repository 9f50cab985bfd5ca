package scenarios

import "github.com/mapstress/mapstress/history"

var iterateAgainstReinsert = scenario("iterate-against-reinsert",
	"workers call Range, Len and Clone while others delete and insert again the same few keys, which so move about in the map",
	func(s Space) bool {
		return s.inserts() && s.deletes() && s.has(history.Range, history.Len, history.Clone)
	},
	func(d *draft) {
		d.s.Prefill = d.Intn(9)
		if d.chance(50) {
			d.s.Prefill = d.boundaryUpTo(64)
		}
		iterators, workers := d.split()
		for w := range iterators {
			for range d.between(1, 4) {
				d.addAny(w, 0, history.Range, history.Range, history.Len, history.Clone)
			}
		}
		keys := d.hotKeys(d.between(1, 4))
		each := d.between(4, 12)
		for w := iterators; w < workers; w++ {
			for range each / 2 {
				key := pick(d, keys)
				d.add(w, history.Delete, key)
				d.add(w, history.Store, key)
			}
		}
	})
