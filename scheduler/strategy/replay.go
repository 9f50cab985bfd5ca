package strategy

import (
	"fmt"
	"slices"
)

// Replay picks what a list of decisions says, run after run. After its end, and where a run
// does not fit it, a worker goes on as long as it can and then the next one does, so that
// this, too, is the same each time.
//
// Guarantee: a program that does the same each time, as it must if only its workers' order
// is left to chance, runs the same interleaving again; if it does not, [Replay.Err] says
// where the run first was another one, unless it was so in ways that no decision shows.
type Replay struct {
	decisions Decisions
	at        int
	beyond    int
	err       error
}

// NewReplay returns a replay of decisions, of which it makes no copy.
func NewReplay(d Decisions) *Replay { return &Replay{decisions: d} }

func (s *Replay) Begin(int) bool {
	s.at, s.beyond, s.err = 0, 0, nil
	return true
}

func (s *Replay) Pick(v *View) int {
	if s.at == len(s.decisions) {
		s.beyond++
		return stay(v)
	}
	w := s.decisions[s.at]
	s.at++
	if slices.Contains(v.Enabled, w) {
		return w
	}
	if s.err == nil {
		s.err = &Misfit{Decision: s.at, Of: len(s.decisions), Worker: w, Enabled: slices.Clone(v.Enabled)}
	}
	return stay(v)
}

func (s *Replay) Step(int, Point) {}

func (s *Replay) Finish() {
	if s.at < len(s.decisions) && s.err == nil {
		s.err = &Misfit{Decision: s.at + 1, Of: len(s.decisions), Worker: s.decisions[s.at]}
	}
}

// Err says how the last run did not fit the decisions, if it did not: it is nil or a *[Misfit].
func (s *Replay) Err() error { return s.err }

// Beyond is how many decisions the last run had more than the list. A list that was not cut
// short has all of them, so that 0 is to be expected.
func (s *Replay) Beyond() int { return s.beyond }

// stay picks as most programs run: the current worker, as long as it can go on and has not
// yielded, and then the one that is numbered next.
func stay(v *View) int {
	if v.Stays && !v.Yields {
		return v.Current
	}
	for _, w := range v.Enabled {
		if w > v.Current {
			return w
		}
	}
	return v.Enabled[0]
}

// A Misfit tells where a run was another one than that of the decisions.
type Misfit struct {
	Decision, Of int   // the first is 1
	Worker       int   // that was to go on
	Enabled      []int // those that could; none if the run had ended
}

func (m *Misfit) Error() string {
	if m.Enabled == nil {
		return fmt.Sprintf("the run ended after %d of %d decisions", m.Decision-1, m.Of)
	}
	return fmt.Sprintf("decision %d of %d: worker %d was to go on, and only %v could", m.Decision, m.Of, m.Worker, m.Enabled)
}
