package linear

// A move is an op as the search sees it.
type move struct {
	Op          // in its plain form; with values by number, unless some op adds
	slot  int32 // its bit among those of the ops that are open with it
	below int32 // the move that had the slot before, nobody if none
	class int32 // moves of one class do the same
	looks bool  // it only observes
}

// A source is what the moves say of a value.
type source struct {
	writers int32 // how many put it in, the initial state included
	takers  int32 // how many certainly took it out
	taker   int32 // one of these
	last    int32 // the last move to be called that certainly reads it
}

const (
	absentNumber = iota // of values in the search, those that none asks for being one
	unnamed
	firstNamed
)

// load makes moves of the ops, which are in order of Inv, and returns the state
// that stands for the initial one. It reports false if no order can be right.
//
// Values that no op asks for are all the same to the others. So one number serves
// them, and writes of such values are of one class.
func (s *search) load(initial State, ops []Op, part []int32) (State, bool) {
	s.moves, s.byRet = s.moves[:0], s.byRet[:0]
	s.adds = false
	for _, i := range part {
		effect, guarded, matters := ops[i].plain()
		if !matters {
			continue
		}
		if ops[i].Pre == Never {
			return initial, false
		}
		s.adds = s.adds || effect == Add
		s.moves = append(s.moves, move{Op: ops[i], slot: nobody, below: nobody, looks: effect == Keep})
		m := &s.moves[len(s.moves)-1]
		m.Effect, m.Guarded = effect, guarded
	}
	if !s.adds {
		initial = s.number(initial)
	}
	s.classify()
	for i := range s.moves {
		if s.moves[i].Ret != Pending {
			s.byRet = append(s.byRet, int32(i))
		}
	}
	sortNearly(s.byRet, func(n *int32) int64 { return s.moves[*n].Ret })
	return initial, s.sources(initial)
}

// number replaces the values of the moves and of the state by their numbers.
func (s *search) number(initial State) State {
	s.names.reset(len(s.moves) + 1)
	for i := range s.moves {
		if m := &s.moves[i]; m.Pre == Is || m.Pre == IsNot {
			m.PreValue = uint64(s.names.number(m.PreValue)) + firstNamed
		}
	}
	named := len(s.names.keys)
	for i := range s.moves {
		if m := &s.moves[i]; m.Effect == Set {
			m.Value = s.name(m.Value, named)
		}
	}
	s.values = named + firstNamed
	if initial.Present {
		initial.Value = s.name(initial.Value, named)
	}
	return initial
}

// name returns the number of a written value, the first named ones being asked for.
func (s *search) name(v uint64, named int) uint64 {
	if n := s.names.number(v); int(n) < named {
		return uint64(n) + firstNamed
	}
	return unnamed
}

// classify finds out which moves do the same.
func (s *search) classify() {
	if s.adds {
		s.names.reset(2 * len(s.moves))
	}
	s.classes.reset(len(s.moves))
	for i := range s.moves {
		m := &s.moves[i]
		if m.looks {
			continue
		}
		pre, value := m.PreValue, m.Value
		if s.adds {
			pre, value = uint64(s.names.number(pre)), uint64(s.names.number(value))
		}
		kind := uint64(m.Pre)<<3 | uint64(m.Effect)<<1
		if m.Guarded {
			kind |= 1
		}
		m.class = s.classes.number(kind<<58 ^ pre<<29 ^ value) // numbers are less than 1<<29
	}
	for len(s.best) < len(s.classes.keys) {
		s.best = append(s.best, best{})
	}
}

// sources gathers what the moves say of each value. It reports false if two ops
// took out what was put in once.
func (s *search) sources(initial State) bool {
	s.source = s.source[:0]
	if s.adds {
		return true
	}
	for len(s.source) < s.values {
		s.source = append(s.source, source{taker: nobody, last: nobody})
	}
	if initial.Present {
		s.source[initial.Value].writers++
	}
	for i := range s.moves {
		m := &s.moves[i]
		if m.Effect == Set {
			s.source[m.Value].writers++
		}
		if m.Pre != Is || m.Guarded {
			continue
		}
		from := &s.source[m.PreValue]
		if m.looks {
			from.last = int32(i)
		} else {
			from.takers++
			from.taker = int32(i)
		}
	}
	for n := firstNamed; n < len(s.source); n++ {
		if f := &s.source[n]; f.writers == 0 && (f.takers > 0 || f.last != nobody) || f.writers == 1 && f.takers > 1 {
			return false
		}
	}
	return true
}
