package oracle

import (
	"fmt"

	"github.com/mapstress/mapstress/oracle/linear"
)

// before reports whether a returned before b was called.
func before(a, b *linear.Op) bool { return a.Ret < b.Inv }

// takes reports whether the op certainly found the value it names and replaced
// it or took it out.
func takes(op *linear.Op) bool {
	return op.Pre == linear.Is && op.Effect != linear.Keep && !op.Guarded &&
		!(op.Effect == linear.Set && op.Value == op.PreValue)
}

// finds reports whether the op certainly found the value it names.
func finds(op *linear.Op) bool { return op.Pre == linear.Is && !op.Guarded }

// misses reports whether the op certainly found the key absent.
func misses(op *linear.Op) bool { return op.Pre == linear.Absent && !op.Guarded }

// adds reports whether somebody increments the key. Then values tell nothing of
// who wrote them.
func (k *suspect) adds() bool {
	for i := range k.ops {
		if k.ops[i].Effect == linear.Add {
			return true
		}
	}
	return false
}

// writer returns the one op that puts the value in, nil if that is the prefill.
// It reports false if none or several do.
func (k *suspect) writer(value uint64) (w *linear.Op, unique bool) {
	n := 0
	if k.initial.Present && k.initial.Value == value {
		n++
	}
	for i := range k.ops {
		if op := &k.ops[i]; op.Effect == linear.Set && op.Value == value {
			w, n = op, n+1
		}
	}
	return w, n == 1
}

// phantom: a value read that nobody had put in by then.
func (k *suspect) phantom() (charge, bool) {
	if k.adds() {
		return charge{}, false
	}
	for i := range k.ops {
		r := &k.ops[i]
		if !finds(r) || k.held(r) {
			continue
		}
		return charge{Phantom, []*linear.Op{r},
			fmt.Sprintf("%s, though nobody had ever put it there%s", k.reads(r), k.elsewhere(r.PreValue))}, true
	}
	return charge{}, false
}

// held reports whether r may have found its value, as far as its writers go.
func (k *suspect) held(r *linear.Op) bool {
	if k.initial.Present && k.initial.Value == r.PreValue {
		return true
	}
	for i := range k.ops {
		w := &k.ops[i]
		if w != r && w.Effect == linear.Set && w.Value == r.PreValue && !before(r, w) {
			return true
		}
	}
	return false
}

// elsewhere says which other key the value belongs to, if any.
func (k *suspect) elsewhere(value uint64) string {
	for i := range k.h.Events {
		e := &k.h.Events[i]
		if e.Kind.Keyed() && e.Key != k.key && e.Value == value && value != 0 {
			return fmt.Sprintf(" (k%d got it)", e.Key)
		}
	}
	return ""
}

// consumedTwice: one value, put in once, taken out by two ops.
func (k *suspect) consumedTwice() (charge, bool) {
	if k.adds() {
		return charge{}, false
	}
	for i := range k.ops {
		a := &k.ops[i]
		if !takes(a) {
			continue
		}
		w, unique := k.writer(a.PreValue)
		for n := i + 1; unique && n < len(k.ops); n++ {
			if b := &k.ops[n]; takes(b) && b.PreValue == a.PreValue {
				return charge{ConsumedTwice, []*linear.Op{w, a, b},
					fmt.Sprintf("k%d v%d was taken out twice, %s and %s", k.key, a.PreValue, k.who(a), k.who(b))}, true
			}
		}
	}
	return charge{}, false
}

// removedTwice: more ops took the key out than put it in. It is for those that answer whether
// there was an entry, and not which.
func (k *suspect) removedTwice() (charge, bool) {
	if k.adds() {
		return charge{}, false
	}
	var puts, takers []*linear.Op
	for i := range k.ops {
		switch op := &k.ops[i]; {
		case op.Effect == linear.Set:
			puts = append(puts, op)
		case op.Effect == linear.Remove && !op.Guarded && (op.Pre == linear.Is || op.Pre == linear.Present):
			takers = append(takers, op)
		}
	}
	n := len(puts)
	if k.initial.Present {
		n++
	}
	if n != 1 || len(takers) < 2 { // that of many is told by no count of theirs
		return charge{}, false
	}
	return charge{ConsumedTwice, append(puts, takers[:2]...),
		fmt.Sprintf("k%d was put in once and taken out twice, %s and %s", k.key, k.who(takers[0]), k.who(takers[1]))}, true
}

// lostCount: a count below what it started from plus the increments completed
// before it was read. It needs a key that nothing but increments writes to.
func (k *suspect) lostCount() (charge, bool) {
	for i := range k.ops {
		if op := &k.ops[i]; op.Effect == linear.Set || op.Effect == linear.Remove {
			return charge{}, false
		}
	}
	for i := range k.ops {
		r := &k.ops[i]
		if r.Pre != linear.Is {
			continue
		}
		ops, least := []*linear.Op{r}, k.initial.Value
		for n := range k.ops {
			if w := &k.ops[n]; w.Effect == linear.Add && before(w, r) {
				ops, least = append(ops, w), least+w.Value
			}
		}
		if r.PreValue < least {
			return charge{LostUpdate, ops, fmt.Sprintf("%s, though %d increments of %d had completed",
				k.reads(r), len(ops)-1, k.initial.Value)}, true
		}
	}
	return charge{}, false
}

// lostKey: a key not found although an op had put it in, and none that could
// take it out ran after that op began and before the key was missed.
func (k *suspect) lostKey() (charge, bool) {
	for i := range k.ops {
		r := &k.ops[i]
		if !misses(r) {
			continue
		}
		if k.initial.Present && !k.removed(nil, r) {
			return charge{LostKey, []*linear.Op{r},
				fmt.Sprintf("%s, though it was prefilled with v%d and nothing deleted it", k.reads(r), k.initial.Value)}, true
		}
		for n := range k.ops {
			w := &k.ops[n]
			puts := (w.Effect == linear.Set || w.Effect == linear.Add) && !w.Guarded || finds(w) && w.Effect == linear.Keep
			if w == r || !puts || !before(w, r) || k.removed(w, r) {
				continue
			}
			had := k.text(w) + " had completed"
			if w.Effect == linear.Keep {
				had = fmt.Sprintf("v%d had been read %s", w.PreValue, k.who(w))
			}
			return charge{LostKey, []*linear.Op{w, r}, fmt.Sprintf("%s, though %s", k.reads(r), had)}, true
		}
	}
	return charge{}, false
}

// removed reports whether some op could have taken the key out after w (nil is
// the prefill) and before r.
func (k *suspect) removed(w, r *linear.Op) bool {
	for i := range k.ops {
		d := &k.ops[i]
		if d.Effect == linear.Remove && d != r && !before(r, d) && (w == nil || !before(d, w)) {
			return true
		}
	}
	return false
}
