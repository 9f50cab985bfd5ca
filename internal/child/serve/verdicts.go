package serve

import (
	"fmt"
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler/controlled"
)

// op returns an op of the schedule; one that there is not is of no kind.
func (c *controlledBatch) op(worker, n int) history.Op {
	if workers := c.schedule.Workers; worker < len(workers) && 0 <= n && n < len(workers[worker]) {
		return workers[worker][n]
	}
	return history.Op{}
}

// blocked is the verdict of a read that waits for a worker that has stopped.
func (c *controlledBatch) blocked(op history.Op, w controlled.Waiting) oracle.Verdict {
	at := ""
	if w.Where.File != "" {
		at = " at " + w.Where.String()
	}
	return oracle.Verdict{
		Class: oracle.Contract, Rule: "blocking-read", Promise: c.judge.Contract.Progress.Quote,
		Detail: fmt.Sprintf("w%d's %s does not return as long as w%d has stopped in the midst of an op: it waits for %s%s", w.Worker, op, c.recipe.Suspend.Worker, w.For, at),
	}
}

// raced is the verdict of a data race.
func raced(r controlled.Race) oracle.Verdict {
	tell := func(a controlled.Access) string {
		if a.Where.File == "" {
			return fmt.Sprintf("w%d: %s", a.Worker, a.Kind)
		}
		return fmt.Sprintf("w%d: %s at %s in %s", a.Worker, a.Kind, a.Where, a.Where.Func)
	}
	frames := []string{r.First.Where.Func, r.Second.Where.Func}
	slices.Sort(frames)
	if frames[0] == "" {
		frames = frames[1:]
	}
	return oracle.Verdict{
		Class: oracle.DataRace, Rule: "data race", Frames: slices.Compact(frames), Accesses: accesses(r),
		Detail: fmt.Sprintf("nothing orders these two: %s; %s", tell(r.First), tell(r.Second)),
	}
}

// accesses are the two of a race, if their stacks are known.
func accesses(r controlled.Race) (both []oracle.Access) {
	frame := func(p controlled.Place) oracle.Frame { return oracle.Frame{Func: p.Func, File: p.File, Line: p.Line} }
	for _, a := range []controlled.Access{r.First, r.Second} {
		if len(a.Stack) == 0 {
			return nil
		}
		so := oracle.Access{Worker: a.Worker, Op: a.Op, Kind: a.Kind, Address: a.Addr}
		for _, p := range a.Stack {
			so.Stack = append(so.Stack, frame(p))
		}
		if a.Started.File != "" {
			started := frame(a.Started)
			so.Started = &started
		}
		both = append(both, so)
	}
	return both
}
