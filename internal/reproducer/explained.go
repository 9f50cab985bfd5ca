package reproducer

import (
	"fmt"

	"github.com/mapstress/mapstress/history"
)

// An entry is what a map holds for a key.
type entry struct {
	v  uint64
	ok bool
}

func same(a, b entry) bool { return a.ok == b.ok && (!a.ok || a.v == b.v) }

// A search is that of the written program, done here to know what the program must look
// at.
type search struct {
	ordered, lossy bool
	seen           map[string]bool
}

// explained reports whether the calls on a key, each worker's in its own order, have one
// that explains their answers and what is there in the end.
func (s *search) explained(was, end entry, calls [][]*history.Event) bool {
	state := fmt.Sprint(was)
	for _, own := range calls {
		state += fmt.Sprint(" ", len(own))
	}
	if s.seen[state] {
		return false
	}
	s.seen[state] = true
	if s.lossy && was.ok && s.explained(entry{}, end, calls) {
		return true
	}
	over := true
	for w, own := range calls {
		if len(own) == 0 {
			continue
		}
		over = false
		is, fits := apply(own[0], was)
		if !fits || s.ordered && early(own[0], calls) {
			continue
		}
		rest := append([][]*history.Event(nil), calls...)
		rest[w] = own[1:]
		if s.explained(is, end, rest) {
			return true
		}
	}
	return over && same(was, end)
}

// early reports whether another call was over before this one began.
func early(e *history.Event, calls [][]*history.Event) bool {
	for _, own := range calls {
		if len(own) > 0 && own[0].Ret < e.Inv {
			return true
		}
	}
	return false
}

// apply returns what the call makes of an entry, and whether its answer fits.
func apply(e *history.Event, was entry) (is entry, fits bool) {
	put, got := entry{e.Value, true}, entry{e.Out, e.OK}
	switch e.Kind {
	case history.Load:
		return was, same(got, was)
	case history.Store:
		return put, !e.Told || e.OK == was.ok
	case history.LoadOrStore:
		if was.ok {
			return was, same(got, was)
		}
		return put, !e.OK && e.Out == e.Value
	case history.LoadAndDelete:
		return entry{}, same(got, was)
	case history.Delete:
		return entry{}, !e.Told || e.OK == was.ok
	case history.Clear:
		return entry{}, true
	case history.Swap, history.Compute:
		return put, same(got, was)
	case history.CompareAndSwap:
		if equal := same(was, entry{e.Old, true}); equal {
			return put, e.OK
		}
		return was, !e.OK
	case history.CompareAndDelete:
		if equal := same(was, entry{e.Old, true}); equal {
			return entry{}, e.OK
		}
		return was, !e.OK
	case history.Increment:
		return entry{was.v + 1, true}, true
	}
	return was, true
}
