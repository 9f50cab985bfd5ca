package soak

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/search"
	"github.com/mapstress/mapstress/oracle"
)

// replayFailures ends the replay of a case: it still fails, beyond doubt.
const replayFailures = 20

// replayAll replays the cases of the targets that have not been replayed yet. A
// case that this soak found is none of them.
func (s *soak) replayAll(ctx context.Context) error {
	left := s.casesLeft()
	for i, c := range left {
		if ctx.Err() != nil {
			return nil
		}
		var used time.Duration
		for j := range s.state.Cases {
			used += time.Duration(s.state.Cases[j].Elapsed)
		}
		result := Case{Path: c.File, Target: c.Target, Unsafe: s.state.searched(c.Target).Unsafe, Title: Title(c.Verdict), Outcome: NoTime}
		if limit := replayTime(time.Duration(s.state.Duration), used, s.ReplayTime, len(left)-i); limit > 0 {
			s.does("replay " + c.File)
			done, err := s.replay(ctx, c, limit, &result)
			if err != nil || !done {
				return err
			}
		}
		s.note(result)
		s.saved()
	}
	return nil
}

func (s *soak) note(c Case) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.Cases = append(s.state.Cases, c)
}

// casesLeft reads the corpus. What cannot be read is noted at once.
func (s *soak) casesLeft() (left []*corpus.Case) {
	known := map[string]bool{}
	for i := range s.state.Cases {
		known[s.state.Cases[i].Path] = true
		known[s.state.Cases[i].Text] = true
	}
	for i := range s.state.Findings {
		known[s.state.Findings[i].Path] = true
	}
	all, _ := s.store.LoadAll()
	others := len(all)
	for _, target := range s.state.Targets {
		cases, errs := s.store.Load(target)
		others -= len(cases)
		for _, c := range cases {
			if !known[c.File] {
				left = append(left, c)
			}
		}
		for _, err := range errs {
			s.problem(err)
			if !known[err.Error()] {
				s.note(Case{Target: target, Outcome: Unreadable, Text: err.Error()})
			}
		}
	}
	s.mu.Lock()
	s.state.Others = others
	s.mu.Unlock()
	return left
}

// replay replays one case. It is not done if ctx ended before that.
func (s *soak) replay(ctx context.Context, c *corpus.Case, limit time.Duration, result *Case) (done bool, err error) {
	started := s.now()
	r, err := s.Work.Replay(ctx, c, search.Limits{Failures: replayFailures, Time: limit})
	result.Elapsed = search.Duration(s.now().Sub(started))
	var refused *child.RequestError
	switch {
	case ctx.Err() != nil:
		return false, nil
	case errors.As(err, &refused):
		s.problem(err)
		result.Outcome, result.Text = Unreadable, err.Error()
		return true, nil
	case err != nil:
		return false, err
	}
	result.Rate = r.Rate
	switch {
	case r.Failing():
		result.Outcome, result.Text = Failing, s.story(replayed(r))
	case r.Rate.Failed > 0:
		result.Outcome = Unconfirmed
	default:
		result.Outcome = Clean
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.Environment = here(r.Here)
	if s.OnReplayed != nil {
		s.OnReplayed(r)
	}
	return true, nil
}

// here takes out of an environment what belongs to one schedule.
func here(e corpus.Environment) corpus.Environment {
	e.GOMAXPROCS = e.CPUs
	return e
}

// replayed returns the case as it failed just now.
func replayed(r *search.Replayed) *corpus.Case {
	now := *r.Case
	found, rate := r.Found, r.Rate
	if found == nil {
		found, rate = &r.Other[0], corpus.Rate{Failed: int(r.Tally.Failed), Runs: r.Rate.Runs}
	}
	now.Verdict, now.History, now.Reproduced, now.Found = found.Verdict, found.History, rate, r.Here
	now.Verdict.Sequential = r.Case.Verdict.Sequential
	return &now
}

func (s *soak) story(c *corpus.Case) string {
	if s.Story == nil {
		return Title(c.Verdict)
	}
	return s.Story(c)
}

// adopt looks for the files of findings that are not where they were noted: the
// soak was killed between keeping a smaller form of one and writing that down.
func (s *soak) adopt() {
	for i := range s.state.Findings {
		f := &s.state.Findings[i]
		cases, _ := s.store.Load(f.Target)
		at := func(c *corpus.Case) bool { return c.File == f.Path }
		if f.Path == "" || slices.ContainsFunc(cases, at) {
			continue
		}
		same := func(c *corpus.Case) bool { return sameRule(c.Verdict, f.Verdict) && !s.has(c.File) }
		if j := slices.IndexFunc(cases, same); j >= 0 {
			f.Path, f.Verdict, f.Story = cases[j].File, cases[j].Verdict, s.story(cases[j])
			f.Signatures = append(f.Signatures, f.Verdict.Signature())
		}
	}
}

// has tells whether a file is that of a finding or of a replayed case.
func (s *soak) has(path string) bool {
	return slices.ContainsFunc(s.state.Findings, func(f Finding) bool { return f.Path == path }) ||
		slices.ContainsFunc(s.state.Cases, func(c Case) bool { return c.Path == path })
}

func sameRule(v, w oracle.Verdict) bool { return v.Class == w.Class && v.Rule == w.Rule }
