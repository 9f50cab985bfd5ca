package oracle

import (
	"cmp"
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle/linear"
)

// A Soak judges a history that is too long to be held in memory, segment by segment. A
// segment ends where no op is in progress and it is certain what each key holds; the
// next one begins with that as its prefill. So nothing is lost by cutting: an order of
// the whole history is an order of each segment, one after the other, and the state
// between them is the one that every order leaves.
//
// Memory is that of one segment: some 350 bytes an op, and as much garbage. If there is no such moment for
// long, because an op never returned or overlapping writes are never read, the segment
// is as long.
type Soak struct {
	Judge *Judge
	// Size is how many events a segment has at least; 0 means 100,000.
	Size int

	segment history.History
	first   int   // number of the segment's first event, from 0
	until   int64 // the last Ret in the segment
	tried   int   // events when a cut was last tried in vain
}

// A Segment is what became of one.
type Segment struct {
	Verdict Verdict // its Events are numbers within the segment
	// First is the number of the segment's first event in the whole history, from 0,
	// and History the segment, with what the map held before it. It is valid until
	// the next Add.
	First   int
	History *history.History
}

const defaultSegment = 100_000

func (s *Soak) size() int {
	if s.Size == 0 {
		return defaultSegment
	}
	return s.Size
}

// Begin starts a history of a map that held the prefill, by ascending key.
func (s *Soak) Begin(prefill []history.Entry) {
	s.segment = history.History{Prefill: slices.Clone(prefill)}
	s.first, s.until, s.tried = 0, 0, 0
}

// Add takes the next event, in order of Inv. If a segment has ended before it, that is
// judged, and Add reports true.
func (s *Soak) Add(e *history.Event) (ended Segment, ok bool) {
	n := len(s.segment.Events)
	if n >= s.size() && n >= s.tried+s.tried/8 && e.Inv > s.until {
		if ended, ok = s.cut(); !ok {
			s.tried = n
		}
	}
	if len(s.segment.Events) == 0 {
		s.until = e.Ret
	}
	s.segment.Events = append(s.segment.Events, *e)
	s.until = max(s.until, e.Ret)
	return ended, ok
}

// End judges the last segment, with what was read at rest, or nil.
func (s *Soak) End(rest *history.Contents) Segment {
	s.segment.Rest = rest
	return s.judge()
}

func (s *Soak) judge() Segment {
	s.Judge.continued = s.first > 0
	defer func() { s.Judge.continued = false }()
	return Segment{s.Judge.Judge(&s.segment), s.first, &s.segment}
}

// cut ends the segment, if it is certain what it leaves. A segment that fails ends in
// any case; the history is judged as if it had been explained, as far as that goes.
func (s *Soak) cut() (Segment, bool) {
	left, certain := s.Judge.leaves(&s.segment)
	if !certain {
		return Segment{}, false
	}
	ended := s.judge()
	whole := s.segment
	ended.History = &whole
	s.first += len(whole.Events)
	s.segment = history.History{Prefill: left}
	s.tried = 0
	return ended, true
}

// leaves returns what the map holds at the end of a history all of whose ops have
// returned, if every order of them leaves the same.
func (j *Judge) leaves(h *history.History) (entries []history.Entry, certain bool) {
	j.split(h)
	changed := map[uint64]bool{}
	for i := range j.keys.slots {
		s := &j.keys.slots[i]
		state, certain := j.left(s)
		if !certain {
			return nil, false
		}
		changed[s.key] = true
		if state.Present {
			entries = append(entries, history.Entry{Key: s.key, Value: state.Value})
		}
	}
	for _, e := range h.Prefill {
		if !changed[e.Key] {
			entries = append(entries, e)
		}
	}
	slices.SortFunc(entries, func(a, b history.Entry) int { return cmp.Compare(a.Key, b.Key) })
	return entries, true
}

// left returns the state that every order of the slot's ops leaves, if there is one.
// Only an op that is not before another writing one can be the last of these.
func (j *Judge) left(s *slot) (state linear.State, certain bool) {
	var candidates []linear.State
	latest, adds := int64(0), false
	writers := 0
	for i := range s.ops {
		if op := &s.ops[i]; op.Effect != linear.Keep {
			adds = adds || op.Effect == linear.Add
			if writers == 0 {
				latest = op.Inv
			}
			latest, writers = max(latest, op.Inv), writers+1
		}
	}
	switch {
	case writers == 0:
		return s.initial, !s.unchecked
	case s.unchecked || adds || j.lossy():
		return state, false
	}
	for i := range s.ops {
		op := &s.ops[i]
		if op.Effect == linear.Keep || op.Ret < latest {
			continue
		}
		left := linear.State{Value: op.Value, Present: true}
		if op.Effect == linear.Remove {
			left = linear.State{}
		}
		if !slices.Contains(candidates, left) {
			candidates = append(candidates, left)
		}
	}
	if len(candidates) == 1 {
		return candidates[0], true
	}
	return j.onlyOne(s, candidates)
}

// onlyOne returns the one of the candidates that may be left.
func (j *Judge) onlyOne(s *slot, candidates []linear.State) (state linear.State, certain bool) {
	end := int64(0)
	for i := range s.ops {
		end = max(end, s.ops[i].Ret)
	}
	for _, c := range candidates {
		read := linear.Op{Inv: end + 1, Ret: end + 1, Pre: linear.Absent}
		if c.Present {
			read.Pre, read.PreValue = linear.Is, c.Value
		}
		switch j.checker.Check(s.initial, append(slices.Clone(s.ops), read), j.Budget) {
		case linear.Unknown:
			return state, false
		case linear.Ok:
			if certain {
				return state, false
			}
			state, certain = c, true
		}
	}
	return state, certain
}
