package shrink

import (
	"context"
	"slices"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/scenarios"
)

// reduce makes the schedule smaller until nothing that the passes propose fails
// often enough, at the last step of the ladder. It reports whether it came so far,
// or ran out of time.
func (s *shrinking) reduce(ctx context.Context) (done bool, err error) {
	for {
		progress, late, err := s.eachPass(ctx)
		if err != nil || late {
			return false, err
		}
		if progress || s.open {
			continue
		}
		sound, late, err := s.checkControl(ctx)
		if err != nil || late {
			return false, err
		}
		if sound && !s.down() {
			return true, nil
		}
	}
}

// eachPass lets each pass help as long as it does. Those with many candidates, of
// which few are any good, have their turn when no other helps.
func (s *shrinking) eachPass(ctx context.Context) (progress, late bool, err error) {
	passes, paid := s.passes(), map[string]bool{}
	s.open = false
	for _, pass := range passes {
		if progress && slices.Contains(lastResort, pass.Name) {
			break
		}
		helped, late, err := s.exhaust(ctx, pass)
		if progress, paid[pass.Name] = progress || helped, helped; late || err != nil {
			return progress, late, err
		}
	}
	s.paid = paid
	return progress, false, nil
}

// exhaust lets one pass help as long as it does.
func (s *shrinking) exhaust(ctx context.Context, pass scenarios.Pass) (helped, late bool, err error) {
	for at := (place{}); ; {
		t, err := s.attempt(ctx, pass, at)
		if err != nil || t == nil {
			return helped, false, err
		}
		if t.decision == undecided {
			return helped, true, nil
		}
		helped, at = true, t.place
	}
}

// passes returns the passes, those that helped in the last round first. Once the
// timing plan is amplified it stays as it is.
func (s *shrinking) passes() []scenarios.Pass {
	all := passes(s.Space, func() *corpus.Case { return s.best })
	if s.best.Shrunk.Amplified {
		all = slices.DeleteFunc(all, func(p scenarios.Pass) bool { return slices.Contains(amplified, p.Name) })
	}
	turn := func(p scenarios.Pass) int {
		switch {
		case slices.Contains(lastResort, p.Name):
			return 2
		case s.paid[p.Name]:
			return 0
		}
		return 1
	}
	slices.SortStableFunc(all, func(a, b scenarios.Pass) int { return turn(a) - turn(b) })
	return all
}

// passes returns those that know the failing run of a case, and those that do not.
func passes(space scenarios.Space, of func() *corpus.Case) []scenarios.Pass {
	return append([]scenarios.Pass{windows(space, of), likely(space, of)}, scenarios.Passes(space)...)
}

// lastResort are the passes that propose most, or what seldom helps.
var lastResort = []string{"move", "before", "pairs"}

// amplified are the passes that would take back what amplify does.
var amplified = []string{"timing", "procs", "prefill"}

// attempt returns the first candidate of a pass that was taken, and has become the
// best; nil if there was none, and an undecided one if time ran out.
func (s *shrinking) attempt(ctx context.Context, pass scenarios.Pass, from place) (*trial, error) {
	t := s.first(ctx, s.proposals(pass, from), s.pass)
	if t == nil {
		return nil, nil
	}
	if t.err != nil {
		return nil, t.err
	}
	if t.decision == taken {
		s.tell(t)
		s.clock(&t.seen)
		s.level *= s.part(t.schedule)
		s.raise(t.met(), shorter(t.schedule, s.best.Schedule))
		s.take(t.schedule, t.failing, t.Rate)
		s.save()
	}
	return t, nil
}

// proposals returns the candidates of a pass one by one, from a place on, without those
// that are known to be refused; in the end nil.
func (s *shrinking) proposals(pass scenarios.Pass, from place) func() *trial {
	walk, ops := newWalk(pass, s.best.Schedule, from), s.best.Schedule.Ops()
	return func() *trial {
		for schedule, text, at := walk.next(); schedule != nil; schedule, text, at = walk.next() {
			if s.bold && !isBold(pass.Name, at.cut, ops) {
				continue
			}
			t := &trial{pass: pass.Name, schedule: schedule, text: text, need: s.need(schedule), place: at}
			if !s.wasRefused(t) {
				return t
			}
		}
		return nil
	}
}

// wasRefused reports whether it is known that the candidate does not fail often
// enough, and gives it the record of its earlier runs.
func (s *shrinking) wasRefused(t *trial) bool {
	r, ok := s.records[t.text]
	if !ok {
		if !s.before[hash(t.text)] {
			return false
		}
		r = &record{refused: t.need}
		s.records[t.text] = r
	}
	t.record = *r
	if r.refused == 0 || r.refused > t.need {
		return false
	}
	s.round.add(t.text)
	return true
}

// pass notes that a candidate does not fail often enough, or that it is not known yet.
func (s *shrinking) pass(t *trial) {
	r := t.record
	s.records[t.text] = &r
	if t.decision == putOff {
		s.open = true
		return
	}
	r.refused = t.need
	s.round.add(t.text)
	s.tell(t)
}

func (s *shrinking) tell(t *trial) {
	if s.Tried != nil {
		s.Tried(Step{Pass: t.pass, Schedule: t.schedule, Rate: t.Rate, Accepted: t.decision == taken})
	}
}
