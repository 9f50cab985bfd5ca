package oracle

import (
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle/linear"
)

// normalise turns a keyed event, or a Clear as one key sees it, into what its
// answer says of the key and does to it. It reports false for an event that
// says and does nothing.
//
// An event that never returned has no answer. It is what it does whatever it
// finds, or, if it does something to certain states only, that same condition
// guarding the effect.
//
// In a lossy map an entry may vanish at any time. So an absent key says nothing
// there, nor does a failed comparison, and an insertion says no more than a
// Store does.
func normalise(e *history.Event, lossy bool) (op linear.Op, ok bool) {
	op = linear.Op{Inv: e.Inv, Ret: e.Ret, Value: e.Value}
	pending := e.Ret == history.Pending
	switch e.Kind {
	case history.Load:
		if pending {
			return op, false
		}
		op.Pre, op.PreValue = found(e)
	case history.Store:
		op.Effect = linear.Set
		if !pending && e.Told {
			op.Pre = there(e)
		}
	case history.Compute:
		if !pending && e.Calls == 0 { // what it was to put in was never asked for
			return op, false
		}
		op.Effect = linear.Set
		if e.Panics { // whatever comes of it
			op.Effect = linear.Keep
			if pending {
				return op, false
			}
		}
		if !pending {
			op.Pre, op.PreValue = found(e)
		}
	case history.Swap:
		op.Effect = linear.Set
		if !pending {
			op.Pre, op.PreValue = found(e)
		}
	case history.LoadOrStore:
		loadOrStore(e, &op)
	case history.LoadAndDelete:
		op.Effect = linear.Remove
		if !pending {
			op.Pre, op.PreValue = found(e)
			if !e.OK {
				op.Effect = linear.Keep
			}
		}
	case history.Delete:
		op.Effect = linear.Remove
		if !pending && e.Told {
			op.Pre = there(e)
		}
		if op.Pre == linear.Absent {
			op.Effect = linear.Keep
		}
	case history.Clear:
		op.Effect = linear.Remove
	case history.CompareAndSwap:
		compare(e, &op, linear.Set)
	case history.CompareAndDelete:
		compare(e, &op, linear.Remove)
	case history.Increment:
		op.Effect, op.Value = linear.Add, 1
	default:
		return op, false
	}
	if lossy && (op.Pre == linear.Absent || op.Pre == linear.IsNot) {
		op.Pre, op.Guarded = linear.Any, false
		if op.Effect == linear.Keep {
			return op, false
		}
	}
	return op, true
}

// found is what an answer "this value, or none" says.
func found(e *history.Event) (linear.Pre, uint64) {
	if e.OK {
		return linear.Is, e.Out
	}
	return linear.Absent, 0
}

// there is what an answer "there was an entry, or none" says.
func there(e *history.Event) linear.Pre {
	if e.OK {
		return linear.Present
	}
	return linear.Absent
}

func loadOrStore(e *history.Event, op *linear.Op) {
	switch {
	case e.Ret == history.Pending:
		op.Pre, op.Effect, op.Guarded = linear.Absent, linear.Set, true
	case e.OK:
		op.Pre, op.PreValue = linear.Is, e.Out
	case e.Out != e.Value: // it stored one value and showed another
		op.Pre = linear.Never
	default:
		op.Pre, op.Effect = linear.Absent, linear.Set
	}
}

func compare(e *history.Event, op *linear.Op, effect linear.Effect) {
	op.PreValue = e.Old
	switch {
	case e.Ret == history.Pending:
		op.Pre, op.Effect, op.Guarded = linear.Is, effect, true
	case e.OK:
		op.Pre, op.Effect = linear.Is, effect
	default:
		op.Pre = linear.IsNot
	}
}
