package oracle

import (
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle/linear"
)

// Key returns the ops on one key as the judge checks them, in order of Inv, and what the
// key held before: ops of its own, every Clear, and what was seen of it by Range, Clone
// and at rest. The ID of an op is its event, or -1 at rest. The ops are valid until the
// judge is used again.
func (j *Judge) Key(h *history.History, key uint64) (initial linear.State, ops []linear.Op) {
	j.split(h)
	n := j.keys.find(key)
	if n < 0 {
		return initial, nil
	}
	s := &j.keys.slots[n]
	return s.initial, s.ops
}
