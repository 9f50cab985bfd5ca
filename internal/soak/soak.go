// Package soak searches for hours: it replays what is kept, then gives each target
// each scenario in turns, and controlled runs, and writes down how far it is so that it can be killed
// at any moment and go on.
//
// It does not know how runs are made or judged; it hands that out, and keeps the
// books.
package soak

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/internal/search"
)

// Config says what to soak, where to write, and who does the work. Dir and Work must be
// set.
//
// A soak that was not finished goes on: then what is zero here is as it was, and
// what is not must be the same.
type Config struct {
	Dir       string        // for the files; it is made
	Duration  time.Duration // 0 means DefaultDuration
	Seed      uint64        // 0 means that Draw draws one
	Targets   []string      // names, each once; empty means Default
	Scenarios []string      // names; empty means all
	Corpus    string        // directory of cases; empty means DefaultCorpus
	Fresh     bool          // begin anew, even if the last one in Dir was not finished

	// ReplayTime bounds the replay of one case; 0 means 10 s. All together have a
	// quarter of Duration.
	ReplayTime time.Duration

	Default []string
	Draw    func() uint64
	Work    Work

	// Story tells a case, whose File is where it is, in a few lines; nil means its
	// title. Summary tells a whole report, for Files.Report; nil means that there
	// is no such file.
	Story   func(*corpus.Case) string
	Summary func(*Report) string

	// They are called by one goroutine at a time, and must not take long; nil ones
	// are not. OnReplayed is told of each case; OnFinding of each finding, once it
	// is kept and again when it is shrunk; OnProgress of how far it is, every
	// Every; OnProblem of what went wrong without ending the soak.
	OnReplayed func(*search.Replayed)
	OnFinding  func(search.Finding)
	OnProgress func(Progress)
	OnProblem  func(error)
	Every      time.Duration // 0 means 3 s

	now   func() time.Time // nil means time.Now
	ticks <-chan time.Time // when to write down the time; nil means every second
}

// Work does what a soak consists of. Each part ends within some ten milliseconds
// once its context has ended.
type Work struct {
	// Describe says what the targets of those names are, in their order. It is called once,
	// before anything else.
	Describe func(context.Context, []string) ([]wire.Description, error)
	Replay   func(context.Context, *corpus.Case, search.Limits) (*search.Replayed, error)
	Search   func(context.Context, search.Config) (*search.Report, error)
	// BuildControlled builds, for the targets of those names, the children with which Search makes
	// controlled runs. It is called once, before the first of these; nil if there can be none.
	BuildControlled func(context.Context, []string) error
	// Quick says that it takes some seconds at most, and not a minute.
	Quick bool
	// Shrink makes a case smaller within about twice that time, and returns the
	// same if it cannot. With an error too, it returns the smallest that it has, or
	// nil.
	Shrink func(context.Context, *corpus.Case, time.Duration) (*corpus.Case, error)
}

const (
	// DefaultDuration is how long a soak takes if nothing is said.
	DefaultDuration = 8 * time.Hour
	// DefaultCorpus is where cases are kept if nothing is said.
	DefaultCorpus = "testdata/mapstress"

	defaultReplayTime = 10 * time.Second
	defaultEvery      = 3 * time.Second

	// leastControlled is the shortest soak with controlled runs, and leastQuick where Work is Quick.
	leastControlled = 10 * time.Minute
	leastQuick      = 2 * time.Minute
)

// files returns the names of what is written.
func (c *Config) files() Files {
	f := Files{State: filepath.Join(c.Dir, "soak.json"), JUnit: filepath.Join(c.Dir, "junit.xml")}
	if c.Summary != nil {
		f.Report = filepath.Join(c.Dir, "report.txt")
	}
	return f
}

// Run soaks until the duration is over or ctx ends. An error means that the soak
// could not do its work; even then the report has what was found, unless it is
// nil: then nothing was written.
func Run(ctx context.Context, c Config) (*Report, error) {
	s, err := begin(ctx, c)
	if err != nil {
		return nil, err
	}
	defer s.unlock()
	if _, err := s.save(); err != nil {
		return nil, err
	}
	over, kept := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(kept)
		s.watch(over)
	}()
	err = s.work(ctx)
	close(over)
	<-kept
	s.mu.Lock()
	s.interrupted = ctx.Err() != nil
	s.state.Done = err == nil && !s.interrupted
	s.mu.Unlock()
	r, failed := s.save()
	return r, errors.Join(err, failed)
}

// maxBroken is how many slices in a row may fail before a soak gives up: what
// fails once may be a system that is short of something for a moment.
const maxBroken = 3

// work does what there is to do, in the time that is left.
func (s *soak) work(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, s.left())
	defer cancel()
	s.adopt()
	if err := s.replayAll(limited); err != nil {
		return err
	}
	broken := 0
	for {
		s.shrinkNew(ctx, limited)
		if s.left() < shortest || limited.Err() != nil {
			return nil
		}
		err := s.searchSlice(limited, s.plan.slice(s.state.Slices).longer(s.slow).fit(s.left()))
		if err == nil {
			broken = 0
			continue
		}
		if broken++; broken == maxBroken {
			return fmt.Errorf("%w (%d slices failed in a row)", err, maxBroken)
		}
		s.problem(err)
	}
}
