package soak

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/mapstress/mapstress/internal/search"
	"github.com/mapstress/mapstress/oracle"
)

// Title names a verdict: "silent-corruption: lost-key".
func Title(v oracle.Verdict) string {
	if v.Rule == "" {
		return v.Class.String()
	}
	return v.Class.String() + ": " + v.Rule
}

// used is the time spent so far, before it was resumed too.
func (s *soak) used() time.Duration { return s.before + s.now().Sub(s.began) }

// left is the time that is left for work.
func (s *soak) left() time.Duration {
	duration := time.Duration(s.state.Duration)
	return duration - closing(duration) - s.used()
}

// watch writes down the time, and tells of the progress, until over is closed.
func (s *soak) watch(over <-chan struct{}) {
	ticks := s.ticks
	if ticks == nil {
		ticker := time.NewTicker(min(time.Second, s.Every))
		defer ticker.Stop()
		ticks = ticker.C
	}
	last := s.began
	for {
		select {
		case now := <-ticks:
			if err := s.saveState(); err != nil {
				s.problem(err)
			}
			if now.Sub(last) > s.Every-100*time.Millisecond {
				last = now
				s.tellProgress()
			}
		case <-over:
			return
		}
	}
}

func (s *soak) tellProgress() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.OnProgress == nil {
		return
	}
	p := Progress{
		Elapsed: search.Duration(s.used()), Duration: s.state.Duration, Doing: s.doing,
		Tally: s.live.Tally, Deaths: s.live.Deaths, Findings: len(s.state.Findings),
	}
	for i := range s.state.Searched {
		p.Tally.Add(s.state.Searched[i].Tally)
		p.Deaths += s.state.Searched[i].Deaths
	}
	for i := range s.state.Cases {
		if s.state.Cases[i].Outcome == Failing {
			p.Failing++
		}
	}
	s.OnProgress(p)
}

// saveState writes the state alone.
func (s *soak) saveState() error {
	s.disk.Lock()
	defer s.disk.Unlock()
	s.mu.Lock()
	data := s.snapshot()
	s.mu.Unlock()
	return s.write(s.names.State, data, true)
}

// save writes all files.
func (s *soak) save() (*Report, error) {
	s.disk.Lock()
	defer s.disk.Unlock()
	s.mu.Lock()
	state, xml := s.snapshot(), junit(s.state)
	report := s.report()
	s.mu.Unlock()
	// What is made of the state is made again if it is lost.
	err := errors.Join(s.write(s.names.State, state, true), s.write(s.names.JUnit, xml, false))
	if s.Summary != nil {
		err = errors.Join(err, s.write(s.names.Report, []byte(s.Summary(report)), false))
	}
	return report, err
}

// snapshot returns the state as it is now; mu must be held.
func (s *soak) snapshot() []byte {
	s.state.Used = search.Duration(s.used())
	return s.state.format()
}

func (s *soak) write(path string, data []byte, durable bool) error {
	if err := writeFile(path, data, durable); err != nil {
		return fmt.Errorf("write down how far the soak is: %w", err)
	}
	return nil
}

// saved writes all files; that they cannot be written does not end a soak.
func (s *soak) saved() {
	if _, err := s.save(); err != nil {
		s.problem(err)
	}
}

// problem tells of an error that the soak survives, once.
func (s *soak) problem(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.OnProblem != nil && !s.told[err.Error()] {
		s.told[err.Error()] = true
		s.OnProblem(err)
	}
}

func (s *soak) does(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.doing = what
}

// report returns the report as of the last snapshot, which shares nothing with the state;
// mu must be held.
func (s *soak) report() *Report {
	r := &Report{
		Seed: s.state.Seed, Duration: s.state.Duration, Elapsed: s.state.Used,
		Done: s.state.Done, Interrupted: s.interrupted, Resumed: s.resume,
		Rounds: s.plan.slice(s.state.Slices).round, Slices: s.state.Slices,
		Environment: s.state.Environment, Cases: slices.Clone(s.state.Cases), Others: s.state.Others, Files: s.names,
	}
	for i := range s.state.Searched {
		t := s.state.Searched[i].TargetReport
		t.Findings = []search.Finding{}
		for j := range s.state.Findings {
			if f := &s.state.Findings[j]; f.Target == t.Target {
				t.Findings = append(t.Findings, f.Finding)
			}
		}
		r.Targets = append(r.Targets, t)
	}
	return r
}
