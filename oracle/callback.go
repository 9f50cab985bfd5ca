package oracle

import (
	"fmt"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// callback checks what became of the function of event i, a Compute or a Range. That of
// a Compute is called once: one that counts, sends or appends does so again in every
// further call. And what it panics with is for who called the method.
func (j *Judge) callback(h *history.History, i int) (Verdict, bool) {
	e := &h.Events[i]
	promised := j.inside(e.Kind)
	v := Verdict{Class: Contract, Promise: promise(&j.Contract, e.Kind).Quote, Events: []int{i}}
	if promised.Quote != "" {
		v.Promise = promised.Quote
	}
	how := ""
	switch {
	case e.Swallowed && promised.Panics:
		v.Rule, how = CallbackPanic, "returned though its function had panicked; want the panic to come out"
	case e.Kind == history.Range || !j.checked(history.Compute):
	case e.Calls == 0:
		v.Rule, how = CallbackCount, "never called its function; want once"
	case e.Calls > 1 && !promised.Again:
		v.Rule, how = CallbackCount, fmt.Sprintf("called its function %d times; want once", e.Calls)
	}
	v.Detail = fmt.Sprintf("w%d %s %s", e.Worker, e.Op, how)
	return v, how != ""
}

// inside returns what the contract says of the function of a Compute or Range.
func (j *Judge) inside(kind history.Kind) *target.Callback {
	if kind == history.Compute {
		return &j.Contract.InCompute
	}
	return &j.Contract.InRange
}

// within looks at event i, which the function of another one called. Elsewhere the two
// are taken for any two that overlap. But what a function writes to the very key that it
// computes comes, by the Compute's documentation, before, after or to nothing, and most
// say nothing of it: no answer of that key is held against the map.
func (j *Judge) within(events []history.Event, i int) {
	e := &events[i]
	if !e.Kind.Writes() {
		return
	}
	for n := i - 1; n >= 0; n-- {
		outer := &events[n]
		if outer.Worker != e.Worker || outer.Inside {
			continue
		}
		if outer.Kind == history.Compute && (outer.Key == e.Key || !e.Kind.Keyed()) {
			j.keys.slots[j.keys.add(outer.Key)].unchecked = true
		}
		return
	}
}
