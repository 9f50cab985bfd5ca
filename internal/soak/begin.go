package soak

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/internal/dirlock"
	"github.com/mapstress/mapstress/internal/search"
	"github.com/mapstress/mapstress/scenarios"
)

// A soak is one soak under way.
type soak struct {
	Config
	names   Files
	store   *corpus.Store
	plan    plan
	targets map[string]*wire.Description  // the soak's; does not change
	probed  map[string]history.Boundaries // the working goroutine's; what the last probe of each target found
	grows   map[string]history.Boundaries // the working goroutine's; on which two probes agreed
	slow    int                           // the working goroutine's; how often the slices were made twice as long
	ready   bool                          // the working goroutine's; children for controlled runs are built
	refused map[string]bool               // the working goroutine's; targets without controlled runs after all
	began   time.Time
	before  time.Duration // used before it was resumed
	resume  bool
	unlock  func()

	disk sync.Mutex // held while the files are written, and before mu if both are

	mu          sync.Mutex
	state       *State          // guarded by mu, but Slices and what was asked for: the working goroutine's
	live        search.Progress // guarded by mu; of the slice under way
	doing       string          // guarded by mu
	told        map[string]bool // guarded by mu; problems, each of which is told once
	interrupted bool            // guarded by mu
}

// begin locks the directory, and reads or makes the state.
func begin(ctx context.Context, c Config) (*soak, error) {
	if c.Duration < 0 || c.ReplayTime < 0 {
		return nil, fmt.Errorf("duration %v and replay time %v must not be negative", c.Duration, c.ReplayTime)
	}
	c.defaults()
	s := &soak{Config: c, names: c.files(), told: map[string]bool{}, targets: map[string]*wire.Description{}, probed: map[string]history.Boundaries{}, grows: map[string]history.Boundaries{}, refused: map[string]bool{}}
	if err := os.MkdirAll(c.Dir, 0o777); err != nil {
		return nil, fmt.Errorf("make the directory of a soak: %w", err)
	}
	if err := s.lock(); err != nil {
		return nil, err
	}
	removeTemps(c.Dir)
	err := s.load()
	var parts []part
	if err == nil {
		parts, err = s.parts(ctx)
		if err != nil && s.resume {
			err = fmt.Errorf("%s: go on with the soak that is not finished: %w; begin anew, or take another directory", s.names.State, err)
		}
	}
	if err != nil {
		s.unlock()
		return nil, err
	}
	s.store = corpus.Open(s.state.Corpus)
	s.plan = newPlan(s.state.Seed, parts, time.Duration(s.state.Duration))
	s.before = time.Duration(s.state.Used)
	s.began = s.now()
	return s, nil
}

func (c *Config) defaults() {
	if c.ReplayTime == 0 {
		c.ReplayTime = defaultReplayTime
	}
	if c.Every == 0 {
		c.Every = defaultEvery
	}
	if c.now == nil {
		c.now = time.Now
	}
}

func (s *soak) lock() error {
	unlock, err := dirlock.Lock(s.Dir)
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		s.unlock = func() {}
	case errors.Is(err, dirlock.ErrLocked):
		return fmt.Errorf("another soak is at work in %s; want another directory", s.Dir)
	case err != nil:
		return err
	default:
		s.unlock = unlock
	}
	return nil
}

// load reads the state of a soak that is to go on, or makes that of a new one.
func (s *soak) load() error {
	data, err := os.ReadFile(s.names.State)
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && s.Fresh:
		s.state = s.newState()
		return nil
	case err != nil:
		return fmt.Errorf("read the state of a soak: %w", err)
	}
	old, err := parseState(data)
	if err != nil {
		return fmt.Errorf("%s: %w; it is left as it is", s.names.State, err)
	}
	if old.Done {
		s.state = s.newState()
		return nil
	}
	if err := s.agrees(old); err != nil {
		return fmt.Errorf("%s: %w; go on with the same, begin anew, or take another directory", s.names.State, err)
	}
	s.state, s.resume = old, true
	return nil
}

