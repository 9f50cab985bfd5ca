package scheduler

import (
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// A Conductor runs what there is to run in its own way, where goroutines that run free are
// not wanted.
type Conductor interface {
	// Alone has f run by itself: it makes, fills or reads the map. It returns false if f
	// never comes to its end.
	Alone(f func()) bool
	// Together has each function run, one for each worker, and returns true once all have
	// returned, or false if they never will.
	Together(calls []func()) bool
	// Call is called by a worker that is about to call its op of that number, and returns
	// when it may, with the stamp of the call. Return is its counterpart. Between the two may
	// be those of an op that was called by a function which this one was given.
	Call(worker, op int) int64
	Return(worker, op int) int64
}

// NewConducted makes an engine whose runs are a conductor's: of the schedule's timing plan
// nothing counts, and each run is on a fresh map. See NewEngine for the rest.
func NewConducted(v *target.Variant, s *Schedule, logs Logs, phase func(Phase), c Conductor) (e *Engine, err error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	s = s.asRun(v.Shape)
	v.Prepare(s.last(target.FirstOdd))
	v.Prepare(s.last(history.MaxCode + 1))
	logs.forget()
	e = &Engine{schedule: s, variant: v, phase: phase, prefill: s.Entries(), conductor: c}
	var m target.Instance
	if !c.Alone(func() { m = v.New() }) {
		return e, nil // as any run will find
	}
	if err := supports(&m.Map, s); err != nil {
		return nil, err
	}
	e.odd = oddOf(&m, s)
	e.lane, e.reader = newLane(0, m), newReader(s, e.odd)
	e.lane.open = true
	for i, ops := range s.Workers {
		w := newWorker(e, i, ops, logs.Workers[i])
		e.workers = append(e.workers, w)
		e.calls = append(e.calls, w.callConducted)
	}
	c.Alone(e.lane.close)
	return e, nil
}

// Conduct runs the schedule once, on a fresh map. Whole is false if the run came to no end:
// then the history is of what there was until then, and has no Rest.
func (e *Engine) Conduct() (h *history.History, whole bool, err error) {
	for _, w := range e.workers {
		w.log.Reset(0)
	}
	e.history = history.History{Events: e.history.Events[:0], Prefill: e.prefill}
	e.phase(Setup)
	whole = e.reader != nil && e.conductor.Alone(func() {
		err = e.renew(e.lane)
	})
	if err != nil {
		return nil, false, err
	}
	if whole {
		e.phase(Running)
		whole = e.conductor.Together(e.calls)
	}
	if whole {
		e.phase(Reading)
		whole = e.conductor.Alone(func() { e.reader.read(e.lane.m, &e.rest) })
	}
	e.assemble()
	if whole {
		e.history.Foreign = e.lane.instance.Foreign()
		whole = e.conductor.Alone(e.lane.close)
	}
	if !whole {
		e.history.Rest = nil
	}
	e.phase(Judging)
	return &e.history, whole, nil
}

// callConducted calls every op once, when the conductor says.
func (w *worker) callConducted() {
	defer w.leave()
	w.inside = true
	c := w.engine.conductor
	if w.callsBack {
		w.callWithin()
		w.inside = false
		return
	}
	for i, op := range w.ops {
		w.log.Begin(i, c.Call(w.number, i))
		var out uint64
		var ok bool
		if w.odd != nil {
			out, ok = w.doOdd(i, op)
		} else {
			out, ok = w.do(i, op)
		}
		w.log.End(i, c.Return(w.number, i), out, ok)
	}
	w.inside = false
}
