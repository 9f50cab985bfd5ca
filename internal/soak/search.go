package soak

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/mapstress/mapstress/internal/search"
	"github.com/mapstress/mapstress/scenarios"
)

// searchSlice searches for one slice, and enters what came of it in the books.
func (s *soak) searchSlice(ctx context.Context, sl slice) error {
	if sl.controlled && !s.controllable(ctx, sl.target) {
		if ctx.Err() == nil {
			s.pass()
		}
		return nil
	}
	c, err := s.slice(sl)
	if err != nil {
		return err
	}
	started := s.now()
	report, err := s.Work.Search(ctx, *c)
	if sl.controlled && err != nil {
		s.refuse(sl.target, err)
		err = nil
	}
	s.enter(sl, report, s.now().Sub(started))
	s.saved()
	return err
}

// controllable reports whether a target has controlled runs, and has the children for them built
// if they are the first.
func (s *soak) controllable(ctx context.Context, target string) bool {
	if !s.ready && !s.refused[target] {
		s.does("build children for controlled runs")
		if err := s.Work.BuildControlled(ctx, s.state.Targets); err != nil {
			if ctx.Err() == nil {
				s.problem(fmt.Errorf("no controlled runs: %w", err))
				for _, name := range s.plan.decidable {
					s.refused[name] = true
				}
			}
			return false
		}
		s.ready = true
	}
	return !s.refused[target]
}

// refuse goes on without controlled runs of a target. Those that are made freely are none the worse.
func (s *soak) refuse(target string, err error) {
	s.refused[target] = true
	s.problem(fmt.Errorf("no controlled runs of %s: %w", target, err))
}

// pass goes on to the next slice.
func (s *soak) pass() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.Slices++
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
	if sl.controlled {
		doing, c.Engine, c.OnProgress = sl.target+": controlled runs", search.Controlled, nil
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
	if r != nil && sl.time < maxSlice && r.Runs() == 0 && !s.refused[sl.target] {
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
		part := books.part(sl.scenario)
		if sl.controlled {
			part = books.part(search.ControlledScenario)
		}
		part.Slices++
		part.Elapsed += search.Duration(took) / search.Duration(len(r.Targets))
		part.Tally.Add(t.Tally)
		if sl.controlled {
			t = t.AsBeside()
		}
		books.add(s.targets[t.Target], t)
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
