package oracle

import (
	"fmt"

	"github.com/mapstress/mapstress/oracle/linear"
)

// A value that only one op ever puts in is there for one stretch of time. The
// rules of this file find an op that certainly ran within that stretch and
// certainly met, or left, something else.

// witness returns an op that certainly had the value in the map, wholly before
// o: its writer or one that found it. The prefill is a nil op.
func (k *suspect) witness(value uint64, w, o *linear.Op) (*linear.Op, bool) {
	if w == nil {
		return nil, true
	}
	if !w.Guarded && before(w, o) {
		return w, true
	}
	for i := range k.ops {
		if a := &k.ops[i]; a != o && finds(a) && a.PreValue == value && before(a, o) {
			return a, true
		}
	}
	return nil, false
}

// flickered: a key missed although its one value had been seen before and was
// seen again after.
func (k *suspect) flickered() (charge, bool) {
	return k.interrupted(func(o, _ *linear.Op) bool { return misses(o) },
		func(a, o, r *linear.Op) charge {
			return charge{LostKey, []*linear.Op{a, o, r}, fmt.Sprintf("%s, though v%d was there before (%s) and after (read %s)",
				k.reads(o), r.PreValue, k.text(a), k.who(r))}
		})
}

// staleRead: a value found although it had been replaced or deleted before.
func (k *suspect) staleRead() (charge, bool) {
	return k.interrupted(func(o, r *linear.Op) bool {
		other := finds(o) && o.PreValue != r.PreValue
		return other || o.Effect == linear.Remove && !o.Guarded ||
			o.Effect == linear.Set && !o.Guarded && o.Value != r.PreValue
	}, func(a, o, r *linear.Op) charge {
		rule, how := StaleRead, fmt.Sprintf("%s had completed", k.text(o))
		switch o.Effect {
		case linear.Remove:
			rule = Resurrected
		case linear.Keep:
			how = fmt.Sprintf("v%d had been read before %s", o.PreValue, k.who(o))
		}
		return charge{rule, []*linear.Op{a, o, r}, fmt.Sprintf("%s, though %s", k.reads(r), how)}
	})
}

// interrupted looks for an op r that found a value, and an op o wholly before it
// that breaks the value's stretch: because the value had been there wholly
// before o, or because o itself took it out.
func (k *suspect) interrupted(breaks func(o, r *linear.Op) bool, accuse func(a, o, r *linear.Op) charge) (charge, bool) {
	if k.adds() {
		return charge{}, false
	}
	for i := range k.ops {
		r := &k.ops[i]
		if !finds(r) {
			continue
		}
		w, unique := k.writer(r.PreValue)
		for n := 0; unique && n < len(k.ops); n++ {
			o := &k.ops[n]
			if !before(o, r) || o == w || !breaks(o, r) {
				continue
			}
			if a, seen := k.witness(r.PreValue, w, o); seen || takes(o) && o.PreValue == r.PreValue {
				return accuse(a, o, r), true
			}
		}
	}
	return charge{}, false
}

// insertedTwice: two overlapping ops both found the key absent and put it in,
// and nothing could take it out between them. The value that went in first is
// lost to whoever put it there, so people call it a lost update.
func (k *suspect) insertedTwice() (charge, bool) {
	for i := range k.ops {
		a := &k.ops[i]
		if !misses(a) || a.Effect != linear.Set {
			continue
		}
		for n := i + 1; n < len(k.ops); n++ {
			b := &k.ops[n]
			if !misses(b) || b.Effect != linear.Set || k.removed(a, b) || k.removed(b, a) {
				continue
			}
			return charge{LostUpdate, []*linear.Op{a, b},
				fmt.Sprintf("k%d was absent to both %s and %s, which both put it in", k.key, k.text(a), k.text(b))}, true
		}
	}
	return charge{}, false
}
