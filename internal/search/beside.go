package search

import (
	"errors"
	"time"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/child/wire"
)

// Some bugs want a worker stopped between two lines for as long as another takes to grow the
// map. Free runs meet them once in millions, and controlled ones once in thousands. So a search of
// Auto that has gone on for a while gives a share of its turns to controlled runs of a few ops. Noise
// within ops is between the two, and has a share, too, by the same children.

// Beside is what controlled runs came to that a search of free ones had beside them.
type Beside struct {
	Schedules int        `json:"schedules"`
	Tally     wire.Tally `json:"runs"`
	CPU       Duration   `json:"cpu"`
}

func (b *Beside) add(c *Beside) {
	b.Schedules += c.Schedules
	b.Tally.Add(c.Tally)
	b.CPU += c.CPU
}

// besides is Beside, which there is then.
func (t *TargetReport) besides() *Beside {
	if t.Beside == nil {
		t.Beside = &Beside{}
	}
	return t.Beside
}

// AsBeside tells of a search of controlled runs as of one that had them beside no others.
func (t *TargetReport) AsBeside() *TargetReport {
	u := *t
	u.Beside = &Beside{t.Schedules, t.Tally, t.CPU}
	u.Schedules, u.Tally, u.CPU, u.Seen = 0, wire.Tally{}, 0, history.Seen{}
	return &u
}

// besideAfter is how long a search goes on without controlled runs; false if it has none. The
// children take some 20 s of CPU to build the first time on a machine, which a short search has no
// use for, and 1 to 2 s from then on.
func (c *Config) besideAfter() (time.Duration, bool) {
	wait, least := 5*time.Second, 40*time.Second
	if c.Quick && c.Duration > 0 {
		wait, least = min(wait, c.Duration/8), 12*time.Second
	}
	switch {
	case c.BesideAfter > 0:
		return c.BesideAfter, c.Engine == Auto
	case c.Engine != Auto || c.Runs > 0 || c.Duration > 0 && c.Duration < least:
		return 0, false
	}
	return wait, true
}

// beside returns the lane of controlled runs, or of noisy ones, whose turn it is with a target, if
// it is. It has children built for it when there are none. Surveys have no use for it.
func (l *lane) beside(t *state) *lane {
	after, ok := l.besideAfter()
	if !ok || t.target.Contract.Unsafe || time.Since(l.started) < after || !l.begun(t) {
		return nil
	}
	children, err := l.attempts.children()
	if err == nil && children == nil { // not yet
		return nil
	}
	if l.refused {
		return nil
	}
	turn := l.nextWay(t, [ways]bool{freely: true, noisily: !l.noisy && !l.race, byDecision: !l.unsteady(t)})
	if turn == freely {
		return nil
	}
	if l.other == nil {
		var session *child.Session
		if err == nil {
			session, err = child.NewSession(*children)
		}
		if err != nil {
			l.refuse(err)
			return nil
		}
		l.other = &lane{search: l.search, session: session, goVersion: l.goVersion, controlled: true}
		l.louder = &lane{search: l.search, session: session, goVersion: l.goVersion, noisy: true}
	}
	if turn == byDecision {
		return l.other
	}
	return l.louder
}

// begun reports whether a target has been searched, and so is prepared.
func (s *search) begun(t *state) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return t.tried > 0
}

// without goes on without what ended with an error beside the lane's own runs: a target's controlled
// runs, if they are not the same in each process, which is told by one lane; else all.
func (l *lane) without(t *state, err error) {
	var unsteady *UnsteadyError
	if !errors.As(err, &unsteady) {
		l.refuse(err)
		return
	}
	t.unsteady.Do(func() {
		l.problem("no controlled runs of %s beside the free ones: %w", t.target.Name, err)
	})
}

// refuse ends the controlled runs beside the lane's own, of which a search is no less
// than one of Stress.
func (l *lane) refuse(err error) {
	l.refused = true
	l.problem("neither controlled runs nor noise beside the free ones: %w", err)
}

// recordControlled is record for controlled runs.
func (s *search) recordControlled(t *state, o *child.Outcome) {
	if s.Engine == Controlled {
		s.record(t, o)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t.shares.Add(&o.Shares)
	t.report.besides().add(&Beside{1, o.Tally, Duration(o.CPU)})
	t.report.Deaths += o.Deaths
	t.report.Lost += o.Lost
	t.count(o, true)
}

// count adds to the findings that free runs, or controlled ones, have had, how often they
// had them again.
func (t *state) count(o *child.Outcome, controlled bool) {
	for i := range t.report.Findings {
		f := &t.report.Findings[i]
		if f.decided != controlled {
			continue
		}
		f.Count += o.Counts[f.signature]
		if f.also != "" {
			f.Count += o.Counts[f.also]
		}
	}
}

// Of returns the runs among which a finding was counted, and the CPU time that they took.
func (t *TargetReport) Of(f *Finding) (runs uint64, cpu Duration) {
	if t.Beside != nil && f.Strategy != "" {
		return t.Beside.Tally.Runs, t.Beside.CPU
	}
	return t.Tally.Runs, t.CPU
}
