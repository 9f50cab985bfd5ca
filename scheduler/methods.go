package scheduler

import (
	"fmt"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// Methods returns the kinds of op that a map has.
func Methods(m *target.Map[uint64, uint64]) []history.Kind {
	var has []history.Kind
	for _, kind := range history.Kinds() {
		if method(m, kind) {
			has = append(has, kind)
		}
	}
	return has
}

// An Ability is what a target can do in one shape.
type Ability struct {
	Shape target.Shape   `json:"shape"`
	Kinds []history.Kind `json:"ops"`
	// Custom are the names of the map's own methods.
	Custom []string `json:"custom,omitempty"`
	// Odd says that keys from target.FirstOdd on may be odd.
	Odd bool `json:"odd,omitempty"`
}

// Abilities tells what a target can do in each of its shapes, the default one
// first. It makes a map of each to see.
func Abilities(t *target.Target) []Ability {
	var all []Ability
	for i := range t.Variants {
		m := t.Variants[i].New()
		a := Ability{Shape: t.Variants[i].Shape, Kinds: Methods(&m.Map), Odd: m.Odd != nil}
		for _, c := range m.Custom {
			a.Custom = append(a.Custom, c.Name)
		}
		all = append(all, a)
		if m.Close != nil {
			m.Close()
		}
	}
	return all
}

func method(m *target.Map[uint64, uint64], kind history.Kind) bool {
	switch kind {
	case history.Load:
		return m.Load != nil
	case history.Store:
		return m.Store != nil || m.Put != nil
	case history.LoadOrStore:
		return m.LoadOrStore != nil
	case history.LoadAndDelete:
		return m.LoadAndDelete != nil
	case history.Delete:
		return m.Delete != nil || m.Remove != nil
	case history.Swap:
		return m.Swap != nil
	case history.CompareAndSwap:
		return m.CompareAndSwap != nil
	case history.CompareAndDelete:
		return m.CompareAndDelete != nil
	case history.Compute:
		return m.Compute != nil
	case history.Increment:
		return m.Increment != nil
	case history.Range:
		return m.Range != nil
	case history.Len:
		return m.Len != nil
	case history.IsEmpty:
		return m.IsEmpty != nil
	case history.Clear:
		return m.Clear != nil
	case history.Clone:
		return m.Clone != nil
	}
	return false
}

// custom returns the map's own method of that name, or nil.
func custom(m *target.Map[uint64, uint64], name string) func(key, value uint64) any {
	for i := range m.Custom {
		if m.Custom[i].Name == name {
			return m.Custom[i].Call
		}
	}
	return nil
}

// An inserter puts entries into maps that are at rest, and allocates nothing
// once it has begun.
type inserter struct {
	value  uint64
	answer func(uint64, bool) (uint64, bool) // for Compute: value
}

// insert puts an entry in; inserts must have said that it can.
func (i *inserter) insert(m *target.Map[uint64, uint64], k, v uint64) {
	switch {
	case m.Put != nil:
		m.Put(k, v)
	case m.Store != nil:
		m.Store(k, v)
	case m.Swap != nil:
		m.Swap(k, v)
	case m.LoadOrStore != nil:
		m.LoadOrStore(k, v)
	default:
		if i.answer == nil {
			i.answer = func(uint64, bool) (uint64, bool) { return i.value, false }
		}
		i.value = v
		m.Compute(k, i.answer)
	}
}

// inserts says if no method of the map inserts.
func inserts(m *target.Map[uint64, uint64]) error {
	if !method(m, history.Store) && m.Swap == nil && m.LoadOrStore == nil && m.Compute == nil {
		return fmt.Errorf("the map has no method that inserts: store, swap, load-or-store or compute")
	}
	return nil
}

// deleter returns how to take out the entry of a key, which has that value, while
// the map is at rest; nil if the map has no method for it.
func deleter(m *target.Map[uint64, uint64]) func(k, v uint64) {
	switch {
	case m.Remove != nil:
		return func(k, _ uint64) { m.Remove(k) }
	case m.Delete != nil:
		return func(k, _ uint64) { m.Delete(k) }
	case m.LoadAndDelete != nil:
		return func(k, _ uint64) { m.LoadAndDelete(k) }
	case m.CompareAndDelete != nil:
		return func(k, v uint64) { m.CompareAndDelete(k, v) }
	case m.Compute != nil:
		return func(k, _ uint64) {
			m.Compute(k, func(uint64, bool) (uint64, bool) { return 0, true })
		}
	}
	return nil
}

// supports says which op of the schedule the map cannot do, if any.
func supports(m *target.Map[uint64, uint64], s *Schedule) error {
	for w, ops := range s.Workers {
		for _, op := range ops {
			if op.Kind == history.Custom && custom(m, op.Name) != nil {
				continue
			}
			if op.Kind == history.Custom {
				return fmt.Errorf("worker w%d calls custom:%s, which the map does not have", w, op.Name)
			}
			if !method(m, op.Kind) {
				return fmt.Errorf("worker w%d calls %q, which the map does not have", w, op.Kind)
			}
		}
	}
	if s.Peak > s.Prefill && deleter(m) == nil {
		return fmt.Errorf("the map has no method that deletes, for a peak above its prefill")
	}
	if s.Prefill > 0 || s.Peak > 0 {
		return inserts(m)
	}
	return nil
}
