package search

import (
	"context"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/child"
)

// A keptCase is an earlier search's that has decisions, in a search whose workers run free: it is
// run by them once there are children that can.
type keptCase struct {
	of   *state
	text *corpus.Case
}

// laterDecided notes the cases that have decisions, and has the children built for them; or runs
// them at once, if there is nothing to build. It returns the others.
func (l *lane) laterDecided(ctx context.Context, t *state, cases []*corpus.Case) (others []*corpus.Case, err error) {
	a := &l.attempts
	a.mu.Lock()
	for _, c := range cases {
		if c.Decisions == "" {
			others = append(others, c)
		} else {
			a.kept = append(a.kept, keptCase{t, c})
		}
	}
	n := len(a.kept)
	a.mu.Unlock()
	if n == 0 {
		return others, nil
	}
	a.begin()
	if l.Ready {
		<-a.built
		err = l.runKept(ctx, l.replayFree)
	}
	return others, err
}

// nextKept returns the next of them.
func (a *attempts) nextKept() (k keptCase, ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.kept) == 0 {
		return k, false
	}
	k, a.kept = a.kept[0], a.kept[1:]
	return k, true
}

// runKept runs the kept cases that wait, once children have been built; or free, if there can be
// none and somebody is there to do that. The error is free's.
func (s *search) runKept(ctx context.Context, free func(context.Context, *state, *corpus.Case) error) error {
	a := &s.attempts
	var session *child.Session
	for ctx.Err() == nil {
		k, ok := a.nextKept()
		if !ok {
			break
		}
		err := a.failed
		if err == nil && session == nil {
			if session, err = child.NewSession(a.with); err == nil {
				defer session.Close()
			}
		}
		if err == nil {
			_, err = s.replayDecided(s.whole, session, k.of, k.text)
		}
		if err == nil {
			continue
		}
		a.apology.Do(func() { s.problem("kept cases are not run by their decisions: %w", err) })
		if free != nil {
			if err := free(ctx, k.of, k.text); err != nil {
				return err
			}
		}
	}
	return nil
}

// hasBug reports whether the search may end since it has found something.
func (s *search) hasBug() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.targets {
		if s.StopOnFinding && !t.target.Contract.Unsafe && len(t.report.Findings) > 0 {
			return true
		}
	}
	return false
}
