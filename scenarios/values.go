package scenarios

import (
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// number gives every op its values; an op that compares with the prefill's value
// goes on doing so. Those written are numbered upwards from above all keys, in
// steps wide enough for the increments, so every value that can occur in the map
// tells who wrote it.
func (d *draft) number() {
	value, step := firstValue(d.s)
	written := map[uint64][]write{} // by key
	for _, ops := range d.s.Workers {
		turns := map[uint64]int{}
		for i := range ops {
			op := &ops[i]
			if writes(op.Kind) {
				op.Value = value
				written[op.Key] = append(written[op.Key], write{turns[op.Key], value})
				value += step
			}
			turns[op.Key]++
		}
	}
	for _, ops := range d.s.Workers {
		turns := map[uint64]int{}
		for i := range ops {
			op := &ops[i]
			if compares(op.Kind) && !d.comparesPrefill(*op) {
				op.Old = d.comparand(*op, turns[op.Key], written[op.Key], value)
			}
			turns[op.Key]++
		}
	}
}

// comparesPrefill reports whether the op compares with the value that its key has
// in the prefill, which is the key's number.
func (d *draft) comparesPrefill(op history.Op) bool {
	return op.Old == op.Key && 0 < op.Key && op.Key <= uint64(d.s.Prefill)
}

// A write is a value that an op puts in, and at which turn: how many ops on the
// same key its worker calls before.
type write struct {
	turn  int
	value uint64
}

// comparand draws what the op compares with: mostly a value that its key can
// hold and that it does not write itself, and of those mostly one that it may
// hold by then, as workers come forward about evenly. Else it is a value that
// nobody writes.
func (d *draft) comparand(op history.Op, turn int, written []write, nobodys uint64) uint64 {
	if op.Key <= uint64(d.s.Prefill) { // it holds its own number
		written = append([]write{{0, op.Key}}, written...)
	}
	var others, near []uint64
	for _, w := range written {
		if w.value == op.Value {
			continue
		}
		others = append(others, w.value)
		if turn-2 <= w.turn && w.turn <= turn {
			near = append(near, w.value)
		}
	}
	switch {
	case len(others) == 0 || d.chance(10):
		return nobodys
	case len(near) > 0 && d.chance(75):
		return pick(d, near)
	}
	return pick(d, others)
}

// firstValue returns the smallest value for an op to write, and by how much the
// next one is larger.
func firstValue(s *scheduler.Schedule) (first, step uint64) {
	first = uint64(s.Prefill)
	for _, ops := range s.Workers {
		for _, op := range ops {
			if op.Key < target.FirstOdd { // their codes are far up
				first = max(first, op.Key)
			}
			if op.Kind == history.Increment {
				step++
			}
		}
	}
	return first + step + 1, step + 1
}

// writes reports whether ops of that kind have a value to write.
func writes(k history.Kind) bool {
	switch k {
	case history.Store, history.LoadOrStore, history.Swap, history.CompareAndSwap, history.Compute, history.Custom:
		return true
	}
	return false
}

// compares reports whether ops of that kind have a comparand.
func compares(k history.Kind) bool {
	return k == history.CompareAndSwap || k == history.CompareAndDelete
}
