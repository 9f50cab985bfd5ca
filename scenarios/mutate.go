package scenarios

import (
	"math/rand"
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
)

// Mutate returns a schedule that differs from the given one in one to three small
// ways, some of which may cancel each other out. It is valid for the space, and no
// two of the values that it writes are equal. The same seed gives the same.
func (m *Mix) Mutate(s *scheduler.Schedule, seed uint64) *scheduler.Schedule {
	rng := rand.New(&splitMix{state: seed})
	d := &draft{Rand: rng, space: m.Space.in(m.Space.shapeOf(s)), s: s.Clone()}
	for range d.between(1, 3) {
		pick(d, mutations)(d)
	}
	d.number()
	m.Space.mend(d.s)
	d.s.Timing.Seed = uint64(d.Uint32())
	return d.s
}

// mutations are the small ways to change a draft. One that cannot be done does
// nothing.
var mutations = []func(*draft){
	otherKind, otherKind, otherKey, otherKey, repeatOp, dropOp, moveOp, exchangeOps, otherBoundary, otherTiming,
}

// anyOp draws the place of an op.
func (d *draft) anyOp() (worker, at int) {
	worker = d.Intn(len(d.s.Workers))
	return worker, d.Intn(max(1, len(d.s.Workers[worker])))
}

// otherKind has an op call another method.
func otherKind(d *draft) {
	w, i := d.anyOp()
	if i >= len(d.s.Workers[w]) {
		return
	}
	op := &d.s.Workers[w][i]
	kind := d.anyKind()
	switch {
	case kind == history.Custom:
		*op = history.Op{Kind: kind, Name: pick(d, d.space.Custom), Key: d.anyKey()}
	case !kind.Keyed():
		*op = history.Op{Kind: kind}
	case op.Kind.Keyed():
		*op = history.Op{Kind: kind, Key: op.Key}
	default:
		*op = history.Op{Kind: kind, Key: d.anyKey()}
	}
}

// anyKey draws a key that some op has, or a fresh one.
func (d *draft) anyKey() uint64 {
	if keys := d.s.OpKeys(); len(keys) > 0 && d.chance(80) {
		return pick(d, keys)
	}
	return d.fresh(d.Intn(4))
}

// otherKey gives an op the key of another one, or a fresh one.
func otherKey(d *draft) {
	w, i := d.anyOp()
	if i < len(d.s.Workers[w]) && d.s.Workers[w][i].Kind.Keyed() {
		d.s.Workers[w][i].Key = d.anyKey()
	}
}

// repeatOp has any worker call a copy of an op, unless there are very many.
func repeatOp(d *draft) {
	w, i := d.anyOp()
	if i < len(d.s.Workers[w]) && d.s.Ops() < scheduler.MaxOps {
		to := d.Intn(len(d.s.Workers))
		at := d.Intn(len(d.s.Workers[to]) + 1)
		d.s.Workers[to] = slices.Insert(d.s.Workers[to], at, d.s.Workers[w][i])
	}
}

// dropOp drops an op of a worker that has others.
func dropOp(d *draft) {
	if w, i := d.anyOp(); len(d.s.Workers[w]) > 1 {
		d.s.Workers[w] = slices.Delete(d.s.Workers[w], i, i+1)
	}
}

// moveOp moves an op of a worker that has others to another place.
func moveOp(d *draft) {
	w, i := d.anyOp()
	if len(d.s.Workers[w]) < 2 {
		return
	}
	op := d.s.Workers[w][i]
	d.s.Workers[w] = slices.Delete(d.s.Workers[w], i, i+1)
	to := d.Intn(len(d.s.Workers))
	d.s.Workers[to] = slices.Insert(d.s.Workers[to], d.Intn(len(d.s.Workers[to])+1), op)
}

// exchangeOps exchanges two ops.
func exchangeOps(d *draft) {
	v, i := d.anyOp()
	w, j := d.anyOp()
	if i < len(d.s.Workers[v]) && j < len(d.s.Workers[w]) {
		a, b := &d.s.Workers[v][i], &d.s.Workers[w][j]
		*a, *b = *b, *a
	}
}

// otherBoundary fills the map to another boundary, or to one entry more or less;
// fresh keys stay fresh.
func otherBoundary(d *draft) {
	if !d.space.Inserts() {
		return
	}
	size := d.boundary()
	if d.chance(50) {
		size = max(0, d.s.Prefill+2*d.Intn(2)-1)
	}
	setPrefill(d.s, min(size, scheduler.MaxPrefill))
}

// otherTiming draws the timing plan anew, one or all of its settings.
func otherTiming(d *draft) {
	k := pick(d, knobs)
	if k.set == nil {
		return
	}
	if d.chance(50) {
		k.set(d, &d.s.Timing, draw(d.Rand, k.settings(d.space)))
		return
	}
	d.choice = Choice{}
	for i := range knobs {
		d.choice[knobs[i].dimension] = draw(d.Rand, knobs[i].settings(d.space))
	}
	d.s.Timing = d.timing()
}
