package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// boundary compares runs of one schedule on the built-in map, two workers with an
// insert of a fresh key each, at different sizes: at the growth boundaries that the
// probe finds, and in the middle between two of them.
func boundary(ctx context.Context, o *options) error {
	config, err := children()
	if err != nil {
		return err
	}
	session, err := child.NewSession(config)
	if err != nil {
		return err
	}
	defer session.Close()
	bounds, err := session.Probe(ctx, "map", target.Shape{}, 1000)
	if err != nil {
		return err
	}
	o.header("prefill", "runs", "failed", "per CPU-second", "at the boundary", "runs", "failed", "per CPU-second", "ratio")
	for i, at := range bounds.Up {
		if i == 0 {
			continue
		}
		between := (at + bounds.Up[i-1]) / 2
		off, err := o.inserts(ctx, session, between, bounds.Boundaries)
		if err != nil {
			return err
		}
		on, err := o.inserts(ctx, session, at, bounds.Boundaries)
		if err != nil {
			return err
		}
		o.row(slices.Concat([]string{fmt.Sprint(between)}, off.cells(), []string{fmt.Sprint(at)}, on.cells(), []string{ratio(on, off)})...)
	}
	return nil
}

// A yield is what some runs came to.
type yield struct {
	runs, failed uint64
	cpu          time.Duration
}

func (y yield) rate() float64 { return float64(y.failed) / y.cpu.Seconds() }

func (y yield) cells() []string {
	return []string{fmt.Sprint(y.runs), fmt.Sprint(y.failed), fmt.Sprintf("%.2g", y.rate())}
}

// ratio is a lower bound if nothing failed without the boundary.
func ratio(on, off yield) string {
	if off.failed == 0 {
		off.failed = 1
		return fmt.Sprintf("> %.0f", on.rate()/off.rate())
	}
	return fmt.Sprintf("%.0f", on.rate()/off.rate())
}

// inserts runs the schedule for each seed, for its share of the time.
func (o *options) inserts(ctx context.Context, session *child.Session, prefill int, bounds history.Boundaries) (y yield, err error) {
	for seed := range o.seeds {
		s, err := scheduler.Parse(fmt.Sprintf(`%s
prefill %d
timing procs=2 seed=%d
w0 store k%d v%[4]d
w1 store k%[5]d v%[5]d
`, scheduler.Header, prefill, seed+1, prefill+1, prefill+2))
		if err != nil {
			return y, err
		}
		outcome, err := session.Run(ctx, child.Job{
			Target: "map", Schedule: s, Count: 1 << 30, Time: o.limit / time.Duration(o.seeds), Boundaries: bounds,
		})
		if err != nil {
			return y, err
		}
		y.runs += outcome.Tally.Runs
		y.failed += outcome.Tally.Failed
		y.cpu += outcome.CPU
	}
	return y, nil
}
