package scheduler

import (
	"runtime"
	"strings"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// An odd is what there is to know of a schedule's odd keys, which are not equal
// to themselves or cannot be hashed. Their ops are called, since they lead a map
// where no other key does, but what they answer is nobody's to judge: no key
// comes back that equals the one that went in. Nil: the schedule has none.
type odd struct {
	is     func(key uint64) bool
	enters bool // one may get into the map, where Len counts it
}

// oddOf returns nil if no op's key is odd in the instance's shape.
func oddOf(m *target.Instance, s *Schedule) (o *odd) {
	if m.Odd == nil {
		return nil
	}
	for _, ops := range s.Workers {
		for _, op := range ops {
			if !op.Kind.Keyed() || !m.Odd(op.Key) {
				continue
			}
			if o == nil {
				o = &odd{is: m.Odd}
			}
			o.enters = o.enters || mayInsert(op.Kind)
		}
	}
	return o
}

func mayInsert(k history.Kind) bool {
	switch k {
	case history.Store, history.LoadOrStore, history.Swap, history.Compute, history.Increment, history.Custom:
		return true
	}
	return false
}

// counted reports whether Len and IsEmpty may count odd keys.
func (o *odd) counted() bool { return o != nil && o.enters }

// leavesOut reports whether the op's answer depends on odd keys.
func (o *odd) leavesOut(op history.Op) bool {
	if o == nil {
		return false
	}
	return op.Kind.Keyed() && o.is(op.Key) || o.enters && (op.Kind == history.Len || op.Kind == history.IsEmpty)
}

// callOdd is the loop of call for a schedule with odd keys.
func (w *worker) callOdd() {
	for i, op := range w.ops {
		w.disturb()
		w.log.Begin(i, w.clock.Now())
		out, ok := w.doOdd(i, op)
		w.log.End(i, w.clock.Now(), out, ok)
	}
}

// doOdd is do, and survives a key that cannot be hashed.
func (w *worker) doOdd(i int, op history.Op) (out uint64, ok bool) {
	if w.odd == nil || !op.Kind.Keyed() || !w.odd.is(op.Key) {
		return w.do(i, op)
	}
	defer func() {
		if p := recover(); p != nil && !unhashable(p) {
			panic(p)
		}
	}()
	return w.do(i, op)
}

// unhashable reports whether that is what the runtime panics with when it hashes
// a key that has no hash.
func unhashable(p any) bool {
	err, ok := p.(runtime.Error)
	return ok && strings.Contains(err.Error(), "hash of unhashable type")
}
