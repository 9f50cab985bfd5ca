package search

import (
	"context"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/scheduler/controlled"
)

// BlockingRead is the rule that a read breaks which waits for another op, where the contract
// says that it does not (target.Progress).
const BlockingRead = "blocking-read"

// holds says whether reads are to be held to being free of others.
func (x *exploration) holds() bool { return x.c.LockFreeReads || x.c.Target.Contract.Progress.Reads }

// holdReads stops one worker before each of its points, in an op of each kind, on an empty map
// and on filled ones, and sees whether another one's reads return then.
func (x *exploration) holdReads(ctx context.Context, l *lane) error {
	boundaries, err := l.probe(ctx, x.t)
	if err != nil {
		return err
	}
	for _, schedule := range heldReads(x.t.space, boundaries) {
		for point := 1; ; point++ {
			stopped, failed, err := x.holdAt(ctx, l, schedule, point)
			if err != nil {
				return err
			}
			if !stopped || failed {
				break
			}
		}
	}
	return nil
}

// heldBoundaries is up to which boundary of growth maps are filled, and heldPrefill up to which
// size: to grow takes the same steps each time, only more of them.
const (
	heldBoundaries = 2
	heldPrefill    = 64
)

// heldReads are schedules, on maps that have been used, of one op, and of two reads that are held against it: of its key, and
// of another.
func heldReads(space scenarios.Space, boundaries history.Boundaries) (all []*scheduler.Schedule) {
	prefills := []int{0, 1}
	for _, b := range boundaries.Up[:min(len(boundaries.Up), heldBoundaries)] {
		if b > 1 && b <= heldPrefill {
			prefills = append(prefills, b)
		}
	}
	for _, prefill := range prefills {
		old, fresh := uint64(max(prefill, 1)), uint64(prefill+1)
		for _, kind := range space.Kinds {
			if kind == history.Custom {
				continue
			}
			keys := []uint64{fresh, old}
			if old == fresh || !kind.Keyed() {
				keys = keys[:1]
			}
			for _, key := range keys {
				op := history.Op{Kind: kind, Key: key, Value: 1000, Old: old}
				if !kind.Keyed() {
					op.Key = 0
				}
				s := &scheduler.Schedule{Prefill: prefill, Workers: [][]history.Op{
					{op}, {{Kind: history.Load, Key: old}, {Kind: history.Load, Key: fresh}},
				}}
				if prefill == 0 {
					s.Peak = 1 // it has been used: many a map sets itself up under a lock, once
				}
				all = append(all, s)
			}
		}
	}
	return all
}

// holdAt runs a schedule with the first worker stopped before one of its points, and says
// whether it has come to that, and whether a read waited for it.
func (x *exploration) holdAt(ctx context.Context, l *lane, schedule *scheduler.Schedule, point int) (stopped, failed bool, err error) {
	recipe := controlled.Recipe{Seed: x.c.Seed, Suspend: &controlled.Suspend{Worker: 0, Point: point}}
	outcome, err := l.session.Run(ctx, child.Job{
		Target: x.t.target.Name, Schedule: schedule, Count: 1, Controlled: &wire.Controlled{Recipe: recipe.String()},
	})
	if err != nil {
		return false, false, err
	}
	l.record(x.t, &outcome)
	x.mu.Lock()
	x.so.Stops += outcome.Suspended
	x.mu.Unlock()
	for _, f := range outcome.Found {
		if f.Verdict.Rule == BlockingRead {
			failed = true
			if err := x.keepBlocked(ctx, l, schedule, f); err != nil {
				return false, false, err
			}
		}
	}
	return outcome.Suspended > 0, failed, nil
}

// keepBlocked keeps the first read that waited, with a run that can be made again.
func (x *exploration) keepBlocked(ctx context.Context, l *lane, schedule *scheduler.Schedule, f child.Found) error {
	signature := f.Verdict.Signature()
	if !l.claim(x.t, signature) {
		return nil
	}
	finding := l.newFinding(x.t, candidate{schedule: schedule, scenario: "held-reads"}, f, signature)
	c := finding.Case
	c.Decisions = f.Recipe
	r, err := replayControlled(ctx, l.session, c, Limits{Runs: Replays}, true)
	if err != nil {
		return err
	}
	c.Reproduced, finding.Trace = r.Rate, r.Trace
	if r.Found != nil {
		c.Verdict, c.History = r.Found.Verdict, r.Found.History
		finding.Verdict = c.Verdict
	}
	finding.Final = true
	l.keep(&finding, nil)
	l.publish(x.t, finding)
	return nil
}
