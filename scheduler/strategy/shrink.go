package strategy

import "slices"

// Shrink looks for decisions that still fail and have fewer switches or, with as many, are
// fewer: what is not decided goes on by itself, as [Replay] has it. A switch that is not
// forced is a preemption, and those are what one must understand. It is deterministic, and
// returns d itself if nothing smaller fails.
//
// fails is asked about each candidate: it should replay it and say whether it failed as the
// one to be shrunk did, no matter whether it fits. No candidate is asked about twice. To stop
// early, say no from then on.
func Shrink(d Decisions, fails func(Decisions) bool) Decisions {
	s := shrinking{best: d.stretches(), fails: fails, asked: map[string]bool{d.String(): true}}
	for {
		before := join(s.best)
		s.cut()
		s.drop()
		s.absorb()
		s.gather()
		s.shorten()
		if after := join(s.best); slices.Equal(before, after) {
			return after
		}
	}
}

type shrinking struct {
	best  []stretch // the least that fails
	fails func(Decisions) bool
	asked map[string]bool
}

// try takes a candidate if it is smaller, and fails.
func (s *shrinking) try(stretches []stretch) bool {
	d := join(stretches)
	c, b := d.Switches(), len(s.best)-1
	if c > b || c == b && len(d) >= length(s.best) || s.asked[d.String()] {
		return false
	}
	s.asked[d.String()] = true
	if !s.fails(d) {
		return false
	}
	s.best = d.stretches()
	return true
}

func length(stretches []stretch) (n int) {
	for _, s := range stretches {
		n += s.times
	}
	return n
}

// cut leaves out the end, as much of it as can be.
func (s *shrinking) cut() {
	for n := len(s.best); n > 0; {
		if n > len(s.best) || !s.try(s.best[:len(s.best)-n]) {
			n /= 2
		}
	}
}

// drop leaves out stretches: half of them, a quarter, and so on.
func (s *shrinking) drop() {
	for n := len(s.best) / 2; n > 0; n /= 2 {
		for i := 0; i+n <= len(s.best); {
			if !s.try(slices.Delete(slices.Clone(s.best), i, i+n)) {
				i++
			}
		}
	}
}

// absorb gives a stretch to the worker of the one before, or behind.
func (s *shrinking) absorb() {
	for i := 0; i < len(s.best); {
		if !s.give(i, i-1) && !s.give(i, i+1) {
			i++
		}
	}
}

func (s *shrinking) give(i, to int) bool {
	if to < 0 || to >= len(s.best) {
		return false
	}
	candidate := slices.Clone(s.best)
	candidate[i].worker = candidate[to].worker
	return s.try(candidate)
}

// gather does two stretches of one worker in a row: the later one earlier, or the earlier
// one later.
func (s *shrinking) gather() {
	for i := 0; i < len(s.best); i++ {
		for j := i + 2; j < len(s.best); j++ {
			a, b := s.best[i], s.best[j]
			if a.worker != b.worker {
				continue
			}
			without := slices.Delete(slices.Clone(s.best), j, j+1)
			if s.try(slices.Insert(without, i, b)) {
				break
			}
			if s.try(slices.Delete(slices.Insert(slices.Clone(s.best), j, a), i, i+1)) {
				break
			}
		}
	}
}

// shorten makes stretches of fewer decisions.
func (s *shrinking) shorten() {
	for i := 0; i < len(s.best); i++ {
		for n := s.best[i].times / 2; n > 0; {
			candidate := slices.Clone(s.best)
			if i >= len(candidate) || candidate[i].times <= n {
				n /= 2
				continue
			}
			if candidate[i].times -= n; !s.try(candidate) {
				n /= 2
			}
		}
	}
}
