package oracle

import (
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// promise returns what the contract says of the method.
func promise(c *target.Contract, kind history.Kind) *target.Promise {
	switch kind {
	case history.Load:
		return &c.Load
	case history.Store:
		return &c.Store
	case history.LoadOrStore:
		return &c.LoadOrStore
	case history.LoadAndDelete:
		return &c.LoadAndDelete
	case history.Delete:
		return &c.Delete
	case history.Swap:
		return &c.Swap
	case history.CompareAndSwap:
		return &c.CompareAndSwap
	case history.CompareAndDelete:
		return &c.CompareAndDelete
	case history.Compute:
		return &c.Compute
	case history.Increment:
		return &c.Increment
	case history.Range:
		return &c.Range
	case history.Len:
		return &c.Len
	case history.IsEmpty:
		return &c.IsEmpty
	case history.Clear:
		return &c.Clear
	case history.Custom:
		return &target.Promise{} // its model, in full
	}
	return &c.Clone
}

// checked reports whether the method's answers, or its effects on a key, can be
// relied upon op by op. A level that means nothing for the method counts as
// Unchecked: we would rather miss a bug than report what nobody promised.
func (j *Judge) checked(kind history.Kind) bool {
	switch level := promise(&j.Contract, kind).Level; level {
	case target.Linearizable:
		return true
	case target.PerKey:
		return kind == history.Clear
	case target.Lossy:
		return kind == history.Load
	}
	return false
}

// lossy reports whether entries may vanish at any time.
func (j *Judge) lossy() bool { return j.Contract.Load.Level == target.Lossy }

// seen reports whether the method's Contents are a sighting of each key: what a
// Load of that key, anywhere in the same interval, could have answered.
func (j *Judge) seen(kind history.Kind) bool {
	level := promise(&j.Contract, kind).Level
	return level == target.Linearizable || level == target.PerKey
}

// believed reports whether anything at all is promised of the method.
func (j *Judge) believed(kind history.Kind) bool {
	return promise(&j.Contract, kind).Level != target.Unchecked
}
