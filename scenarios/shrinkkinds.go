package scenarios

import (
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
)

// intricacy is how much there is to a kind; of kinds that are not here, nothing
// can be left out.
var intricacy = map[history.Kind]int{
	history.Swap: 1, history.LoadAndDelete: 1, history.Range: 1,
	history.LoadOrStore: 2, history.CompareAndDelete: 2, history.Clone: 2,
	history.Compute: 3, history.CompareAndSwap: 3, history.Custom: 4,
}

// simpler has the kinds that do a part of what a kind does, the simplest first.
var simpler = map[history.Kind][]history.Kind{
	history.Swap:             {history.Store},
	history.LoadOrStore:      {history.Load, history.Store, history.Swap},
	history.Compute:          {history.Store, history.Swap, history.LoadOrStore},
	history.CompareAndSwap:   {history.Store, history.Swap},
	history.LoadAndDelete:    {history.Delete},
	history.CompareAndDelete: {history.Delete, history.LoadAndDelete},
	history.Range:            {history.Len},
	history.Clone:            {history.Len, history.Range},
}

// simplerKinds calls a simpler method instead of one: all ops of a kind at once,
// then each for itself; and each by itself that is inside another, or that has a function
// which panics.
func (space Space) simplerKinds(s *scheduler.Schedule) (edits []edit) {
	in := space.in(space.shapeOf(s))
	for _, kind := range history.Kinds() {
		for _, to := range simpler[kind] {
			if in.has(to) {
				edits = append(edits, func(c *scheduler.Schedule) { simplifyAll(c, kind, to) })
			}
		}
	}
	for w, ops := range s.Workers {
		for i := range ops {
			if ops[i].Inside || ops[i].Panics {
				edits = append(edits, func(c *scheduler.Schedule) { c.Workers[w][i].Inside, c.Workers[w][i].Panics = false, false })
			}
			for _, to := range simpler[ops[i].Kind] {
				if in.has(to) {
					edits = append(edits, func(c *scheduler.Schedule) { simplify(&c.Workers[w][i], to) })
				}
			}
		}
	}
	return edits
}

func simplifyAll(c *scheduler.Schedule, from, to history.Kind) {
	for _, ops := range c.Workers {
		for i := range ops {
			if ops[i].Kind == from {
				simplify(&ops[i], to)
			}
		}
	}
}

// simplify changes an op's kind, and drops the operands that the new one lacks.
func simplify(op *history.Op, to history.Kind) {
	op.Kind = to
	if !writes(to) {
		op.Value = 0
	}
	if !compares(to) {
		op.Old = 0
	}
	op.Panics = op.Panics && to.Calls()
}
