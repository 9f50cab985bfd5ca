package scenarios

import "github.com/mapstress/mapstress/history"

var sameKeyIncrement = scenario("same-key-increment",
	"all workers read, modify and write the same one or two keys: m[k]++",
	func(s Space) bool { return s.can(history.Increment) },
	func(d *draft) {
		keys := d.between(1, 2)
		by, _ := d.space.near(history.Increment)
		switch n := d.Intn(10); {
		case !d.space.Inserts(): // but by being counted
		case n < 6 || by == history.CompareAndSwap:
			d.s.Prefill = keys // the keys are there
		case n < 8:
			d.prefillAtBoundary(0) // the first increment grows the map
		}
		key := func() uint64 { return uint64(1 + d.Intn(keys)) }
		if d.s.Prefill > keys {
			key = func() uint64 { return d.fresh(d.Intn(keys)) }
		}
		each := d.between(3, 16)
		for w := range d.workers() {
			for range each {
				d.add(w, history.Increment, key())
			}
			d.add(w, history.Load, key())
		}
	})
