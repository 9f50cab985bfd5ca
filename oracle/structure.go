package oracle

import (
	"fmt"
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// structures looks for maps that contradict themselves: the map at rest, each
// clone, and each Range that met a key twice though it promises one moment per
// key.
func (j *Judge) structures(h *history.History) (Verdict, bool) {
	for i := range h.Events {
		e := &h.Events[i]
		if e.Seen == nil || e.Ret == history.Pending || !j.believed(e.Kind) {
			continue
		}
		if e.Kind == history.Clone {
			if v, bad := j.structure(e.Seen, clonedBy(e), i); bad {
				return v, true
			}
			continue
		}
		key, twice := j.duplicate(e.Seen.Entries)
		if twice && j.seen(history.Range) {
			return corrupt(DuplicateKey, fmt.Sprintf("w%d range met k%d twice", e.Worker, key), i), true
		}
	}
	if h.Rest != nil {
		return j.structure(h.Rest, "the map at rest")
	}
	return Verdict{}, false
}

func clonedBy(e *history.Event) string { return fmt.Sprintf("w%d's clone", e.Worker) }

func corrupt(rule, detail string, events ...int) Verdict {
	return Verdict{Class: SilentCorruption, Rule: rule, Detail: detail, Events: events}
}

// structure compares what Load and Range say of a map that nobody writes to.
func (j *Judge) structure(c *history.Contents, what string, events ...int) (Verdict, bool) {
	if !j.ranged(c) {
		return Verdict{}, false
	}
	if c.Loads == nil || !j.checked(history.Load) {
		if key, twice := j.duplicate(c.Entries); twice {
			return corrupt(DuplicateKey, fmt.Sprintf("%s: range meets k%d twice", what, key), events...), true
		}
		return Verdict{}, false
	}
	rule, detail := j.disagreement(c)
	if rule == "" {
		return Verdict{}, false
	}
	return corrupt(rule, what+": "+detail, events...), true
}

// disagreement finds a key on which Range disagrees with Load or with itself. It
// is linear in the map's size, for keys numbered without gaps.
//
// In a lossy map an entry may have vanished between the one and the other.
func (j *Judge) disagreement(c *history.Contents) (rule, detail string) {
	j.marks = slices.Grow(j.marks[:0], len(c.Loads))[:len(c.Loads)]
	clear(j.marks)
	for _, e := range c.Entries {
		at, known := findReading(c.Loads, e.Key)
		switch {
		case !known:
			return Phantom, fmt.Sprintf("range yields k%d v%d, a key that nobody named", e.Key, e.Value)
		case j.marks[at]:
			return DuplicateKey, fmt.Sprintf("range meets k%d twice", e.Key)
		case !c.Loads[at].OK && !j.lossy():
			return BrokenStructure, fmt.Sprintf("range yields k%d v%d, load finds k%d absent", e.Key, e.Value, e.Key)
		case c.Loads[at].OK && c.Loads[at].Value != e.Value:
			return BrokenStructure, fmt.Sprintf("range yields k%d v%d, load finds v%d", e.Key, e.Value, c.Loads[at].Value)
		}
		j.marks[at] = true
	}
	if !c.Ranged || j.lossy() {
		return "", ""
	}
	for i := range c.Loads {
		if r := &c.Loads[i]; r.OK && !j.marks[i] {
			return BrokenStructure, fmt.Sprintf("range does not yield k%d, load finds v%d", r.Key, r.Value)
		}
	}
	return "", ""
}

// duplicate finds a key that occurs twice.
func (j *Judge) duplicate(entries []history.Entry) (key uint64, twice bool) {
	j.entries = j.entries[:0]
	sorted := j.sorted(entries)
	for i := 1; i < len(sorted); i++ {
		if sorted[i].Key == sorted[i-1].Key {
			return sorted[i].Key, true
		}
	}
	return 0, false
}

// lengthsAtRest compares Len with what a map holds that nobody writes to.
func (j *Judge) lengthsAtRest(h *history.History) (Verdict, bool) {
	for i := range h.Events {
		e := &h.Events[i]
		if e.Kind != history.Clone || e.Ret == history.Pending || e.Seen == nil || !j.believed(e.Kind) {
			continue
		}
		if kind, detail := j.wrongLen(e.Seen); detail != "" {
			return j.lenAtRest(kind, clonedBy(e)+": "+detail, i), true
		}
	}
	if h.Rest != nil {
		if kind, detail := j.wrongLen(h.Rest); detail != "" {
			return j.lenAtRest(kind, "the map at rest: "+detail), true
		}
	}
	return Verdict{}, false
}

// wrongLen says how Len, or IsEmpty, is wrong, or nothing.
func (j *Judge) wrongLen(c *history.Contents) (kind history.Kind, detail string) {
	length, empty := c.HasLen && j.believed(history.Len), c.HasEmpty && j.believed(history.IsEmpty)
	if length && c.Len < 0 {
		return history.Len, fmt.Sprintf("len answers %d", c.Len)
	}
	n, how := j.size(c)
	switch {
	case j.lossy() || how == "":
	case length && c.Len != n:
		return history.Len, fmt.Sprintf("len answers %d, but %s %d", c.Len, how, n)
	case empty && c.Empty != (n == 0):
		return history.IsEmpty, fmt.Sprintf("is-empty answers %t, but %s %d", c.Empty, how, n)
	}
	return 0, ""
}

// size counts the keys, and says how; nothing if it cannot tell. Loads cover
// every key that an op named, so they count the whole map.
func (j *Judge) size(c *history.Contents) (n int, how string) {
	switch {
	case c.Loads != nil && j.checked(history.Load):
		for i := range c.Loads {
			if c.Loads[i].OK {
				n++
			}
		}
		return n, "load finds"
	case c.Ranged && j.ranged(c):
		return len(c.Entries), "range yields"
	}
	return 0, ""
}

// lenAtRest is a finding of a Len, or IsEmpty, that is wrong though nobody writes: it
// will stay wrong, and no promise about concurrent use excuses that.
func (j *Judge) lenAtRest(kind history.Kind, detail string, events ...int) Verdict {
	v := corrupt(WrongLen, detail, events...)
	v.Promise = promise(&j.Contract, kind).Quote
	return v
}

// lenDuring is a finding of one that was wrong while others wrote: where no more than
// bounds is promised, a weak promise that was broken.
func (j *Judge) lenDuring(kind history.Kind, detail string, events ...int) Verdict {
	v := j.lenAtRest(kind, detail, events...)
	if promise(&j.Contract, kind).Level == target.Bounds {
		v.Class = Contract
	}
	return v
}
