package scenarios

import (
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// may returns what the function of a method may do; nothing if it has none.
func (s Space) may(k history.Kind) target.Callback {
	switch k {
	case history.Compute:
		return s.InCompute
	case history.Range:
		return s.InRange
	}
	return target.Callback{}
}

// callers returns the methods that the target has, and whose function may do something.
func (s Space) callers(may func(target.Callback) bool) (kinds []history.Kind) {
	for _, k := range []history.Kind{history.Compute, history.Range} {
		if s.has(k) && may(s.may(k)) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

func mayCall(f target.Callback) bool  { return f.Calls }
func mayPanic(f target.Callback) bool { return f.Panics }

// mend takes out of a schedule that was edited what functions may not do: an op that is
// inside none that may call it is called by itself. A map lasts for as many rounds as the ops
// bear.
func (s Space) mend(c *scheduler.Schedule) {
	c.FewerRounds()
	for _, ops := range c.Workers {
		caller := history.Kind(0)
		for i := range ops {
			op := &ops[i]
			op.Inside = op.Inside && s.may(caller).Calls
			op.Panics = op.Panics && !op.Inside && s.may(op.Kind).Panics
			if !op.Inside {
				caller = op.Kind
			}
		}
	}
}

// addInside gives the worker an op that the function of the op before it calls.
func (d *draft) addInside(worker int, kind history.Kind, key uint64) {
	before := len(d.s.Workers[worker])
	d.add(worker, kind, key)
	if ops := d.s.Workers[worker]; len(ops) > before {
		ops[before].Inside = true
	}
}

// aFew begins a small map of a few hot keys: of what a function does, the others see
// most there.
func (d *draft) aFew() (keys []uint64) {
	if d.chance(30) {
		d.prefillAtBoundary(0)
	} else {
		d.s.Prefill = d.between(1, 4)
	}
	return d.hotKeys(d.between(1, 3))
}
