package soak

import (
	"context"
	"slices"
	"time"

	"github.com/mapstress/mapstress/internal/search"
	"github.com/mapstress/mapstress/scenarios"
)

// searchSlice searches for one slice, and enters what came of it in the books.
func (s *soak) searchSlice(ctx context.Context, sl slice) error {
	c, err := s.slice(sl)
	if err != nil {
		return err
	}
	started := s.now()
	report, err := s.Work.Search(ctx, *c)
	s.enter(sl, report, s.now().Sub(started))
	s.saved()
	return err
}

// slice says what to search in a slice.
func (s *soak) slice(sl slice) (*search.Config, error) {
	c := &search.Config{
		Duration: sl.time, Seed: sl.seed, Store: s.store, SkipKept: true, Boundaries: s.grows,
		ShrinkTime: -1, // see shrinkNew: a slice may end sooner than that
		OnFinding:  s.found,
		OnProblem:  s.problem,
		OnProgress: s.progress, Every: 500 * time.Millisecond,
	}
	doing := "free search"
	targets := s.state.Targets
	if sl.target != "" {
		doing, targets = sl.target+": "+sl.scenario, []string{sl.target}
	}
	for _, name := range targets {
		c.Targets = append(c.Targets, *s.targets[name])
	}
	names := s.state.Scenarios
	if sl.scenario != "" {
		names = []string{sl.scenario}
	}
	for _, name := range names {
		scenario, err := scenarios.Find(name)
		if err != nil {
			return nil, err
		}
		c.Scenarios = append(c.Scenarios, scenario)
	}
	s.does(doing)
	return c, nil
}

// progress notes where the slice is.
func (s *soak) progress(p search.Progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live = p
}

// enter adds a slice's report to the books.
func (s *soak) enter(sl slice, r *search.Report, took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live = search.Progress{}
	if r != nil && sl.time < maxSlice && r.Runs() == 0 {
		s.slow++ // its children had hardly begun: again, with more time
		return
	}
	s.state.Slices++
	if r == nil {
		return
	}
	if r.Environment.Go != "" {
		s.state.Environment = r.Environment
	}
	for i := range r.Targets {
		t := &r.Targets[i]
		if t.Tally.Runs > 0 {
			s.learnGrowth(t)
		}
		books := s.state.searched(t.Target)
		books.add(s.targets[t.Target], t)
		part := books.part(sl.scenario)
		part.Slices++
		part.Elapsed += search.Duration(took) / search.Duration(len(r.Targets))
		part.Tally.Add(t.Tally)
		for j := range t.Findings {
			s.count(&t.Findings[j])
		}
	}
	for i := range s.state.Findings {
		s.state.Findings[i].live, s.state.Findings[i].provisional = false, 0
	}
}

// learnGrowth has no more probes made of a target once two agree: one may have
// failed, or been disturbed.
func (s *soak) learnGrowth(t *search.TargetReport) {
	if last, ok := s.probed[t.Target]; ok && slices.Equal(last.Up, t.Boundaries.Up) && slices.Equal(last.Down, t.Boundaries.Down) {
		s.grows[t.Target] = last
	}
	s.probed[t.Target] = t.Boundaries
}
