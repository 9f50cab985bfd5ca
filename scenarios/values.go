package scenarios

import (
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
)

// number gives every op its values. Those written are numbered upwards from
// above all keys, in steps wide enough for the increments, so every value that
// can occur in the map tells who wrote it.
func (d *draft) number() {
	value, step := firstValue(d.s)
	written := map[uint64][]uint64{} // by key, what ops write to it
	for _, ops := range d.s.Workers {
		for i := range ops {
			if writes(ops[i].Kind) {
				ops[i].Value = value
				written[ops[i].Key] = append(written[ops[i].Key], value)
				value += step
			}
		}
	}
	for _, ops := range d.s.Workers {
		for i := range ops {
			if compares(ops[i].Kind) {
				ops[i].Old = d.comparand(ops[i], written[ops[i].Key], value)
			}
		}
	}
}

// comparand draws what the op compares with: mostly a value that its key can
// hold and that it does not write itself, else one that nobody writes.
func (d *draft) comparand(op history.Op, written []uint64, nobodys uint64) uint64 {
	var others []uint64
	if op.Key <= uint64(d.s.Prefill) {
		others = append(others, op.Key) // the value it has in the prefill
	}
	for _, v := range written {
		if v != op.Value {
			others = append(others, v)
		}
	}
	if len(others) == 0 || d.chance(10) {
		return nobodys
	}
	return pick(d, others)
}

// firstValue returns the smallest value for an op to write, and by how much the
// next one is larger.
func firstValue(s *scheduler.Schedule) (first, step uint64) {
	first = uint64(s.Prefill)
	for _, ops := range s.Workers {
		for _, op := range ops {
			first = max(first, op.Key)
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
	case history.Store, history.LoadOrStore, history.Swap, history.CompareAndSwap, history.Compute:
		return true
	}
	return false
}

// compares reports whether ops of that kind have a comparand.
func compares(k history.Kind) bool {
	return k == history.CompareAndSwap || k == history.CompareAndDelete
}
