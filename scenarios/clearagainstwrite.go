package scenarios

import "github.com/mapstress/mapstress/history"

var clearAgainstWrite = scenario("clear-against-write",
	"workers clear the map while others insert keys, and read their own writes",
	func(s Space) bool { return s.Inserts() && s.has(history.Clear) },
	func(d *draft) {
		if d.chance(50) {
			d.s.Prefill = d.boundaryUpTo(64)
		} else {
			d.s.Prefill = d.Intn(4)
		}
		keys := d.between(1, 12)
		key := func() uint64 { return d.fresh(d.Intn(keys)) }
		clearers, workers := d.split()
		for w := range clearers {
			for range d.between(1, 3) {
				for range d.Intn(3) {
					d.add(w, history.Load, key())
				}
				d.add(w, history.Clear, 0)
			}
			if d.chance(50) {
				d.add(w, history.Store, key())
			}
		}
		each := d.between(2, 6)
		for w := clearers; w < workers; w++ {
			for range each {
				written := key()
				d.addAny(w, written, history.Store, history.Store, history.LoadOrStore, history.Swap, history.Compute)
				d.add(w, history.Load, written)
			}
		}
	})
