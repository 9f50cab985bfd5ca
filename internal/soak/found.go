package soak

import (
	"context"
	"slices"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/search"
)

// found is told by the search of a slice of each finding: once it is kept, and
// again when it has been measured, or once if the corpus had it.
func (s *soak) found(f search.Finding) {
	if s.enterFinding(f) {
		s.saved()
	}
}

// enterFinding enters a finding in the books, and reports whether it changed them.
func (s *soak) enterFinding(f search.Finding) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.same(&f)
	switch {
	case known == nil:
		s.state.Findings = append(s.state.Findings, Finding{})
		known = &s.state.Findings[len(s.state.Findings)-1]
		f.After = search.Duration(s.used())
		known.provisional, known.live = f.Count, !f.Final
	case known.live && !f.Known:
		f.Count, f.After = known.Count, known.After
	case !f.Known && f.Final && f.Path != known.Path:
		// Another search kept a finding again that has other frames since it was
		// shrunk: one case of it is enough.
		if err := s.store.Remove(f.Case); err != nil && s.OnProblem != nil {
			s.OnProblem(err)
		}
		return false
	default:
		return false
	}
	isNew := len(known.Signatures) == 0
	f.Final = f.Known // until it is shrunk
	known.Finding = f
	known.enter(s, f.Case)
	if isNew && s.OnFinding != nil {
		s.OnFinding(f)
	}
	return true
}

// enter notes the case of a finding.
func (f *Finding) enter(s *soak, c *corpus.Case) {
	told := *c
	told.File = f.Path
	f.Finding.Case, f.Verdict, f.Scenario, f.Story = &told, c.Verdict, c.Scenario, s.story(&told)
	for _, signature := range f.Finding.Signatures() {
		if !slices.Contains(f.Signatures, signature) {
			f.Signatures = append(f.Signatures, signature)
		}
	}
}

// same returns the finding in the books that is the same, or nil; mu must be held.
func (s *soak) same(f *search.Finding) *Finding {
	signatures := f.Signatures()
	for i := range s.state.Findings {
		g := &s.state.Findings[i]
		if g.Target != f.Target {
			continue
		}
		if f.Path != "" && f.Path == g.Path || slices.ContainsFunc(signatures, func(s string) bool { return slices.Contains(g.Signatures, s) }) {
			return g
		}
	}
	return nil
}

// count adds what a slice counted of a finding; mu must be held.
func (s *soak) count(f *search.Finding) {
	if g := s.same(f); g != nil {
		g.Count += f.Count - min(f.Count, g.provisional)
		g.provisional = 0
	}
}

// shrinkNew shrinks the findings that are new, for as long as limited lasts. If
// ctx ends they stay new, for when the soak goes on.
func (s *soak) shrinkNew(ctx, limited context.Context) {
	for i := range s.state.Findings {
		f := &s.state.Findings[i] // no search is under way that could change it
		if f.Final || ctx.Err() != nil {
			continue
		}
		c, err := f.read()
		if err != nil {
			s.problem(err)
		}
		if c != nil && limited.Err() == nil {
			s.does("shrink " + f.Path)
			c = s.shrink(limited, f, c)
		}
		s.finish(f, c, ctx.Err() == nil)
		s.saved()
	}
}

// read returns the case of a finding; nil if it could not be written, and is gone
// with the process that found it.
func (f *Finding) read() (*corpus.Case, error) {
	if f.Path == "" {
		return f.Finding.Case, nil
	}
	return corpus.ReadFile(f.Path)
}

// shrink returns a smaller case in place of a finding's, or the same.
func (s *soak) shrink(ctx context.Context, f *Finding, c *corpus.Case) *corpus.Case {
	smaller, err := s.Work.Shrink(ctx, c, shrinkTime(time.Duration(s.state.Duration), f.Unsafe))
	if err != nil && ctx.Err() == nil {
		s.problem(err)
	}
	if smaller == nil || smaller.Schedule == c.Schedule {
		return c
	}
	next := *smaller
	next.File = ""
	if f.Path == "" {
		return &next
	}
	path, err := s.store.Replace(c, &next)
	if err != nil {
		s.problem(err)
	}
	if path == "" {
		return c
	}
	next.File = path
	return &next
}

// finish notes the case that a finding has by now, nil if that is gone, and
// whether there is no more to say of it.
func (s *soak) finish(f *Finding, c *corpus.Case, final bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.Final = final
	if c == nil {
		return
	}
	if c.File != "" {
		f.Path = c.File
	}
	f.enter(s, c)
	if s.OnFinding != nil {
		s.OnFinding(f.Finding)
	}
}
