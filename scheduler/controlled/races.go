package controlled

import (
	"slices"

	"github.com/mapstress/mapstress/scheduler/hb"
)

// A Race is two accesses to the same memory by different workers, one of them a write, that
// nothing orders. First came first, this time.
type Race struct {
	First, Second Access
}

// An Access is one of the two.
type Access struct {
	Worker int
	Kind   string // "read", "write", "atomic load", ...
	Where  Place

	// What follows is known of a run with a trace only.

	Op    int     // which of the worker's it is in; -1 is none
	Addr  uint64  // as in a Step
	Stack []Place // the calls that led there, the innermost first, as far as they are not the tester's
	// Started is where the worker was, if it is a goroutine of the target's.
	Started Place
}

// races returns those of the run.
func (e *Engine) races() (all []Race) {
	if !e.config.Races {
		return nil
	}
	for _, r := range e.detector.Races() {
		all = append(all, Race{e.access(r.First), e.access(r.Second)})
	}
	return all
}

func (e *Engine) access(a hb.Access) Access {
	kind := ""
	for k, name := range kindNames {
		if kindOf[k] == a.Point.Kind {
			kind = name
			break
		}
	}
	so := Access{Worker: a.Worker, Kind: kind, Where: e.places.names[a.Where], Op: -1}
	if e.trace != nil {
		at, calls := e.stacks.of(a.Step)
		s := &e.trace.Steps[at]
		so.Op, so.Addr, so.Stack, s.Races = s.Op, s.Addr, calls, true
		if a.Worker >= e.own {
			so.Started = placeOf(creator(e.workers[a.Worker].g))
		}
	}
	return so
}

// racing returns the places that raced in earlier runs, in text form.
func (e *Engine) racing() (all []string) {
	for _, where := range e.detector.Places() {
		if p, ok := e.places.names[where]; ok {
			all = append(all, p.Func+" "+p.String())
		} else if text, ok := e.frozen[where]; ok {
			all = append(all, text)
		}
	}
	slices.Sort(all)
	return all
}

// Freeze sets the places that race, as Recipe has them, for all runs from now on.
func (e *Engine) Freeze(racing []string) {
	e.frozen = map[uint64]string{}
	var where []uint64
	for _, text := range racing {
		n := numberOf(text)
		e.frozen[n] = text
		where = append(where, n)
	}
	e.detector.Freeze(where)
}

// began readies the detector for the workers.
func (e *Engine) began() {
	if !e.config.Races {
		return
	}
	e.detector.Begin(e.own)
	e.stacks.reset()
	if n := len(e.detector.Places()); n != e.placed && e.record != nil {
		e.placed = n
		e.record.note(e.racing())
	}
}

// passes tells the detector that a worker does what is pending.
func (e *Engine) passes(w *worker, where uint64) {
	if e.trace != nil {
		e.stacks.add(len(e.trace.Steps) - 1)
	}
	e.detector.Step(w.id, w.pending, where)
}

// enabled tells that a worker can go on because of what another did; nil is somebody who is
// not of the run, or a timer: whatever that may have seen.
func (e *Engine) enables(by, w *worker) {
	if !e.detecting {
		return
	}
	if by != nil {
		e.detector.Enable(by.id, w.id)
		return
	}
	for _, o := range e.workers {
		if o != w {
			e.detector.Enable(o.id, w.id)
		}
	}
}
