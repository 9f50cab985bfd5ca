package main

import (
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// A contract object is what a target promises of each op that it has.
type contractObject struct {
	Source   string                   `json:"source"` // the documentation that the quotes are from
	Promises map[string]promiseObject `json:"promises"`
	// What the functions of these may do; left out if that is nothing.
	InCompute *target.Callback `json:"in_compute,omitempty"`
	InRange   *target.Callback `json:"in_range,omitempty"`
	Progress  *target.Progress `json:"progress,omitempty"`
}

type promiseObject struct {
	Level string `json:"level"`
	Quote string `json:"quote,omitempty"`
}

func contractJSON(c *target.Contract, kinds []history.Kind) contractObject {
	o := contractObject{Source: c.Source, Promises: map[string]promiseObject{}}
	all := map[history.Kind]target.Promise{
		history.Load: c.Load, history.Store: c.Store, history.LoadOrStore: c.LoadOrStore,
		history.LoadAndDelete: c.LoadAndDelete, history.Delete: c.Delete, history.Swap: c.Swap,
		history.CompareAndSwap: c.CompareAndSwap, history.CompareAndDelete: c.CompareAndDelete,
		history.Compute: c.Compute, history.Increment: c.Increment, history.Range: c.Range,
		history.Len: c.Len, history.IsEmpty: c.IsEmpty, history.Clear: c.Clear, history.Clone: c.Clone,
	}
	for _, kind := range kinds {
		o.Promises[kind.String()] = promiseObject{all[kind].Level.String(), all[kind].Quote}
	}
	if c.InCompute != (target.Callback{}) && slices.Contains(kinds, history.Compute) {
		o.InCompute = &c.InCompute
	}
	if c.Progress != (target.Progress{}) {
		o.Progress = &c.Progress
	}
	if c.InRange != (target.Callback{}) && slices.Contains(kinds, history.Range) {
		o.InRange = &c.InRange
	}
	return o
}
