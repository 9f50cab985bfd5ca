package scenarios

import (
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
)

var longHistories = scenario("long-histories",
	"workers call every method on some dozen keys of a map that lasts for thousands of ops, for what only shows in one that has been in use for a while",
	func(s Space) bool { return s.Inserts() && len(s.Kinds) > 1 },
	func(d *draft) {
		keys, workers := d.between(24, 48), d.workers()
		ops := d.between(1000, 4000)
		if d.space.Lasting && d.space.has(history.Load) && d.chance(75) {
			all := pick(d, []int{4_000, 4_000, 4_000, 4_000, 4_000, 16_000, 16_000, 64_000})
			ops = d.between(40, 160)
			d.s.Rounds = all / ops
		}
		each := max(ops/workers, 1)
		for w := range workers {
			for range each {
				d.add(w, d.lastingKind(), uint64(1+d.Intn(keys)))
			}
		}
	})

// lastingKind draws a method that schedules of so many rounds may call, one on the whole map
// in 1 of 100.
func (d *draft) lastingKind() history.Kind {
	for {
		k := pick(d, d.space.Kinds)
		if (k.Keyed() || d.chance(3)) && (d.s.Rounds == 0 || scheduler.InRounds(k)) {
			return k
		}
	}
}
