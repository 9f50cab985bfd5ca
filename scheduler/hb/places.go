package hb

import "slices"

// Racing says that a place was in a race in an earlier run: there, too, it is to be decided
// who goes on. It stays the same throughout a run.
func (d *Detector) Racing(where uint64) bool { return d.places.has(where) }

// Places are those that race, in ascending order, as far as was known when the run began.
func (d *Detector) Places() []uint64 { return d.places.all() }

// Freeze sets the places that race for this run and all others: a replay must be asked where
// the run was that it repeats.
func (d *Detector) Freeze(racing []uint64) {
	d.places, d.frozen = places{}, true
	for _, where := range racing {
		d.places.add(where)
	}
}

// places is a set that is asked at every access, and mostly says no.
type places struct {
	slots []uint64 // 0 is free; a power of two of them, at most half of them taken
	n     int
	zero  bool // 0 is in the set
}

func (s *places) has(where uint64) bool {
	if s.n == 0 || where == 0 {
		return s.zero && where == 0
	}
	return s.slots[s.find(where)] == where
}

// find returns the slot that a place is in, or would be.
func (s *places) find(where uint64) int {
	mask := uint64(len(s.slots) - 1)
	i := (where * 0x9e3779b97f4a7c15 >> 32) & mask
	for s.slots[i] != 0 && s.slots[i] != where {
		i = (i + 1) & mask
	}
	return int(i)
}

func (s *places) add(where uint64) {
	if where == 0 || s.has(where) {
		s.zero = s.zero || where == 0
		return
	}
	if 2*(s.n+1) > len(s.slots) {
		old := s.slots
		s.slots = make([]uint64, max(16, 2*len(old)))
		for _, o := range old {
			if o != 0 {
				s.slots[s.find(o)] = o
			}
		}
	}
	s.slots[s.find(where)] = where
	s.n++
}

func (s *places) all() (all []uint64) {
	if s.zero {
		all = append(all, 0)
	}
	for _, o := range s.slots {
		if o != 0 {
			all = append(all, o)
		}
	}
	slices.Sort(all)
	return all
}
