package shrink

import (
	"context"
	"errors"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler"
)

// A Runner runs schedules, and tells which runs fail in the way that is looked
// for. It is for one goroutine at a time.
type Runner interface {
	// Run runs a schedule until a limit is reached. When ctx ends it returns
	// what came of it so far, and ctx's error.
	Run(ctx context.Context, s *scheduler.Schedule, limit Limit) (Outcome, error)
}

// ErrUnfit means that a schedule is none for the target.
var ErrUnfit = errors.New("the schedule does not fit the target")

// A Limit bounds the runs of a schedule.
type Limit struct {
	First    int           // number of the first run: other numbers, other chances
	Runs     int           // at least 1
	Failures int           // end after that many failing runs; 0 is never
	Time     time.Duration // end after that much time; 0 is never
}

// An Outcome is what came of some runs.
type Outcome struct {
	corpus.Rate               // failing in the way that is looked for
	Met         int           // runs in which ops of different workers overlapped, or there is but one
	Time        time.Duration // that it took
	Failing     *Failing      // one that failed so; nil if none did
}

// A Failing is one failing run.
type Failing struct {
	Verdict  oracle.Verdict
	History  string // text form; of a run that ended its process, as far as it got
	Evidence string // what the process printed, if it ended of the run
}
