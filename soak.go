package mapstress

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/build"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/internal/instrument"
	"github.com/mapstress/mapstress/internal/search"
	"github.com/mapstress/mapstress/internal/soak"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/target"
)

// What a soak reports.
type (
	SoakReport   = soak.Report
	SoakCase     = soak.Case
	SoakProgress = soak.Progress
)

// What came of replaying a kept case in a soak.
const (
	SoakFailing     = soak.Failing     // it still fails, in the way it did or in another
	SoakClean       = soak.Clean       // no run failed; that does not prove it mended
	SoakUnconfirmed = soak.Unconfirmed // runs failed, and none under atomic stamps
	SoakUnreadable  = soak.Unreadable  // the file is damaged, or no case for its target
	SoakNoTime      = soak.NoTime      // its share of the time was too short
)

// SoakConfig is what to soak, how long, and where to write. The zero SoakConfig
// soaks the built-in targets for 8 hours.
//
// A soak that was not finished, whatever ended it, goes on with the time that was
// left if one is started with the same Dir. Then what is zero here is as it was,
// and what is not must be the same.
type SoakConfig struct {
	Dir      string        // for the state, junit.xml and report.txt; empty means mapstress-soak
	Duration time.Duration // 0 means 8 hours
	Seed     uint64        // 0 means a random one
	// Targets are names, each counting once, or one package and expression that makes a map,
	// as for Fuzz; empty means the built-in targets.
	Targets   []string
	Scenarios []string // names; empty means all
	Corpus    string   // directory of cases; empty means testdata/mapstress
	// Fresh begins anew, even if the last soak in Dir was not finished.
	Fresh bool
	// ReplayTime bounds the replay of one kept case; 0 means 10 s. All together
	// have a quarter of Duration.
	ReplayTime time.Duration

	// Story tells a case in a few lines, for junit.xml; nil means what it is
	// called. Summary tells a report, for report.txt; nil means no such file.
	Story   func(*corpus.Case) string
	Summary func(*SoakReport) string

	// OnReplayed is told of each kept case that was replayed; OnFinding of each
	// finding as soon as it is kept, and again when it is shrunk; OnProgress,
	// every Every, where the soak is; OnProblem of what went wrong without ending
	// it, once. They are called by one goroutine at a time, and must not take
	// long; nil ones are not.
	OnReplayed func(*Replayed)
	OnFinding  func(Finding)
	OnProgress func(SoakProgress)
	OnProblem  func(error)
	Every      time.Duration // 0 means 3 s
}

// Soak replays what the corpus has, and then searches in rounds until the time is
// up: everything freely, controlled runs of the targets that promise to be safe, and each
// target with each scenario alone. Controlled runs are for soaks of ten minutes or more, or of two where
// such children were built in the last days. It can be
// killed at any moment and goes on when it is started again. The error is not nil
// if it could not do its work; even then the report, unless nil, has what was
// found.
func Soak(ctx context.Context, c SoakConfig) (*SoakReport, error) {
	targets, err := soakTargets(c.Targets)
	if err != nil {
		return nil, err
	}
	for _, name := range c.Scenarios {
		if _, err := scenarios.Find(name); err != nil {
			return nil, err
		}
	}
	if err := child.CheckWorkDir(); err != nil { // what no slice could do without
		return nil, err
	}
	var children, hooked child.Config
	var described []wire.Description
	if len(targets) == 1 && strings.Contains(targets[0], " ") {
		// A directory is known by its import path from here on, as it is to reports and kept cases.
		if children, described, err = subjects(ctx, targets, Build{}, false); err != nil {
			return nil, err
		}
		targets = []string{described[0].Name}
	}
	opened(c.Corpus, c.OnProblem)
	config := soak.Config{
		Dir: c.Dir, Duration: c.Duration, Seed: c.Seed, Corpus: c.Corpus, Fresh: c.Fresh, ReplayTime: c.ReplayTime,
		Targets: targets, Scenarios: unique(c.Scenarios), Draw: randomSeed,
		Story: c.Story, Summary: c.Summary,
		OnReplayed: c.OnReplayed, OnFinding: c.OnFinding, OnProgress: c.OnProgress, OnProblem: c.OnProblem, Every: c.Every,
		Work: soak.Work{
			Describe: func(ctx context.Context, names []string) (all []wire.Description, err error) {
				if described != nil && slices.Equal(names, targets) {
					return described, nil
				}
				children, all, err = subjects(ctx, names, Build{}, false)
				return all, err
			},
			Replay: Replay,
			Search: func(ctx context.Context, c search.Config) (*search.Report, error) {
				if c.Child = children; c.Engine == Controlled {
					c.Child = hooked
				}
				return search.Run(ctx, c)
			},
			Shrink: shrinkIfFailing,
			Quick:  build.HooksAtHand(),
		},
	}
	if instrument.Supported() == nil {
		config.Work.BuildControlled = func(ctx context.Context, names []string) (err error) {
			hooked, _, err = subjects(ctx, names, Build{}, true)
			return err
		}
	}
	for _, t := range target.Builtin() {
		config.Default = append(config.Default, t.Name)
	}
	if config.Dir == "" {
		config.Dir = "mapstress-soak"
	}
	return soak.Run(ctx, config)
}

// shrinkIfFailing leaves a case alone that does not fail again at once.
func shrinkIfFailing(ctx context.Context, c *corpus.Case, limit time.Duration) (*corpus.Case, error) {
	smaller, err := Shrink(ctx, c, ShrinkConfig{Time: limit})
	if errors.Is(err, ErrNotFailing) {
		return c, nil
	}
	return smaller, err
}

// soakTargets returns the targets of those names as they will be called, each once.
func soakTargets(names []string) (all []string, err error) {
	for _, name := range unique(names) {
		spec, is, err := build.Parse(name)
		switch {
		case is && err == nil && len(names) > 1:
			err = alone(name)
		case is:
			name = spec.String()
		default:
			_, err = FindTarget(name)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, name)
	}
	return all, nil
}

// unique drops the names that came before.
func unique(names []string) (once []string) {
	seen := map[string]bool{}
	for _, name := range names {
		if !seen[name] {
			seen[name] = true
			once = append(once, name)
		}
	}
	return once
}

// randomSeed is short enough to type, and exact in JSON.
func randomSeed() uint64 {
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic("mapstress: no random seed: " + err.Error())
	}
	return max(binary.LittleEndian.Uint64(b[:])>>11, 1)
}
