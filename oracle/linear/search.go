package linear

import "math/bits"

// A search goes through a history event by event and linearizes an op only when
// one must be, as it returns (Lowe, 2017: just in time). What it has to remember
// is a configuration: how many ops have returned, which of those that are open
// have taken effect, and the state. Those that led nowhere are in a table, so that
// none is tried twice. It takes time linear in the ops, and exponential at worst
// in how many overlap.
//
// Four things make it small:
//
//   - An op that only looks is linearized as soon as it may be: it is in nobody's
//     way.
//   - Of open moves that do the same, the first to return goes first: in any
//     order they can change places so.
//   - A value that is put in once is not left before all its reads are called,
//     and only by the op that certainly takes it out, if there is one.
//   - Writes of values that nobody asks for do the same.
type search struct {
	left    int // steps that may still be taken
	adds    bool
	values  int // how many numbers there are
	names   index
	classes index
	moves   []move
	byRet   []int32 // the moves that return, in that order
	source  []source

	// The event reached: so many moves were called, so many of byRet returned. The
	// others of these are open; holder has the last move of each slot.
	called, returned int
	width            int // words of a set of slots
	open, done       []uint64
	holder           []int32
	state            State

	frames []frame
	sets   []uint64 // for each frame: what is done, and what is still to be tried
	table  table
	config []uint64
	best   []best // by class
	stamp  uint32
	free   []int32
}

// A frame is a configuration from which there still are moves to try.
type frame struct {
	called, returned int32
	state            State
}

// A best is the open move of a class that returns first, if stamped.
type best struct {
	stamp uint32
	move  int32
}

// maxFree is how many steps of a move are free. Where more words of ops overlap the
// budget must do, as what has to be kept would grow with the square of the ops.
const maxFree = 4

// check searches for an order of the calls in part. If it asks, the key must be
// absent in the end.
func (s *search) check(initial State, ops []Op, part []int32, asks bool) Outcome {
	state, ok := s.load(initial, ops, part)
	if !ok {
		return Illegal
	}
	s.prepare()
	s.state = state
	before := s.left
	s.left += min(s.width, maxFree) * len(s.moves)
	outcome := s.run(asks)
	s.left = min(s.left, before)
	return outcome
}

func (s *search) run(asks bool) Outcome {
	for {
		if s.advance() && !(asks && s.state.Present) {
			return Ok
		}
		if s.unseen() {
			s.push()
		}
		if len(s.frames) == 0 {
			return Illegal
		}
		if s.left -= s.width; s.left < 0 {
			return Unknown
		}
		s.try()
	}
}

// unseen reports whether nothing has been tried from this configuration yet.
func (s *search) unseen() bool {
	s.config[0] = uint64(s.returned)
	if s.state.Present {
		s.config[0] |= 1 << 63
	}
	s.config[1] = s.state.Value
	copy(s.config[2:], s.done)
	return s.table.add(s.config)
}

// push adds a frame for the configuration, if any move is worth trying.
func (s *search) push() {
	at := len(s.sets)
	s.sets = append(s.sets, s.done...)
	for range s.width {
		s.sets = append(s.sets, 0)
	}
	if s.choose(s.sets[at+s.width:]) {
		s.frames = append(s.frames, frame{int32(s.called), int32(s.returned), s.state})
	} else {
		s.sets = s.sets[:at]
	}
}

// choose puts the moves that are worth trying in the set, which is empty, and
// reports whether there are any.
func (s *search) choose(set []uint64) bool {
	stay, only := s.bound()
	s.stamp++
	if s.stamp == 0 {
		clear(s.best)
		s.stamp = 1
	}
	any := false
	for w := range s.open {
		for rest := s.open[w] &^ s.done[w]; rest != 0; rest &= rest - 1 {
			slot := w*64 + bits.TrailingZeros64(rest)
			i := s.holder[slot]
			m := &s.moves[i]
			if m.looks {
				continue
			}
			after, ok := m.Step(s.state)
			if !ok {
				continue
			}
			if after == s.state {
				if m.Ret == Pending {
					continue
				}
			} else if stay || only != nobody && only != i {
				continue
			}
			if b := &s.best[m.class]; b.stamp == s.stamp {
				other := &s.moves[b.move]
				if other.Ret <= m.Ret {
					continue
				}
				set[other.slot/64] &^= 1 << (other.slot % 64)
			}
			s.best[m.class] = best{s.stamp, i}
			set[w] |= 1 << (slot % 64)
			any = true
		}
	}
	return any
}

// bound reports whether the state must stay, because the value is put in once and
// will still be read, and which move alone may change it, if the value is taken
// out by that one.
func (s *search) bound() (stay bool, only int32) {
	if s.adds || !s.state.Present || s.state.Value < firstNamed {
		return false, nobody
	}
	from := &s.source[s.state.Value]
	if from.writers != 1 {
		return false, nobody
	}
	return int(from.last) >= s.called, from.taker
}

// try goes back to the last frame and tries the next of its moves: if it can, the
// one that is about to return.
func (s *search) try() {
	top := &s.frames[len(s.frames)-1]
	s.rewind(int(top.called), int(top.returned))
	s.state = top.state
	at := len(s.sets) - 2*s.width
	copy(s.done, s.sets[at:])
	set := s.sets[at+s.width:]
	slot := -1
	if s.returned < len(s.byRet) {
		if n := int(s.moves[s.byRet[s.returned]].slot); set[n/64]&(1<<(n%64)) != 0 {
			slot = n
		}
	}
	left := 0
	for w, word := range set {
		left += bits.OnesCount64(word)
		if slot < 0 && word != 0 {
			slot = w*64 + bits.TrailingZeros64(word)
		}
	}
	set[slot/64] &^= 1 << (slot % 64)
	if left == 1 {
		s.frames, s.sets = s.frames[:len(s.frames)-1], s.sets[:at]
	}
	s.do(slot)
}

// do linearizes the move in the slot, and all those that look and find what they
// saw.
func (s *search) do(slot int) {
	s.done[slot/64] |= 1 << (slot % 64)
	after, _ := s.moves[s.holder[slot]].Step(s.state)
	if after == s.state {
		return
	}
	s.state = after
	for w := range s.open {
		for rest := s.open[w] &^ s.done[w]; rest != 0; rest &= rest - 1 {
			bit := bits.TrailingZeros64(rest)
			if m := &s.moves[s.holder[w*64+bit]]; m.looks && m.holds(after) {
				s.done[w] |= 1 << bit
			}
		}
	}
}
