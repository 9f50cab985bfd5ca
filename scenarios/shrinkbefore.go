package scenarios

import (
	"maps"
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// doneBefore has inserts and deletes of keys that no other op uses done before the workers
// start: an insert is an entry more of the prefill, a delete is one less. What counts of such
// ops may be nothing but the size to which they bring the map, which then stays as it is, while
// an op that is dropped, or an entry, changes it. First all of them, then halves, and so on down to
// single ones.
func doneBefore(s *scheduler.Schedule) (edits []edit) {
	lone := loneOps(s)
	for length := len(lone); length > 0; length /= 2 {
		for from := 0; from < len(lone); from += length {
			chunk := lone[from:min(from+length, len(lone))]
			edits = append(edits, func(c *scheduler.Schedule) { doBefore(c, chunk) })
		}
	}
	return edits
}

// loneOps returns where a worker inserts a fresh key, or deletes one that is there, which no
// other op uses.
func loneOps(s *scheduler.Schedule) (at []scheduler.Position) {
	uses := map[uint64]int{}
	for _, ops := range s.Workers {
		for _, op := range ops {
			if op.Kind.Keyed() {
				uses[op.Key]++
			}
		}
	}
	for w, ops := range s.Workers {
		for i, op := range ops {
			if op.Kind.Keyed() && uses[op.Key] == 1 && (insertsFresh(s, op) || deletesPrefilled(s, op)) {
				at = append(at, scheduler.Position{Worker: w, Op: i})
			}
		}
	}
	return at
}

func insertsFresh(s *scheduler.Schedule, op history.Op) bool {
	switch op.Kind {
	case history.Store, history.Swap, history.LoadOrStore, history.Compute:
		return op.Key > uint64(s.Prefill) && op.Key < target.FirstOdd
	}
	return false
}

func deletesPrefilled(s *scheduler.Schedule, op history.Op) bool {
	switch op.Kind {
	case history.Delete, history.LoadAndDelete, history.CompareAndDelete:
		return op.Key <= uint64(s.Prefill) && (op.Kind != history.CompareAndDelete || op.Old == op.Key)
	}
	return false
}

// doBefore drops lone ops, and fills the map as they would have left it: the keys that it then
// holds become those of the prefill, in their order, and the others fresh ones.
func doBefore(c *scheduler.Schedule, lone []scheduler.Position) {
	held := map[uint64]bool{}
	for k := 1; k <= c.Prefill; k++ {
		held[uint64(k)] = true
	}
	for _, at := range slices.Backward(lone) { // so that those before stay where they are
		op := c.Workers[at.Worker][at.Op]
		held[op.Key] = insertsFresh(c, op)
		dropOps(c, at.Worker, at.Op, 1)
	}
	dropIdle(c)
	keys := c.OpKeys()
	c.Prefill = 0
	number := map[uint64]uint64{}
	for _, k := range slices.Sorted(maps.Keys(held)) {
		if held[k] {
			c.Prefill++
			number[k] = uint64(c.Prefill)
		}
	}
	fresh := uint64(c.Prefill)
	for _, k := range keys {
		switch {
		case held[k]:
		case k >= target.FirstOdd:
			number[k] = k
		default:
			fresh++
			number[k] = fresh
		}
	}
	rekey(c, func(k uint64) uint64 { return number[k] })
}
