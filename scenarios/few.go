package scenarios

import (
	"math/rand"
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
)

// Few returns a schedule of few ops on few keys, for runs of which every step is decided:
// two or three workers with up to four ops each. A third are the beginnings of schedules
// of a scenario; the others have any ops on three keys at most, mostly on an empty map or on one
// that is about to grow or to shrink. No two of the values that it writes are equal. The same
// seed gives the same.
func Few(space Space, seed uint64) *scheduler.Schedule {
	d := &draft{Rand: rand.New(&splitMix{state: seed}), space: space, s: &scheduler.Schedule{}}
	if d.chance(33) {
		if s := d.beginning(); s != nil {
			return s
		}
	}
	if len(space.Shapes) > 0 {
		d.s.Shape = space.Shapes[0]
		if d.chance(20) {
			d.s.Shape = pick(d, space.Shapes)
		}
		d.space = space.in(d.s.Shape)
	}
	grows, shrinks := false, false
	switch draw := d.Intn(100); {
	case !d.space.Inserts(): // it stays empty
	case draw < 15:
		d.s.Prefill = d.between(1, 3)
	case draw < 40:
		d.s.Prefill, grows = d.fewBoundary(), true
	case draw < 60:
		d.s.Prefill, grows = d.many(), true
	case draw < 70 && d.space.deletes():
		d.s.Prefill, shrinks = d.many(), true
		d.s.Peak, d.s.Prefill = d.s.Prefill, d.low(1)+1
	}
	keys := []uint64{d.fresh(0), d.fresh(1), d.fresh(2)}
	if d.s.Prefill > 0 && (shrinks || d.chance(50)) {
		keys[1] = d.stable()
	}
	if shrinks {
		keys[0], keys[1] = keys[1], keys[0]
	}
	keys = keys[:d.between(1, 3)]
	longest := d.between(1, 4)
	for w := range d.between(2, 3) {
		for range d.between(1, longest) {
			if key := pick(d, keys); grows && d.chance(50) {
				d.addAny(w, key, history.Store, history.LoadOrStore, history.Swap, history.Compute)
			} else {
				d.add(w, d.anyKind(), key)
			}
		}
	}
	d.number()
	return d.s
}

// beginning returns the first ops of the first workers of some scenario's schedule; nil if its
// map has more entries than can be made before every run.
func (d *draft) beginning() *scheduler.Schedule {
	fit := slices.DeleteFunc(All(), func(s Scenario) bool { return !s.Fits(d.space) })
	if len(fit) == 0 {
		return nil
	}
	s := pick(d, fit).GenerateAs(d.space, Choice{ByWorkers: "2"}, d.Uint64())
	if max(s.Prefill, s.Peak) > manyEntries {
		return nil
	}
	s.Workers = s.Workers[:min(len(s.Workers), 3)]
	for w, ops := range s.Workers {
		s.Workers[w] = ops[:min(len(ops), 4)]
	}
	s.Timing = scheduler.Timing{}
	s.Mend()
	return s
}

// many returns a number of entries that makes a map grow which has room for dozens: as many
// as a boundary that is known, or any number, for maps each of which grows at others.
func (d *draft) many() int {
	if d.chance(50) {
		return d.boundaryUpTo(manyEntries)
	}
	size := fewEntries << d.Intn(4)
	return size + d.Intn(size)
}

// manyEntries is up to how many entries a known boundary may be at then.
const manyEntries = 1024

// fewEntries is up to how many entries a prefill may have that is made before every run.
const fewEntries = 64

// fewBoundary returns a boundary of growth that is soon reached, or 0.
func (d *draft) fewBoundary() int {
	var near []int
	for _, b := range d.space.boundaries() {
		if b <= fewEntries {
			near = append(near, b)
		}
	}
	if len(near) == 0 {
		return 0
	}
	return pick(d, near)
}
