package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// boundary compares runs of one schedule on the built-in map, two workers with an
// insert of a fresh key each, at different sizes: at the growth boundaries that the
// probe finds, and in the middle between two of them. Workers that start together
// meet anyway; those that are started as programs do meet where an insert takes
// long.
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
	o.header("start", "prefill", "failed", "per CPU-second", "at the boundary", "failed", "per CPU-second", "ratio a run", "ratio per CPU-second")
	for _, start := range []scheduler.Start{scheduler.Spin, scheduler.Go} {
		for i, at := range bounds.Up {
			if i == 0 {
				continue
			}
			between := (at + bounds.Up[i-1]) / 2
			off, err := o.inserts(ctx, session, start, between)
			if err != nil {
				return err
			}
			on, err := o.inserts(ctx, session, start, at)
			if err != nil {
				return err
			}
			o.row(slices.Concat([]string{start.String(), fmt.Sprint(between)}, off.cells(), []string{fmt.Sprint(at)}, on.cells(),
				[]string{on.against(off, yield.perRun), on.against(off, yield.perSecond)})...)
		}
	}
	return nil
}

// A yield is what some runs came to.
type yield struct {
	runs, failed uint64
	cpu          time.Duration
}

func (y yield) perRun() float64    { return float64(y.failed) / float64(max(y.runs, 1)) }
func (y yield) perSecond() float64 { return float64(y.failed) / max(y.cpu.Seconds(), 1e-9) }

func (y yield) cells() []string {
	return []string{fmt.Sprintf("%d of %d", y.failed, y.runs), fmt.Sprintf("%.2g", y.perSecond())}
}

// against is how much higher the rate is than the other, or at least is if nothing
// failed there.
func (y yield) against(other yield, rate func(yield) float64) string {
	least := ""
	if other.failed == 0 {
		other.failed, least = 1, "> "
	}
	return fmt.Sprintf("%s%.2g", least, rate(y)/rate(other))
}

// inserts runs the schedule for each seed, for its share of the time.
func (o *options) inserts(ctx context.Context, session *child.Session, start scheduler.Start, prefill int) (y yield, err error) {
	for seed := range o.seeds {
		s, err := scheduler.Parse(fmt.Sprintf(`%s
prefill %d
timing start=%s procs=2 seed=%d
w0 store k%d v%[5]d
w1 store k%[6]d v%[6]d
`, scheduler.Header, prefill, start, seed+1, prefill+1, prefill+2))
		if err != nil {
			return y, err
		}
		outcome, err := session.Run(ctx, child.Job{
			Target: "map", Schedule: s, Count: 1 << 30, Time: o.limit / time.Duration(o.seeds),
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
