package scenarios

import "github.com/mapstress/mapstress/history"

var oneWinner = scenario("one-winner",
	"all workers go through the same dozens of keys, and insert each, or take it out, by a method by which only one of them can win, so that the map grows and shrinks under calls that contend",
	func(s Space) bool { return s.Inserts() && s.has(history.LoadOrStore, history.LoadAndDelete) },
	func(d *draft) {
		size := d.boundaryUpTo(1024) + d.between(2, 12)
		kinds := d.contests()
		if kinds[0] == history.LoadAndDelete {
			d.s.Prefill = size
			if near := d.low(0) + d.between(1, 12); d.chance(50) && near < size {
				d.s.Peak, d.s.Prefill, size = size, near, near // it is emptied nearly so far before they start
			}
		}
		apart := pick(d, []int{0, 0, 0, 1, size / 3}) // how far each worker begins behind the one before
		for w := range d.workers() {
			for _, kind := range kinds {
				for n := range size {
					d.add(w, kind, uint64(1+(n+w*apart)%size))
				}
			}
		}
	})

// contests draws how all keys are contended for: one way or the other, or both in turn.
func (d *draft) contests() []history.Kind {
	in, out := history.LoadOrStore, history.LoadAndDelete
	switch {
	case !d.space.has(in):
		return []history.Kind{out}
	case !d.space.has(out):
		return []history.Kind{in}
	}
	return pick(d, [][]history.Kind{{in}, {out}, {out}, {in, out}, {out, in}})
}
