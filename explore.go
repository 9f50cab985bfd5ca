package mapstress

import (
	"context"
	"time"

	"github.com/mapstress/mapstress/internal/search"
	"github.com/mapstress/mapstress/scenarios"
)

// Explored is what an exploration came to.
type Explored = search.Explored

// AnyPreemptions is a bound that allows any number of preemptions.
const AnyPreemptions = -1

// ExploreConfig is what to explore. Workers, Ops and Keys must be at least 1.
type ExploreConfig struct {
	scenarios.Bounds
	// Preemptions is how often at most a worker stops in a run that could have gone on;
	// AnyPreemptions is no bound. A small schedule takes as long with a bound: then, too, all
	// runs there are are tried first.
	Preemptions int
	Duration    time.Duration // 0: no end
	Seed        uint64        // of what the target draws: hash seeds, the cases of a select
	Corpus      string        // directory of cases; empty: nothing is kept
	KeepGoing   bool          // after the first bug
	// From is how many schedules to leave out at first: the Next of an exploration within the
	// same bounds that did not come to its end.
	From int
	// LockFreeReads holds the target's Load to what target.Progress says of it, even if its
	// contract does not promise that.
	LockFreeReads bool

	// OnFinding, OnProblem and OnProgress are as in Config.
	OnFinding  func(Finding)
	OnProblem  func(error)
	OnProgress func(Explored)
}

// Explore makes every run of every schedule within the bounds, but for those that are
// equivalent to another, with one worker at a time. It takes the go command and an amd64
// processor. What it finds is kept as a case that fails each time. The error is not nil if it
// could not do its work; even then the report, unless nil, says how far it came.
func Explore(ctx context.Context, name string, c ExploreConfig) (*Explored, error) {
	children, targets, err := subjects(ctx, []string{name}, Build{}, true)
	if err != nil {
		return nil, err
	}
	config := search.ExploreConfig{
		Child: children, Target: targets[0], Bounds: c.Bounds, Preemptions: c.Preemptions, Duration: c.Duration,
		KeepGoing: c.KeepGoing, From: c.From, LockFreeReads: c.LockFreeReads, Seed: c.Seed, OnFinding: c.OnFinding, OnProblem: c.OnProblem, OnProgress: c.OnProgress,
		Store: opened(c.Corpus, c.OnProblem),
	}
	return search.Explore(ctx, config)
}
