package scheduler

import (
	"cmp"
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// An age is the rounds of one map: runs of a schedule that are made on the same map, one
// after the other. Each has a history of its own, which begins with what the map held by
// then as its prefill, read by the engine while nobody used the map.
//
// The schedule's values are written again in each round, under other codes, or nobody could
// tell a value that was left from one that has just been written. No history shows that: it
// has the schedule's own codes. What an earlier round left is told as the value of the key's
// own number, if the key is one of the prefill's, and so what compares with the prefill goes
// on doing that; that of another key has a code of the key's own above those of the schedule.
// A value that was not left, but comes back, has one above all these.
type age struct {
	prefill uint64 // keys up to this have their own number as their value
	stride  uint64 // how many codes the values of a round take
	lastKey uint64
	rounds  int // of a map

	round int             // under way, from 0
	over  bool            // the map is not to be used again
	left  []history.Entry // what this round leaves, under the map's codes
	held  []history.Entry // what the round before left, as a history tells it
	codes []uint64        // by held: the map's
	words []uint64        // where a parent finds the last two; nil if there is none
}

// newAge returns nil if the schedule has one round, or what its rounds leave cannot be
// known: of odd keys nothing is, and of a map without Load it is not certain.
func newAge(m *target.Map[uint64, uint64], s *Schedule, o *odd) *age {
	if s.Rounds < 2 || o != nil || m.Load == nil {
		return nil
	}
	return ageOf(s)
}

func ageOf(s *Schedule) *age {
	lastKey, _ := s.last(target.FirstOdd)
	return &age{prefill: uint64(s.Prefill), stride: s.stride(), lastKey: lastKey, rounds: s.Rounds, over: true}
}

// prepared returns up to which code values are made before any run: those of all rounds
// could be more than there is memory for.
func (a *age) prepared() uint64 { return min(a.stride*uint64(a.rounds), 1<<16) }

// next begins a round, and reports whether it is on the map of the one before.
func (a *age) next() bool {
	if a.over {
		a.round, a.over = 0, false
		a.held, a.codes = a.held[:0], a.codes[:0]
	} else {
		a.round++
		a.held, a.codes = a.held[:0], a.codes[:0]
		for _, e := range a.left {
			a.codes = append(a.codes, e.Value)
			a.held = append(a.held, history.Entry{Key: e.Key, Value: a.leftover(e.Key)})
		}
	}
	a.write()
	return a.round > 0
}

// end notes what the round leaves, and tells it in the schedule's codes.
func (a *age) end(rest *history.Contents) {
	a.left = a.left[:0]
	for _, r := range rest.Loads {
		if r.OK {
			a.left = append(a.left, r.Entry)
		}
	}
	a.over = a.round+1 >= a.rounds
	a.tellContents(rest)
}

// leftover is how a history tells the value that an earlier round left under a key.
func (a *age) leftover(key uint64) uint64 {
	if 0 < key && key <= a.prefill {
		return key
	}
	return a.stride + key
}

// value is the map's code for a value of the schedule.
func (a *age) value(code uint64) uint64 { return uint64(a.round)*a.stride + code }

// comparand is the map's code for what an op compares with: a value of this round, or what
// the map held under the key when the round began.
func (a *age) comparand(op history.Op) uint64 {
	if a.round == 0 || op.Old != op.Key || op.Key == 0 || op.Key > a.prefill {
		return a.value(op.Old)
	}
	if code, ok := a.code(op.Key); ok {
		return code
	}
	return op.Old // of the first round, and gone
}

// code returns the map's code for what the key held when the round began.
func (a *age) code(key uint64) (code uint64, ok bool) {
	i, ok := slices.BinarySearchFunc(a.held, key, func(e history.Entry, key uint64) int { return cmp.Compare(e.Key, key) })
	if !ok {
		return 0, false
	}
	return a.codes[i], true
}

// told returns how a history tells a value that the map has under a key.
func (a *age) told(key, value uint64) uint64 {
	if a.round == 0 || value == target.Foreign {
		return value
	}
	if own := value - a.value(0); own < a.stride {
		return own
	}
	if left, ok := a.code(key); ok && left == value {
		return a.leftover(key)
	}
	return min(a.stride+a.lastKey+1+value, history.MaxCode)
}

// tell puts the answer of an event, whose op is the schedule's own, in the schedule's codes.
func (a *age) tell(e *history.Event) {
	if a == nil || a.round == 0 || e.Ret == history.Pending {
		return
	}
	switch e.Kind {
	case history.Load, history.LoadAndDelete, history.Swap, history.Compute:
		if e.OK {
			e.Out = a.told(e.Key, e.Out)
		}
	case history.LoadOrStore:
		e.Out = a.told(e.Key, e.Out)
	case history.Range, history.Clone:
		if e.Seen != nil {
			a.tellContents(e.Seen)
		}
	}
}

func (a *age) tellContents(c *history.Contents) {
	if a.round == 0 {
		return
	}
	for i := range c.Loads {
		if r := &c.Loads[i]; r.OK {
			r.Value = a.told(r.Key, r.Value)
		}
	}
	for i := range c.Entries {
		e := &c.Entries[i]
		e.Value = a.told(e.Key, e.Value)
	}
}

// ageHeader is how many words there are before the entries of what an age writes down: the
// round, and how many entries; each is a key and the map's code for its value.
const ageHeader = 2

// ageWords returns how many words an age of the schedule's writes down at most, a multiple
// of a cache line.
func ageWords(s *Schedule) int {
	if s.Rounds < 2 {
		return 0
	}
	return (ageHeader + 2*len(s.Keys()) + 7) &^ 7
}

// write writes down what a history of the round cannot be told without.
func (a *age) write() {
	if a.words == nil {
		return
	}
	n := min(len(a.held), (len(a.words)-ageHeader)/2)
	for i := range n {
		a.words[ageHeader+2*i], a.words[ageHeader+2*i+1] = a.held[i].Key, a.codes[i]
	}
	a.words[0], a.words[1] = uint64(a.round), uint64(n)
}

// read returns the age that a schedule's logs have been left at; nil if they say nothing of it.
func (l *Logs) read(s *Schedule) *age {
	if l.age == nil || l.age[0] == 0 {
		return nil
	}
	a := ageOf(s)
	a.round = int(l.age[0])
	for i := range min(int(l.age[1]), (len(l.age)-ageHeader)/2) {
		key, code := l.age[ageHeader+2*i], l.age[ageHeader+2*i+1]
		a.held = append(a.held, history.Entry{Key: key, Value: a.leftover(key)})
		a.codes = append(a.codes, code)
	}
	return a
}
