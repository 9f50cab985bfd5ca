package scenarios

import (
	"slices"

	"github.com/mapstress/mapstress/history"
)

var ballast = scenario("ballast",
	"workers move dozens of keys in and out, so that the map grows and shrinks several times under a few hot keys that all contend for",
	func(s Space) bool { return s.Inserts() && s.deletes() && s.has(exclusive...) },
	func(d *draft) { d.moveBallast(d.contend) })

var ownKeys = scenario("own-keys",
	"each worker stores and loads back keys of its own, while all move dozens of others in and out, so that the map grows and shrinks",
	func(s Space) bool { return s.Inserts() && s.deletes() && s.reads() },
	func(d *draft) { d.moveBallast(d.lookAfter) })

// moveBallast has all workers insert and delete keys that they have to
// themselves, together more than take the map across a boundary, and use hot
// ones in between: the keys after those.
func (d *draft) moveBallast(use func(worker int, hot uint64)) {
	size := d.boundaryUpTo(128) + d.between(2, 12)
	down := d.chance(50) // first out, then in
	if down {
		d.s.Prefill = size
	}
	workers := d.workers()
	for w := range workers {
		own := share(1, uint64(size), w, workers)
		for range d.between(1, max(1, 60/size)) {
			d.moveBlock(w, own, down, func() { use(w, uint64(size+1)) })
		}
	}
}

// moveBlock has the worker insert the keys and delete them, or the other way
// round.
func (d *draft) moveBlock(w int, own []uint64, down bool, use func()) {
	kinds := []history.Kind{history.Store, history.Delete}
	if down {
		slices.Reverse(kinds)
	}
	for _, kind := range kinds {
		for _, key := range own {
			d.add(w, kind, key)
			if d.chance(30) {
				use()
			}
		}
	}
}

// exclusive are the methods by which, of several workers that want the same, only
// one can win.
var exclusive = []history.Kind{
	history.LoadOrStore, history.LoadAndDelete, history.CompareAndSwap, history.CompareAndDelete, history.Swap,
}

// contend uses one of 3 hot keys.
func (d *draft) contend(worker int, hot uint64) {
	key := hot + uint64(d.Intn(3))
	if d.chance(75) {
		d.addAny(worker, key, exclusive...)
	} else {
		d.addAny(worker, key, history.Load, history.Store)
	}
}

// lookAfter stores and loads back a key that no other worker uses.
func (d *draft) lookAfter(worker int, hot uint64) {
	key := hot + uint64(worker)
	d.addAny(worker, key, history.Store, history.Store, history.Swap, history.LoadAndDelete)
	d.add(worker, history.Load, key)
}
