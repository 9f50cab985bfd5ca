package oracle

import (
	"math/rand/v2"
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// A sim is a correct map under a random schedule. Each op is a few steps, each
// atomic; other workers' steps come between them.
type sim struct {
	r        *rand.Rand
	contract target.Contract
	now      int64
	held     map[uint64]uint64
	keys     uint64
	stripes  []int // with level Bounds, Len sums these one by one
	next     uint64
	whole    bool         // ops on the whole map are a third of all
	most     int          // ops of a worker
	ticks    int          // the clock goes on in one of so many steps
	deaths   int          // in a run in which workers may die, one of so many steps is the last
	repeats  int          // one of so many values is one of four
	fault    history.Kind // this method is wrong; 0 if none is
	h        *history.History
}

// A simWorker has the steps that its current op has still to do.
type simWorker struct {
	id    int
	left  int
	steps []func()
}

// simulate makes a history of a map that keeps the contract.
func simulate(r *rand.Rand, c target.Contract) *history.History {
	return simulateWith(r, c, false)
}

// simulateWith makes a history with many ops on the whole map, or few.
func simulateWith(r *rand.Rand, c target.Contract, whole bool) *history.History {
	return newSim(r, c, whole).run()
}

func newSim(r *rand.Rand, c target.Contract, whole bool) *sim {
	workers := 2 + r.IntN(3)
	s := &sim{r: r, contract: c, whole: whole, most: 5, ticks: 2, deaths: 40, repeats: 10, held: map[uint64]uint64{}, keys: 1 + uint64(r.IntN(4)), next: 10,
		h: &history.History{}, stripes: make([]int, workers+1)}
	for k := uint64(0); k < s.keys; k++ {
		if r.IntN(2) == 0 {
			s.next++
			s.held[k] = s.next
			s.stripes[workers]++
			s.h.Prefill = append(s.h.Prefill, history.Entry{Key: k, Value: s.next})
		}
	}
	return s
}

// crowd makes it a run in which nearly everything overlaps: more workers, with fewer ops
// each, a clock that hardly moves, many deaths, and many values that are written twice.
func (s *sim) crowd() {
	s.stripes = append(s.stripes, make([]int, s.r.IntN(4))...)
	s.most, s.ticks, s.deaths, s.repeats = 3, 5, 10, 3
}

// run lets the workers go, until all have done a few ops, and reads the map at rest. It
// may be called again, to go on.
func (s *sim) run() *history.History {
	r, c := s.r, s.contract
	all := make([]simWorker, len(s.stripes)-1)
	for i := range all {
		all[i].id, all[i].left = i, 1+r.IntN(s.most)
	}
	mayDie := r.IntN(4) == 0
	events := []*history.Event{}
	for len(all) > 0 {
		if r.IntN(s.ticks) == 0 {
			s.now++
		}
		if c.Load.Level == target.Lossy && r.IntN(8) == 0 {
			delete(s.held, r.Uint64N(s.keys))
		}
		w := r.IntN(len(all))
		x := &all[w]
		switch {
		case len(x.steps) > 0 && mayDie && r.IntN(s.deaths) == 0: // never returns
			all = slices.Delete(all, w, w+1)
		case len(x.steps) > 0:
			x.steps[0]()
			x.steps = x.steps[1:]
		case x.left == 0:
			all = slices.Delete(all, w, w+1)
		default:
			x.left--
			e := &history.Event{Worker: x.id, Inv: s.now, Ret: history.Pending}
			e.Op = s.op()
			events = append(events, e)
			x.steps = append(s.steps(e), func() { e.Ret = s.now })
		}
	}
	for _, e := range events {
		s.h.Events = append(s.h.Events, *e)
	}
	s.h.Rest = s.contents()
	s.spoilRest()
	return s.h
}

func (s *sim) op() history.Op {
	kinds := history.Kinds()
	op := history.Op{Kind: kinds[s.r.IntN(len(kinds))]}
	if s.r.IntN(2) == 0 {
		op.Kind = kinds[s.r.IntN(8)]
	}
	if s.whole && s.r.IntN(3) == 0 {
		op.Kind = kinds[len(kinds)-1-s.r.IntN(5)]
	}
	if op.Kind == history.Increment && s.r.IntN(3) > 0 {
		op.Kind = history.Load
	}
	if !op.Kind.Keyed() {
		return op
	}
	op.Key = s.r.Uint64N(s.keys)
	s.next++
	op.Value = s.next
	if s.r.IntN(s.repeats) == 0 {
		op.Value = 10 + s.r.Uint64N(4)
	}
	op.Old = s.held[op.Key]
	if s.r.IntN(3) == 0 {
		op.Old = 10 + s.r.Uint64N(s.next-9)
	}
	return op
}

// contents reads the map at one moment.
func (s *sim) contents() *history.Contents {
	c := &history.Contents{Ranged: true, HasLen: true, Len: len(s.held), HasEmpty: true, Empty: len(s.held) == 0}
	for k := uint64(0); k < s.keys; k++ {
		v, ok := s.held[k]
		e := history.Entry{Key: k, Value: v}
		c.Loads = append(c.Loads, history.Reading{Entry: e, OK: ok})
		if ok {
			c.Entries = append(c.Entries, e)
		}
	}
	s.r.Shuffle(len(c.Entries), func(i, j int) { c.Entries[i], c.Entries[j] = c.Entries[j], c.Entries[i] })
	return c
}

// steps returns what the op does, in atomic steps. A faulty one, or one that promises
// nothing, forgets to do it, or answers wrongly.
func (s *sim) steps(e *history.Event) []func() {
	unpromised := promise(&s.contract, e.Kind).Level == target.Unchecked
	if e.Kind != s.fault && (!unpromised || s.r.IntN(2) == 0) {
		return s.right(e)
	}
	switch e.Kind {
	case history.Store, history.Delete, history.Clear, history.Increment:
		return []func(){func() {}}
	}
	return append(s.right(e), func() { spoil(e) })
}

// spoil makes an answer wrong.
func spoil(e *history.Event) {
	switch e.Kind {
	case history.CompareAndSwap, history.CompareAndDelete, history.IsEmpty:
		e.OK = !e.OK
	case history.LoadOrStore:
		e.OK, e.Out = !e.OK, e.Value
	case history.Len:
		e.Out++
	case history.Range:
		if n := len(e.Seen.Entries); n > 0 {
			last := e.Seen.Entries[n-1].Key
			e.Seen.Entries = slices.DeleteFunc(e.Seen.Entries, func(x history.Entry) bool { return x.Key == last })
		}
	case history.Clone:
		e.Seen = &history.Contents{Ranged: true, Entries: []history.Entry{{Key: 99, Value: 99}}}
	default:
		e.OK, e.Out = !e.OK, 7
	}
}

// spoilRest makes a length wrong at rest, if no more is promised of it than that.
func (s *sim) spoilRest() {
	if s.fault == 0 || promise(&s.contract, s.fault).Level != target.AtRest {
		return
	}
	if s.fault == history.Len {
		s.h.Rest.Len++
	} else {
		s.h.Rest.Empty = !s.h.Rest.Empty
	}
}

// right returns what the op does where it has no fault.
func (s *sim) right(e *history.Event) []func() {
	switch e.Kind {
	case history.Range:
		e.Seen = &history.Contents{Ranged: true}
		again := map[uint64]bool{} // whether it was met, and deleted since
		look := func(k uint64) {
			for k := range again {
				if _, ok := s.held[k]; !ok {
					again[k] = true
				}
			}
			if v, ok := s.held[k]; ok {
				e.Seen.Entries = append(e.Seen.Entries, history.Entry{Key: k, Value: v})
				again[k] = false
			}
		}
		steps := s.each(s.contract.Range.Level, look)
		switch s.contract.Range.Level {
		case target.Repeating:
			steps = append(steps, func() { look(s.r.Uint64N(s.keys)) })
		case target.PerEntry:
			steps = append(steps, func() {
				for k := range s.keys {
					if again[k] {
						look(k)
					}
				}
			})
		}
		return steps
	case history.Clone:
		copied := map[uint64]uint64{}
		steps := s.each(s.contract.Clone.Level, func(k uint64) {
			if v, ok := s.held[k]; ok {
				copied[k] = v
			}
		})
		return append(steps, func() {
			clone := *s
			clone.held = copied
			e.Seen = clone.contents()
		})
	case history.Clear:
		changed := 0
		steps := s.each(s.contract.Clear.Level, func(k uint64) {
			if _, ok := s.held[k]; ok {
				changed--
			}
			delete(s.held, k)
		})
		return append(steps, func() { s.stripes[e.Worker] += changed })
	case history.Len, history.IsEmpty:
		return s.length(e)
	}
	before := 0
	return []func(){func() {
		before = len(s.held)
		s.apply(e)
		before = len(s.held) - before
	}, func() { s.stripes[e.Worker] += before }}
}

// each does f for every key in random order, at one moment or, if that is not promised,
// at several.
func (s *sim) each(level target.Level, f func(k uint64)) (steps []func()) {
	order := s.r.Perm(int(s.keys))
	if level == target.Linearizable || s.r.IntN(2) == 0 {
		return []func(){func() {
			for _, k := range order {
				f(uint64(k))
			}
		}}
	}
	for _, k := range order {
		steps = append(steps, func() { f(uint64(k)) })
	}
	return steps
}

func (s *sim) length(e *history.Event) (steps []func()) {
	answer := func(n int) {
		if e.Kind == history.Len {
			e.Out = uint64(n)
		} else {
			e.OK = n == 0
		}
	}
	switch promise(&s.contract, e.Kind).Level {
	case target.AtRest:
		return []func(){func() { answer(s.r.IntN(6) - 2) }}
	case target.Linearizable:
		return []func(){func() { answer(len(s.held)) }}
	}
	sum := 0
	for i := range s.stripes {
		steps = append(steps, func() { sum += s.stripes[i] })
	}
	return append(steps, func() { answer(max(sum, 0)) })
}

func (s *sim) apply(e *history.Event) {
	old, had := s.held[e.Key]
	e.Out, e.OK = old, had
	switch e.Kind {
	case history.Store:
		s.held[e.Key] = e.Value
		e.Out, e.Told = 0, s.r.IntN(2) == 0
		e.OK = e.Told && had
	case history.LoadOrStore:
		if !had {
			s.held[e.Key] = e.Value
			e.Out = e.Value
		}
	case history.LoadAndDelete:
		delete(s.held, e.Key)
	case history.Delete:
		delete(s.held, e.Key)
		e.Out, e.Told = 0, s.r.IntN(2) == 0
		e.OK = e.Told && had
	case history.Swap:
		s.held[e.Key] = e.Value
	case history.Compute:
		s.held[e.Key] = e.Value
		e.Calls = 1
	case history.CompareAndSwap:
		e.Out, e.OK = 0, had && old == e.Old
		if e.OK {
			s.held[e.Key] = e.Value
		}
	case history.CompareAndDelete:
		e.Out, e.OK = 0, had && old == e.Old
		if e.OK {
			delete(s.held, e.Key)
		}
	case history.Increment:
		s.held[e.Key] = old + 1
		e.Out, e.OK = 0, false
	}
}
