package linear

// The events of a search are the calls and returns of its moves, in the order of
// the clock. It goes forward and back among them, and keeps what is open.

// prepare gives each move its slot, and empties all sets.
func (s *search) prepare() {
	s.free, s.holder = s.free[:0], s.holder[:0]
	next := 0
	for i := range s.moves {
		m := &s.moves[i]
		for next < len(s.byRet) && s.moves[s.byRet[next]].Ret < m.Inv {
			s.free = append(s.free, s.moves[s.byRet[next]].slot)
			next++
		}
		if n := len(s.free); n > 0 {
			m.slot, s.free = s.free[n-1], s.free[:n-1]
		} else {
			m.slot = int32(len(s.holder))
			s.holder = append(s.holder, nobody)
		}
		m.below = s.holder[m.slot]
		s.holder[m.slot] = int32(i)
	}
	for i := range s.holder {
		s.holder[i] = nobody
	}
	s.width = max(1, (len(s.holder)+63)/64)
	s.open, s.done = zeros(s.open, s.width), zeros(s.done, s.width)
	s.config = zeros(s.config, 2+s.width)
	s.called, s.returned = 0, 0
	s.frames, s.sets = s.frames[:0], s.sets[:0]
	s.table.reset(2+s.width, min(len(s.moves), 1<<16/s.width))
}

func zeros(set []uint64, width int) []uint64 {
	set = set[:0]
	for range width {
		set = append(set, 0)
	}
	return set
}

// advance goes on to the next return of an op that has not been linearized, and
// reports whether there is none.
func (s *search) advance() (end bool) {
	for {
		if s.callIsNext() {
			m := &s.moves[s.called]
			word, bit := m.slot/64, uint64(1)<<(m.slot%64)
			s.open[word] |= bit
			s.done[word] &^= bit
			s.holder[m.slot] = int32(s.called)
			if m.looks && m.holds(s.state) {
				s.done[word] |= bit
			}
			s.called++
			continue
		}
		if s.returned == len(s.byRet) {
			return true
		}
		m := &s.moves[s.byRet[s.returned]]
		word, bit := m.slot/64, uint64(1)<<(m.slot%64)
		if s.done[word]&bit == 0 {
			return false
		}
		s.open[word] &^= bit
		s.done[word] &^= bit
		s.returned++
	}
}

// callIsNext reports whether the next event is a call. Equal stamps are
// concurrent, so of those calls come first.
func (s *search) callIsNext() bool {
	return s.called < len(s.moves) &&
		(s.returned == len(s.byRet) || s.moves[s.called].Inv <= s.moves[s.byRet[s.returned]].Ret)
}

// rewind goes back to an event before.
func (s *search) rewind(called, returned int) {
	for s.called > called || s.returned > returned {
		if s.called > called && (s.returned == 0 ||
			s.moves[s.called-1].Inv > s.moves[s.byRet[s.returned-1]].Ret) {
			s.called--
			m := &s.moves[s.called]
			s.open[m.slot/64] &^= 1 << (m.slot % 64)
			s.holder[m.slot] = m.below
			continue
		}
		s.returned--
		m := &s.moves[s.byRet[s.returned]]
		s.open[m.slot/64] |= 1 << (m.slot % 64)
	}
}
