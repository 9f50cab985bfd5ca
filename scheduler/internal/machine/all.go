package machine

import "github.com/mapstress/mapstress/scheduler/strategy"

// All makes every run there is of a program, in the plainest way, as long as visit returns
// true: depth first, nothing left out. A program with a spin loop has no last run.
func All(m *Machine, visit func(Result) bool) {
	var s every
	for {
		r, ok := m.Run(&s)
		if !ok || !visit(r) {
			return
		}
	}
}

// every is that search, as a strategy.
type every struct {
	choices []choice
	depth   int
	ended   bool
}

type choice struct {
	enabled []int
	next    int
}

func (s *every) Begin(int) bool {
	s.depth = 0
	return !s.ended
}

func (s *every) Pick(v *strategy.View) int {
	if s.depth == len(s.choices) {
		s.choices = append(s.choices, choice{enabled: append([]int(nil), v.Enabled...)})
	}
	c := &s.choices[s.depth]
	s.depth++
	return c.enabled[c.next]
}

func (s *every) Step(int, strategy.Point) {}

func (s *every) Finish() {
	for n := len(s.choices); n > 0; n-- {
		c := &s.choices[n-1]
		if c.next++; c.next < len(c.enabled) {
			return
		}
		s.choices = s.choices[:n-1]
	}
	s.ended = true
}
