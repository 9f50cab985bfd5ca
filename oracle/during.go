package oracle

import (
	"fmt"
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle/linear"
	"github.com/mapstress/mapstress/target"
)

// length checks event i, a Len: at least what must have been there all along,
// at most what may have been. An IsEmpty answers whether such a number is 0.
func (j *Judge) length(h *history.History, i int) (Verdict, bool) {
	e := &h.Events[i]
	level := promise(&j.Contract, e.Kind).Level
	if level != target.Linearizable && level != target.Bounds {
		return Verdict{}, false
	}
	n := int(int64(e.Out))
	if e.Kind == history.Len && n < 0 {
		return j.lenDuring(e.Kind, fmt.Sprintf("w%d len answered %d", e.Worker, n), i), true
	}
	lo, hi := j.untouched(h), j.untouched(h)
	for k := range j.keys.slots {
		s := &j.keys.slots[k]
		if s.unchecked || j.lossy() {
			return Verdict{}, false
		}
		t := s.count(e.Inv, e.Ret)
		if level == target.Linearizable {
			t.lo, t.hi = max(t.lo, 0), min(t.hi, 1)
		}
		lo, hi = lo+t.lo, hi+t.hi
	}
	answered := fmt.Sprint(n)
	switch {
	case e.Kind == history.IsEmpty && (e.OK && lo <= 0 || !e.OK && hi > 0), e.Kind == history.Len && lo <= n && n <= hi:
		return Verdict{}, false
	case e.Kind == history.IsEmpty:
		answered = fmt.Sprint(e.OK)
	}
	detail := fmt.Sprintf("w%d %s answered %s, though %d keys were there", e.Worker, e.Kind, answered, lo)
	if lo != hi {
		detail = fmt.Sprintf("w%d %s answered %s, though at least %d and at most %d keys were there", e.Worker, e.Kind, answered, max(lo, 0), hi)
	}
	return j.lenDuring(e.Kind, detail, i), true
}

// untouched returns how many keys of the prefill have no slot.
func (j *Judge) untouched(h *history.History) int {
	n := len(h.Prefill)
	for i := range j.keys.slots {
		if j.keys.slots[i].initial.Present {
			n--
		}
	}
	return n
}

// weak checks event i, a Range or Clone of which level Weak is promised, or what is a little less.
func (j *Judge) weak(h *history.History, i int) (Verdict, bool) {
	e := &h.Events[i]
	p := promise(&j.Contract, e.Kind)
	if p.Level != target.Weak && p.Level != target.PerEntry && p.Level != target.Repeating || e.Seen == nil {
		return Verdict{}, false
	}
	entries, complete, ok := j.yielded(e.Seen)
	if !ok {
		return Verdict{}, false
	}
	rule, detail := j.strangers(h, e, entries)
	if rule == "" && complete && !j.lossy() {
		rule, detail = j.missing(h, e, entries)
	}
	if rule == "" {
		return Verdict{}, false
	}
	return Verdict{
		Class: Contract, Rule: rule, Promise: p.Quote, Events: []int{i},
		Detail: fmt.Sprintf("w%d %s %s", e.Worker, e.Kind, detail),
	}, true
}

// yielded returns what contents hold, by key.
func (j *Judge) yielded(c *history.Contents) (entries []history.Entry, complete, ok bool) {
	if c.Loads == nil || !j.checked(history.Load) {
		return j.sorted(c.Entries), c.Ranged, j.ranged(c)
	}
	from := len(j.entries)
	for _, r := range c.Loads {
		if r.OK {
			j.entries = append(j.entries, r.Entry)
		}
	}
	return j.entries[from:], true, true
}

// strangers looks for entries that were never there, were met twice, or have a
// value that had been replaced for good before e began.
func (j *Judge) strangers(h *history.History, e *history.Event, entries []history.Entry) (rule, detail string) {
	prefill := h.Prefill
	for n, x := range entries {
		if again := n > 0 && entries[n-1].Key == x.Key; again && !j.mayMeetAgain(e, x.Key) {
			return DuplicateKey, fmt.Sprintf("met k%d twice", x.Key)
		}
		at := j.keys.find(x.Key)
		if at < 0 {
			for len(prefill) > 0 && prefill[0].Key < x.Key {
				prefill = prefill[1:]
			}
			if len(prefill) == 0 || prefill[0] != x {
				return Phantom, fmt.Sprintf("met k%d v%d, which was never there", x.Key, x.Value)
			}
			continue
		}
		s := &j.keys.slots[at]
		if s.unchecked || s.counted {
			continue
		}
		if !j.continued && !s.held(x.Value, e.Ret) { // or in a history before this one
			return Phantom, fmt.Sprintf("met k%d v%d, which was never there", x.Key, x.Value)
		}
		if t := s.count(e.Inv, e.Ret); !t.overlapped && t.valued && t.value != x.Value {
			return StaleRead, fmt.Sprintf("met k%d v%d, though it held v%d throughout", x.Key, x.Value, t.value)
		}
	}
	return "", ""
}

// mayMeetAgain reports whether e may meet a key that it has met: in any case, or as it was deleted
// meanwhile, and what it has met then is another entry.
func (j *Judge) mayMeetAgain(e *history.Event, key uint64) bool {
	switch promise(&j.Contract, e.Kind).Level {
	case target.Repeating:
		return true
	case target.PerEntry:
		at := j.keys.find(key)
		return at >= 0 && j.keys.slots[at].mayRemove(e.Inv, e.Ret)
	}
	return false
}

// mayRemove reports whether an op that overlaps the interval may delete the key.
func (s *slot) mayRemove(inv, ret int64) bool {
	return s.unchecked || slices.ContainsFunc(s.ops, func(op linear.Op) bool {
		return op.Effect == linear.Remove && op.Inv <= ret && op.Ret >= inv
	})
}

// held reports whether the key may have held the value by then.
func (s *slot) held(value uint64, then int64) bool {
	if s.initial.Present && s.initial.Value == value {
		return true
	}
	return slices.ContainsFunc(s.ops, func(op linear.Op) bool {
		return op.Effect == linear.Set && op.Value == value && op.Inv <= then
	})
}

// missing looks for a key that was there throughout e and that nobody wrote to
// meanwhile, but that is not among the entries.
func (j *Judge) missing(h *history.History, e *history.Event, entries []history.Entry) (rule, detail string) {
	for i := range j.keys.slots {
		s := &j.keys.slots[i]
		if s.unchecked || !s.missed(e, entries) {
			continue
		}
		return LostKey, fmt.Sprintf("did not meet k%d, which was there throughout", s.key)
	}
	for _, p := range h.Prefill {
		for len(entries) > 0 && entries[0].Key < p.Key {
			entries = entries[1:]
		}
		if met := len(entries) > 0 && entries[0].Key == p.Key; !met && j.keys.find(p.Key) < 0 {
			return LostKey, fmt.Sprintf("did not meet k%d, which was there throughout", p.Key)
		}
	}
	return "", ""
}

func (s *slot) missed(e *history.Event, entries []history.Entry) bool {
	if t := s.count(e.Inv, e.Ret); t.overlapped || t.lo == 0 {
		return false
	}
	_, met := slices.BinarySearchFunc(entries, s.key, compareKey)
	return !met
}
