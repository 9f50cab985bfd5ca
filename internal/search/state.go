package search

import (
	"hash/fnv"
	"sync"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/scenarios"
)

// A state is what the search knows of one target.
type state struct {
	target   *wire.Description
	prepare  sync.Once       // before the first turn
	broken   error           // set by prepare: why there can be no turns
	space    scenarios.Space // set by prepare
	mix      *scenarios.Mix  // set by prepare
	policy   source          // set by prepare
	gate     sync.Once       // before the first controlled run
	shut     error           // set by gate: why there can be none
	unsteady sync.Once       // told that it is shut for that
	newer    bool            // set by prepare: a newer version's learned file is there, and must stay

	// What follows is guarded by search.mu.

	seed    uint64
	tried   uint64        // schedules generated so far
	few     uint64        // those of a few ops, for controlled runs
	granted uint64        // runs done or given to a lane to do, if they are limited
	used    time.Duration // time spent on the target
	report  TargetReport
	claims  map[string]bool // signatures of findings that are kept or being looked at

	loud       []*corpus.Case // kept cases with noise, for which there was no lane yet
	budget     budget         // of the ways to run
	shares     wire.Shares    // of controlled runs
	seen       history.Seen   // what all runs have shown
	accounts   accounts
	bandit     bandit
	pool       pool
	remembered time.Time // when what was learned was last written
}

func newState(c *Config, d *wire.Description) *state {
	name := fnv.New64a()
	name.Write([]byte(d.Name))
	return &state{
		target: d,
		seed:   c.Seed ^ name.Sum64(),
		report: TargetReport{Target: d.Name, Unsafe: d.Contract.Unsafe, Findings: []Finding{}},
		claims: map[string]bool{},
	}
}

// take returns the target that has had the least time, or nil if none wants
// any more.
func (s *search) take() *state {
	s.mu.Lock()
	defer s.mu.Unlock()
	var least *state
	for _, t := range s.targets {
		if s.Runs > 0 && t.granted >= s.Runs {
			continue
		}
		if least == nil || t.used < least.used {
			least = t
		}
	}
	if least != nil {
		s.current = least.target.Name
		least.used++ // so that another lane takes another one
	}
	return least
}

// grant gives a lane some of the runs that a target has left.
func (s *search) grant(t *state) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := min(s.Runs-min(t.granted, s.Runs), runsPerTry)
	t.granted += n
	return int(n)
}

// giveBack returns granted runs that were not done.
func (s *search) giveBack(t *state, granted int, done uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.granted -= uint64(granted) - min(done, uint64(granted))
}

// record adds the outcome of a job to a target's books, and returns how many kinds
// of meeting it showed for the first time. What the job found counts for the
// findings that are known; new ones are for examine.
func (s *search) record(t *state, o *child.Outcome) (fresh int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fresh = t.seen.Add(&o.Seen)
	t.report.Tally.Add(o.Tally)
	t.report.CPU += Duration(o.CPU)
	t.report.Deaths += o.Deaths
	t.report.Lost += o.Lost
	t.report.Stalled = max(t.report.Stalled, Duration(o.Stalled))
	t.shares.Add(&o.Shares)
	t.count(o, s.Engine == Controlled)
	return fresh
}

// spent notes how long a turn took.
func (s *search) spent(t *state, d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.used += d
}

// claim reserves a signature for whoever asks first.
func (s *search) claim(t *state, signature string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.claims[signature] {
		return false
	}
	t.claims[signature] = true
	return true
}

// unclaim gives a signature back that could not be confirmed.
func (s *search) unclaim(t *state, signature string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(t.claims, signature)
	t.report.Unconfirmed++
}

// publish adds a finding to the report, or replaces the one with its signature,
// and tells the observer.
func (s *search) publish(t *state, f Finding) {
	s.mu.Lock()
	defer s.mu.Unlock()
	replaced := false
	for i := range t.report.Findings {
		if known := &t.report.Findings[i]; known.signature == f.signature {
			f.Count = known.Count
			*known, replaced = f, true
		}
	}
	if !replaced {
		t.report.Findings = append(t.report.Findings, f)
	}
	if s.OnFinding != nil {
		s.OnFinding(f)
	}
	if s.StopOnFinding && !f.Unsafe && f.Final {
		s.stop()
	}
}

// reportProgress tells the observer where the search is, until over is closed.
func (s *search) reportProgress(over <-chan struct{}) {
	every := s.Every
	if every == 0 {
		every = 3 * time.Second
	}
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			s.mu.Lock()
			if s.OnProgress != nil {
				s.OnProgress(s.progress())
			}
			s.mu.Unlock()
		case <-over:
			return
		}
	}
}

// progress sums up all targets; s.mu must be held.
func (s *search) progress() Progress {
	p := Progress{Elapsed: Duration(time.Since(s.started)), Target: s.current, After: s.after}
	for _, t := range s.targets {
		p.Tally.Add(t.report.Tally)
		p.Deaths += t.report.Deaths
		p.Findings += len(t.report.Findings)
	}
	return p
}

func (s *search) report(interrupted bool) *Report {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := &Report{
		Seed: s.Seed, Elapsed: Duration(s.elapsed), Interrupted: interrupted,
		Environment: s.environment, Without: s.Without,
	}
	for _, t := range s.targets {
		t.report.Schedules = int(t.tried)
		t.report.Seen = t.seen
		t.report.PairsSeen, t.report.Pairs = Pairs(t.target, &t.seen)
		if s.Explain {
			t.report.Strategies = t.strategies()
		}
		if s.Explain && t.mix != nil {
			t.report.Choices = t.accounts.list(t.mix)
		}
		r.Targets = append(r.Targets, t.report)
	}
	return r
}
