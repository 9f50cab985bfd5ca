// Package scheduler runs schedules: which op each worker calls, on what map, and
// how the workers' timing is disturbed.
//
// It knows nothing of what a map promises. It writes down a history, and leaves
// it to others to say what the history means.
package scheduler

import (
	"fmt"
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// A Schedule is everything that makes a run: what the map holds before, what
// each worker calls, and how they are disturbed. Schedules are values: whoever
// changes one copies it first (Clone).
type Schedule struct {
	// Shape is the key and value types; the zero Shape is the target's first.
	Shape target.Shape
	// Prefill is how many entries the map holds before the workers start: the
	// keys k1 to k<Prefill>, each with the value of its own number.
	Prefill int
	// Peak is how many entries it held before that: those above Prefill are deleted
	// again, which leaves it as near to shrinking as it can be. One of at most
	// Prefill is none.
	Peak int
	// Workers has each worker's ops in its program order.
	Workers [][]history.Op
	Timing  Timing
	// Rounds is how many runs are made on one map, one after the other, before the
	// next one has a fresh map: see age. 0 and 1 give each run its own. It bears neither
	// Increment nor Custom.
	Rounds int
}

// The largest schedules that are accepted. They bound the memory of a run.
const (
	MaxWorkers = 64
	MaxOps     = 1 << 20 // of all workers together
	MaxPrefill = 1 << 20
)

// Validate says what is wrong with the schedule's sizes and timing, if anything.
func (s *Schedule) Validate() error {
	switch {
	case len(s.Workers) == 0 || len(s.Workers) > MaxWorkers:
		return fmt.Errorf("%d workers; want 1 to %d", len(s.Workers), MaxWorkers)
	case s.Ops() == 0 || s.Ops() > MaxOps:
		return fmt.Errorf("%d ops; want 1 to %d", s.Ops(), MaxOps)
	case s.Prefill < 0 || s.Prefill > MaxPrefill:
		return fmt.Errorf("prefill of %d entries; want 0 to %d", s.Prefill, MaxPrefill)
	case s.Peak < 0 || s.Peak > MaxPrefill:
		return fmt.Errorf("peak of %d entries; want 0 to %d", s.Peak, MaxPrefill)
	case s.Timing.Stalled > len(s.Workers):
		return fmt.Errorf("stalled=w%d; want one of the workers, w0 to w%d", s.Timing.Stalled-1, len(s.Workers)-1)
	}
	for w, ops := range s.Workers {
		if i := misplaced(ops); i >= 0 {
			return fmt.Errorf("w%d calls %q after no compute or range whose function could", w, ops[i])
		}
	}
	if err := s.validateRounds(); err != nil {
		return err
	}
	return s.Timing.validate()
}

// misplaced returns which of the ops is inside none that could call it, or -1.
func misplaced(ops []history.Op) int {
	caller := false
	for i, op := range ops {
		switch {
		case !op.Inside:
			caller = op.Kind.Calls()
		case !caller:
			return i
		}
	}
	return -1
}

// Mend has workers call by themselves what is inside no op that could call it: after
// an edit.
func (s *Schedule) Mend() {
	for _, ops := range s.Workers {
		for i := misplaced(ops); i >= 0; i = misplaced(ops) {
			ops[i].Inside = false
		}
	}
}

// Ops counts the ops of all workers.
func (s *Schedule) Ops() (n int) {
	for _, ops := range s.Workers {
		n += len(ops)
	}
	return n
}

// Keys returns every key of the schedule, ascending: the prefill's and the ops'.
func (s *Schedule) Keys() []uint64 {
	keys := s.OpKeys()
	for k := 1; k <= s.Prefill; k++ {
		keys = append(keys, uint64(k))
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// OpKeys returns the keys of the ops, ascending.
func (s *Schedule) OpKeys() (keys []uint64) {
	for _, ops := range s.Workers {
		for _, op := range ops {
			if op.Kind.Keyed() {
				keys = append(keys, op.Key)
			}
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// Entries returns the prefill as entries, by ascending key.
func (s *Schedule) Entries() []history.Entry {
	entries := make([]history.Entry, s.Prefill)
	for i := range entries {
		entries[i] = history.Entry{Key: uint64(i + 1), Value: uint64(i + 1)}
	}
	return entries
}

// last returns the largest key and value codes below limit that a run may use.
func (s *Schedule) last(limit uint64) (key, value uint64) {
	key = uint64(max(s.Prefill, s.Peak))
	value = key
	increments := uint64(0)
	largest := func(a, b uint64) uint64 {
		if b >= limit {
			return a
		}
		return max(a, b)
	}
	for _, ops := range s.Workers {
		for _, op := range ops {
			key, value = largest(key, op.Key), largest(largest(value, op.Value), op.Old)
			if op.Kind == history.Increment {
				increments++
			}
		}
	}
	return key, value + increments
}

// Clone returns a copy that shares nothing with s.
func (s *Schedule) Clone() *Schedule {
	c := *s
	c.Workers = make([][]history.Op, len(s.Workers))
	for i, ops := range s.Workers {
		c.Workers[i] = slices.Clone(ops)
	}
	return &c
}

// Sequential returns the schedule with all ops given to one worker, in the order
// given by (worker, op) pairs; without any, one worker after the other. Nobody is
// stalled, and there is no noise: there is nobody else to be late for.
func (s *Schedule) Sequential(order []Position) *Schedule {
	c := *s
	var ops []history.Op
	if order == nil {
		for _, own := range s.Workers {
			ops = append(ops, own...)
		}
	}
	for _, p := range order {
		ops = append(ops, s.Workers[p.Worker][p.Op])
	}
	c.Workers = [][]history.Op{ops}
	c.Timing.Stalled, c.Timing.Noise = 0, 0
	c.Mend()
	return &c
}

// A Position names one op of a schedule.
type Position struct{ Worker, Op int }
