package oracle

import (
	"slices"

	"github.com/mapstress/mapstress/oracle/linear"
)

// maxShrinkChecks bounds the work of making one violation small.
const maxShrinkChecks = 400

// A shrinker makes a violation small, step by step. Each step leaves out ops in
// such a way that what remains could be explained if the whole could. So what
// remains is a violation in itself, and every step is checked to keep it one.
//
//   - An op that only observes may go: that takes a demand away.
//   - All ops that name a value, or a value linked to it by an op that replaces
//     one with the other, may go together, unless the prefill is among these
//     values: from an explanation of the whole they drop out as unbroken runs,
//     and whatever follows such a run does not ask what was there. Two things
//     would ask: a failed comparison, and a run that is put in over something
//     and then taken out, leaving absent what was present.
//   - A blind delete never goes: what comes after it may need it.
//
// The first step may be larger. Ops that the check blames contradict one another
// because of what all the others are, so these may go at once if those that are
// left are a violation without them.
type shrinker struct {
	judge   *Judge
	initial linear.State
	ops     []linear.Op
	checks  int
}

func (j *Judge) shrink(initial linear.State, ops []linear.Op) []linear.Op {
	s := &shrinker{judge: j, initial: initial, ops: slices.Clone(ops)}
	s.try(s.blamed())
	s.try(slices.DeleteFunc(slices.Clone(s.ops), func(op linear.Op) bool { return op.Pre == linear.IsNot }))
	for s.dropBlock() || s.dropObserver() {
	}
	return s.ops
}

// blamed returns the few ops that the check found to contradict one another, if
// it did, with all ops that name their values or one linked to these, and all blind
// deletes: nobody must be accused because the op that excuses him was left out.
// Where values come of increments, they do not tell which ops these are.
func (s *shrinker) blamed() []linear.Op {
	if slices.ContainsFunc(s.ops, func(op linear.Op) bool { return op.Effect == linear.Add }) {
		return s.ops
	}
	s.judge.checker.Check(s.initial, s.ops, s.judge.Budget)
	ids, _ := s.judge.checker.Blame()
	var values []uint64
	for i := range s.ops {
		op := &s.ops[i]
		if !slices.Contains(ids, op.ID) {
			continue
		}
		if op.Pre == linear.Is && !slices.Contains(values, op.PreValue) {
			values = append(values, s.linked(op.PreValue)...)
		}
		if op.Effect == linear.Set && !slices.Contains(values, op.Value) {
			values = append(values, s.linked(op.Value)...)
		}
	}
	return slices.DeleteFunc(slices.Clone(s.ops), func(op linear.Op) bool {
		blind := op.Effect == linear.Remove && op.Pre == linear.Any
		return !slices.Contains(ids, op.ID) && !names(&op, values) && !blind
	})
}

// try takes the smaller part if it still is a violation.
func (s *shrinker) try(part []linear.Op) bool {
	if s.checks == maxShrinkChecks || len(part) == len(s.ops) {
		return false
	}
	s.checks++
	if s.judge.checker.Check(s.initial, part, s.judge.Budget) != linear.Illegal {
		return false
	}
	s.ops = part
	return true
}

func (s *shrinker) dropObserver() bool {
	for i := range s.ops {
		if s.ops[i].Effect == linear.Keep && s.try(slices.Delete(slices.Clone(s.ops), i, i+1)) {
			return true
		}
	}
	return false
}

func (s *shrinker) dropBlock() bool {
	if slices.ContainsFunc(s.ops, func(op linear.Op) bool {
		return op.Effect == linear.Add || op.Pre == linear.IsNot || op.Pre == linear.Present
	}) {
		return false
	}
	var tried []uint64
	for i := range s.ops {
		if s.ops[i].Effect != linear.Set || slices.Contains(tried, s.ops[i].Value) {
			continue
		}
		values := s.linked(s.ops[i].Value)
		tried = append(tried, values...)
		if !s.droppable(values) {
			continue
		}
		if s.try(slices.DeleteFunc(slices.Clone(s.ops), func(op linear.Op) bool { return names(&op, values) })) {
			return true
		}
	}
	return false
}

// names reports whether the op names one of the values.
func names(op *linear.Op, values []uint64) bool {
	return op.Pre == linear.Is && slices.Contains(values, op.PreValue) ||
		op.Effect == linear.Set && slices.Contains(values, op.Value)
}

// linked returns the value and all that ops link it to.
func (s *shrinker) linked(value uint64) []uint64 {
	values := []uint64{value}
	for grown := true; grown; {
		grown = false
		for i := range s.ops {
			op := &s.ops[i]
			if op.Effect != linear.Set || op.Pre != linear.Is || !names(op, values) {
				continue
			}
			for _, v := range []uint64{op.PreValue, op.Value} {
				if !slices.Contains(values, v) {
					values, grown = append(values, v), true
				}
			}
		}
	}
	return values
}

// droppable reports whether the values' ops may go: see shrinker.
func (s *shrinker) droppable(values []uint64) bool {
	if s.initial.Present && slices.Contains(values, s.initial.Value) {
		return false
	}
	over, out := false, false
	for i := range s.ops {
		op := &s.ops[i]
		if !names(op, values) {
			continue
		}
		over = over || op.Effect == linear.Set && op.Pre == linear.Any
		out = out || op.Effect == linear.Remove
	}
	return !(over && out)
}
