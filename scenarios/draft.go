package scenarios

import (
	"math/bits"
	"math/rand"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// A draft is a schedule in the making. Its ops have no values until number
// gives them some.
type draft struct {
	*rand.Rand
	space  Space // narrowed to the shape
	choice Choice
	s      *scheduler.Schedule
}

// newDraft draws what the choice leaves open. The shape is the default one if the
// scenario does not fit the methods that the target has in the chosen one.
func newDraft(rng *rand.Rand, space Space, c Choice, fits func(Space) bool) *draft {
	d := &draft{Rand: rng, space: space, choice: c, s: &scheduler.Schedule{}}
	for i := range knobs {
		if at := knobs[i].dimension; d.choice[at] == "" {
			d.choice[at] = draw(rng, knobs[i].settings(space))
		}
	}
	if d.choice[ByShape] == "" {
		d.choice[ByShape] = draw(rng, space.shapeSettings())
	}
	for i, shape := range space.Shapes {
		if narrowed := space.in(shape); i == 0 || shape.String() == d.choice[ByShape] && fits(narrowed) {
			d.space, d.s.Shape = narrowed, shape
		}
	}
	return d
}

// chance is true in that many of 100.
func (d *draft) chance(percent int) bool { return d.Intn(100) < percent }

// between returns a number from low to high, both included.
func (d *draft) between(low, high int) int { return low + d.Intn(high-low+1) }

func pick[T any](d *draft, from []T) T { return from[d.Intn(len(from))] }

// boundary draws a boundary: first its order of magnitude, by powers of two, and
// then one of that order. A map of many parts has most of its boundaries at
// large sizes, which take longest to fill.
func (d *draft) boundary() int {
	orders := map[int][]int{}
	var present []int // the keys of orders, ascending, as the boundaries are
	for _, b := range d.space.boundaries() {
		order := bits.Len(uint(b))
		if len(orders[order]) == 0 {
			present = append(present, order)
		}
		orders[order] = append(orders[order], b)
	}
	return pick(d, orders[pick(d, present)])
}

// prefillAtBoundary fills the map so that the next insert grows it. In 1 of 16
// it stays empty, since many maps make their first storage late; in 1 of 10 it
// stops short by up to slack entries, so that the growth comes a little later.
func (d *draft) prefillAtBoundary(slack int) {
	if d.Intn(16) == 0 {
		return
	}
	d.s.Prefill = d.boundary()
	if slack > 0 && d.chance(10) {
		d.s.Prefill = max(0, d.s.Prefill-d.between(1, slack))
	}
}

// fresh returns the n'th key, from 0, that the prefill does not have.
func (d *draft) fresh(n int) uint64 { return uint64(d.s.Prefill + 1 + n) }

// stable returns a key that the prefill has.
func (d *draft) stable() uint64 { return uint64(d.between(1, d.s.Prefill)) }

// add gives the worker an op of that kind, or the nearest that the target has;
// without any it gives none. The key of a kind without one is ignored. Of Custom, of
// which the target must have one, it is any.
func (d *draft) add(worker int, kind history.Kind, key uint64) {
	op := history.Op{Kind: kind, Key: key}
	if kind == history.Custom {
		op.Name = pick(d, d.space.Custom)
	} else if op.Kind, _ = d.space.near(kind); op.Kind == 0 {
		return
	}
	kind = op.Kind
	if !kind.Keyed() {
		op.Key = 0
	}
	for len(d.s.Workers) <= worker {
		d.s.Workers = append(d.s.Workers, nil)
	}
	d.s.Workers[worker] = append(d.s.Workers[worker], op)
}

// addAny gives the worker an op of one of the kinds that the target has of those.
func (d *draft) addAny(worker int, key uint64, kinds ...history.Kind) {
	var has []history.Kind
	for _, k := range kinds {
		if d.space.has(k) {
			has = append(has, k)
		}
	}
	if len(has) > 0 {
		d.add(worker, pick(d, has), key)
	}
}

// shapeOf returns the shape that a schedule names, or means by naming none.
func (s Space) shapeOf(schedule *scheduler.Schedule) target.Shape {
	if schedule.Shape == (target.Shape{}) && len(s.Shapes) > 0 {
		return s.Shapes[0]
	}
	return schedule.Shape
}
