package oracle

import (
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle/linear"
)

// A config says which of the open steps have been taken, by their bits, and where in
// its frontier's states the map of that moment begins.
type config struct {
	taken uint64
	at    int32
	hash  uint64
}

// A frontier is a set of configurations.
type frontier struct {
	width   int // keys
	configs []config
	states  []linear.State
	index   []int32 // by hash: number plus one, 0 if free; a power of two, at most half full
}

func (f *frontier) reset(width int) {
	f.width, f.configs, f.states = width, f.configs[:0], f.states[:0]
	if f.index == nil {
		f.index = make([]int32, 64)
	}
	clear(f.index)
}

func (f *frontier) state(c *config) []linear.State { return f.states[c.at : int(c.at)+f.width] }

// add adds a configuration, unless it is there.
func (f *frontier) add(taken uint64, state []linear.State) {
	c := config{taken: taken, at: int32(len(f.states)), hash: hashOf(taken, state)}
	at := f.probe(&c, state)
	if f.index[at] != 0 {
		return
	}
	f.configs, f.states = append(f.configs, c), append(f.states, state...)
	f.index[at] = int32(len(f.configs))
	if 2*len(f.configs) >= len(f.index) {
		f.grow()
	}
}

// probe returns where in the index the configuration is, or would be.
func (f *frontier) probe(c *config, state []linear.State) uint64 {
	mask := uint64(len(f.index) - 1)
	at := c.hash & mask
	for ; f.index[at] != 0; at = (at + 1) & mask {
		other := &f.configs[f.index[at]-1]
		if other.hash == c.hash && other.taken == c.taken && slices.Equal(f.state(other), state) {
			break
		}
	}
	return at
}

func (f *frontier) grow() {
	f.index = make([]int32, 2*len(f.index))
	for i := range f.configs {
		c := &f.configs[i]
		f.index[f.probe(c, f.state(c))] = int32(i + 1)
	}
}

func hashOf(taken uint64, state []linear.State) uint64 {
	h := taken + 1
	for _, s := range state {
		h = (h ^ s.Value) * 0x9e3779b97f4a7c15
		if s.Present {
			h ^= h >> 29
		}
		h = (h ^ h>>32) * 0xd6e8feb86659fd93
	}
	return h ^ h>>31
}

// apply does the step to the map, and reports whether it allows that.
func (s *step) apply(state []linear.State) bool {
	switch {
	case s.view != nil:
		return s.shows(state)
	case s.counts():
		n := 0
		for i := range state {
			if state[i].Present {
				n++
			}
		}
		return n == s.keys != s.not
	case s.kind == history.Clear:
		clear(state)
		return true
	}
	after, ok := s.op.Step(state[s.slot])
	state[s.slot] = after
	return ok
}

// shows reports whether the step's view is of that map, as far as it goes.
func (s *step) shows(state []linear.State) bool {
	for i := range state {
		if slices.Contains(s.without, i) {
			continue
		}
		if seen, known := s.view.find(s.slots[i].key); known && seen != state[i] {
			return false
		}
	}
	return true
}
