package scheduler

import (
	"fmt"
	"strings"

	"github.com/mapstress/mapstress/history"
)

// callbacks are what a worker needs for the functions that its ops are given, if one
// of these calls ops, or panics.
type callbacks struct {
	callsBack bool
	at        int  // the op under way that is not inside another one
	inner     int  // the op to be called by its function next, or else passed over
	end       int  // the one after the last that the op under way has inside
	thrown    bool // the function of the op under way has panicked
	yield     func(key, value uint64) bool
}

// thrown is what a function panics with. A map may add to it.
const thrown = "mapstress: a function that was passed to the map panics"

// withFunctions has the functions of Compute and Range do more than look.
func (w *worker) withFunctions() {
	look := w.old
	w.old = func(old uint64, loaded bool) (uint64, bool) {
		next, remove := look(old, loaded)
		op, at, out, ok := w.oldOp, w.oldAt, w.oldOut, w.oldOK
		w.callback(w.ops[at])
		w.oldOp, w.oldAt, w.oldOut, w.oldOK = op, at, out, ok // a Compute inside has its own
		return next, remove
	}
	w.yield = func(key, value uint64) bool {
		more, into, skipped := w.reader.yield(key, value), w.reader.into, w.reader.skipped
		w.callback(w.ops[w.at])
		w.reader.into, w.reader.skipped = into, skipped // so has a Range
		return more
	}
}

// callWithin is the loop of call for a worker whose functions do something.
func (w *worker) callWithin() {
	for i := 0; i < len(w.ops); i = w.end {
		w.at, w.inner, w.thrown = i, i+1, false
		for w.end = i + 1; w.end < len(w.ops) && w.ops[w.end].Inside; w.end++ {
		}
		if w.engine.conductor == nil {
			w.disturb()
		}
		w.log.Begin(i, w.called(i))
		out, ok := w.doCalling(i, w.ops[i])
		now := w.returned(i)
		for ; w.inner < w.end; w.inner++ {
			w.log.Skip(w.inner)
		}
		w.log.End(i, now, out, ok)
	}
}

// doCalling does an op that is not inside another one, and takes the panic of its
// function.
func (w *worker) doCalling(i int, op history.Op) (out uint64, ok bool) {
	if !op.Panics {
		return w.doNested(i, op)
	}
	defer func() {
		p := recover()
		switch {
		case p == nil && w.thrown:
			w.log.Swallowed(i)
		case p != nil && !(w.thrown && strings.Contains(fmt.Sprint(p), thrown)):
			panic(p)
		case op.Kind == history.Compute:
			out, ok = w.oldOut, w.oldOK
		}
	}()
	return w.doNested(i, op)
}

// doNested is do for all ops of such a worker.
func (w *worker) doNested(i int, op history.Op) (out uint64, ok bool) {
	if op.Kind == history.Range && !op.Inside {
		w.reader.begin(&w.seen[i])
		w.m.Range(w.yield)
		w.seen[i].Ranged = w.reader.below()
		return 0, false
	}
	return w.doOdd(i, op)
}

// called returns the stamp of the call of an op.
func (w *worker) called(i int) int64 {
	if c := w.engine.conductor; c != nil {
		return c.Call(w.number, i)
	}
	return w.clock.Now()
}

// returned returns the stamp of the return of an op.
func (w *worker) returned(i int) int64 {
	if c := w.engine.conductor; c != nil {
		return c.Return(w.number, i)
	}
	return w.clock.Now()
}

// callback does what a function is there for, the first time that it is called.
func (w *worker) callback(op history.Op) {
	if op.Inside || w.thrown {
		return
	}
	for w.inner < w.end {
		i := w.inner
		w.inner++ // before, since the op may call a function, too
		w.log.Begin(i, w.called(i))
		out, ok := w.doNested(i, w.ops[i])
		w.log.End(i, w.returned(i), out, ok)
	}
	if op.Panics {
		w.thrown = true
		panic(thrown)
	}
}