func (s *soak) newState() *State {
	st := &State{
		Format: stateFormat, Version: stateVersion,
		Seed: s.Seed, Duration: search.Duration(s.Duration), Targets: s.Targets, Scenarios: s.Scenarios, Corpus: s.Corpus,
		Cases: []Case{}, Findings: []Finding{},
	}
	if st.Seed == 0 {
		st.Seed = s.Draw()
	}
	if st.Duration == 0 {
		st.Duration = search.Duration(DefaultDuration)
	}
	if st.Corpus == "" {
		st.Corpus = DefaultCorpus
	}
	least := leastControlled
	if s.Work.Quick {
		least = leastQuick
	}
	st.Controlled = s.Work.BuildControlled != nil && time.Duration(st.Duration) >= least
	if len(st.Targets) == 0 {
		st.Targets = s.Default
	}
	if len(st.Scenarios) == 0 {
		for _, sc := range scenarios.All() {
			st.Scenarios = append(st.Scenarios, sc.Name)
		}
	}
	for _, name := range st.Targets {
		t := Searched{TargetReport: search.TargetReport{Target: name, Findings: []search.Finding{}}, Parts: []Exercise{{Fits: true}}}
		for _, scenario := range st.Scenarios {
			t.Parts = append(t.Parts, Exercise{Scenario: scenario})
		}
		st.Searched = append(st.Searched, t)
	}
	return st
}

// agrees says what of the configuration is not as it was.
func (s *soak) agrees(old *State) error {
	differs := func(what string, was, wanted any) error {
		return fmt.Errorf("the soak that is not finished has %s %v, not %v", what, was, wanted)
	}
	switch {
	case s.Duration != 0 && s.Duration != time.Duration(old.Duration):
		return differs("the duration", time.Duration(old.Duration), s.Duration)
	case s.Seed != 0 && s.Seed != old.Seed:
		return differs("the seed", old.Seed, s.Seed)
	case s.Corpus != "" && s.Corpus != old.Corpus:
		return differs("the corpus", old.Corpus, s.Corpus)
	case len(s.Targets) > 0 && !slices.Equal(s.Targets, old.Targets):
		return differs("the targets", strings.Join(old.Targets, " "), strings.Join(s.Targets, " "))
	case len(s.Scenarios) > 0 && !slices.Equal(s.Scenarios, old.Scenarios):
		return differs("the scenarios", strings.Join(old.Scenarios, ","), strings.Join(s.Scenarios, ","))
	}
	return nil
}

// parts finds out which scenarios fit which target, and which have controlled runs, and notes it in
// the books.
func (s *soak) parts(ctx context.Context) (parts []part, err error) {
	all, err := s.Work.Describe(ctx, s.state.Targets)
	if err != nil {
		return nil, err
	}
	for i := range s.state.Searched {
		t, d := &s.state.Searched[i], &all[i]
		s.targets[t.Target], t.Unsafe = d, d.Contract.Unsafe
		p := part{target: t.Target, controlled: s.state.Controlled && !t.Unsafe}
		if p.controlled && t.part(search.ControlledScenario) == nil {
			t.Parts = append(t.Parts, Exercise{Scenario: search.ControlledScenario, Fits: true})
		}
		space := scenarios.SpaceOf(d.Variants, history.Boundaries{}, runtime.NumCPU()).Under(&d.Contract)
		for _, name := range s.state.Scenarios {
			scenario, err := scenarios.Find(name)
			if err != nil {
				return nil, err
			}
			if exercise := t.part(name); exercise != nil && scenario.Fits(space) {
				exercise.Fits = true
				p.scenarios = append(p.scenarios, name)
			}
		}
		if len(p.scenarios) == 0 {
			return nil, fmt.Errorf("target %s: none of the %d chosen scenarios fits what it can do: %v",
				t.Target, len(s.state.Scenarios), d.Variants[0].Kinds)
		}
		parts = append(parts, p)
	}
	return parts, nil
}
