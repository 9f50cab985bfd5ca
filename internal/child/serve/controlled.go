package serve

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/scheduler/controlled"
	"github.com/mapstress/mapstress/scheduler/strategy"
)

// control does a RunTask whose workers run one at a time.
func (s *server) control(req *wire.Request) (*wire.Done, error) {
	j, err := s.accept(req)
	if err != nil {
		return nil, err
	}
	decider, recipe, err := deciderOf(req)
	if err != nil {
		return nil, err
	}
	// A collection in the midst of a run would wait for workers, and start goroutines.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	s.journal.SetPhase(scheduler.Setup)
	config := controlled.Config{
		Steps: req.Controlled.Steps, Addresses: needsAddresses(req.Controlled.Strategy) || req.Controlled.Trace,
		Spins: spinsOf(req.Controlled.Strategy), Races: req.Controlled.Races, SyncOnly: req.Controlled.SyncOnly, Record: s.journal.Record(),
	}
	if recipe != nil && recipe.Suspend != nil {
		config.Suspend, config.Spins = recipe.Suspend, exhaustiveSpins
	}
	if recipe != nil && recipe.SyncOnly {
		config.Races, config.SyncOnly = true, true
	}
	engine, err := controlled.New(j.variant, j.schedule, j.logs, s.journal.SetPhase, config)
	if err != nil {
		return nil, fmt.Errorf("target %s: %w", j.target.Name, err)
	}
	b := s.batch(req, j)
	if recipe != nil && recipe.SyncOnly {
		engine.Freeze(recipe.Racing)
	}
	c := &controlledBatch{batch: b, schedule: j.schedule, engine: engine, decider: decider, recipe: recipe, raced: map[controlled.Place]bool{}, leaks: map[string]int{}}
	if err := c.loop(); err != nil {
		return nil, err
	}
	engine.Close()
	s.journal.SetPhase(scheduler.Idle)
	return &wire.Done{Explored: c.explored(), Suspended: c.suspended, Shares: s.journal.Shares(), Points: c.points.String(), Tally: b.tally, Seen: b.meter.Seen, Counts: b.counts, Worn: b.worn, Misfit: c.misfit, Exhausted: c.exhausted}, nil
}

// A controlledBatch is a batch whose workers run one at a time.
type controlledBatch struct {
	*batch
	schedule  *scheduler.Schedule
	engine    *controlled.Engine
	decider   strategy.Strategy
	recipe    *controlled.Recipe // that is replayed; nil: the strategy decides
	misfit    string             // how a replay did not fit its recipe
	exhausted bool               // the strategy has no further run to make
	points    points             // of all runs, if they are to be told
	stops     int                // failing runs, but for those with a race that is known already
	raced     map[controlled.Place]bool
	leaks     map[string]int // runs after which goroutines were left, by who started them: once is not enough
	suspended int            // runs in which a worker was
	spun      bool           // a worker was passed over since it only read
	shares    wire.Shares    // as in the journal
}

// loop is batch.loop. After a run that came to no end the process is worn.
func (c *controlledBatch) loop() error {
	waste := newGarbage()
	for i := range c.req.Count {
		number := c.req.First + i
		c.server.journal.SetStrategy(c.next())
		began, failed := time.Now(), c.tally.Failed
		run, err := c.engine.Run(c.decider, c.seed(number), c.req.Controlled.Trace || c.req.Controlled.Tell)
		if err != nil {
			return err
		}
		if c.exhausted = run == nil; c.exhausted {
			break
		}
		if c.req.Controlled.Tell {
			c.points.add(number, run.Trace)
		}
		c.look(run, number)
		c.book(wire.Share{Runs: 1, Failed: c.tally.Failed - failed, Nanos: uint64(time.Since(began))})
		c.spun = c.spun || run.Spun
		c.again(run)
		if c.worn = run.Stuck != nil || runtime.NumGoroutine() > wornOut || c.server.mapped.tooMuch(); c.worn {
			break
		}
		if c.req.StopAfter > 0 && c.stops >= c.req.StopAfter ||
			c.req.Millis > 0 && time.Since(c.started) >= time.Duration(c.req.Millis)*time.Millisecond {
			break
		}
		waste.collect()
	}
	return nil
}

// next returns whose run is next, by strategy.Number; less than 0 if it has none.
func (c *controlledBatch) next() int {
	if p, ok := c.decider.(*strategy.Portfolio); ok {
		return strategy.Number(p.Next())
	}
	return strategy.Number(c.req.Controlled.Strategy)
}

// book adds what a run came to, to the account of its strategy.
func (c *controlledBatch) book(s wire.Share) {
	number := c.server.journal.Strategy()
	if number < 0 {
		return
	}
	c.shares[number].Add(s)
	c.server.journal.SetShare(number, c.shares[number])
}

// again begins a search of all runs anew after one that showed a race: from now on it is decided
// there, too.
func (c *controlledBatch) again(run *controlled.Run) {
	if _, all := c.decider.(*strategy.Exhaustive); !all {
		return
	}
	known := len(c.raced)
	for _, race := range run.Races {
		c.raced[race.First.Where], c.raced[race.Second.Where] = true, true
	}
	if len(c.raced) > known && c.req.Controlled.SyncOnly {
		c.decider = exhaustive(c.req.Controlled)
	}
}

// explored says how far a search of all runs came; nil if it is none.
func (c *controlledBatch) explored() *wire.Explored {
	s, all := c.decider.(*strategy.Exhaustive)
	if !all {
		return nil
	}
	p := s.Progress()
	e := &wire.Explored{Runs: p.Runs, Redundant: p.Redundant, Bound: p.Bound, Ended: p.Ended, Complete: p.Complete}
	if p.Bound == strategy.Unbounded {
		e.Bound = -1
	}
	switch {
	case s.Err() != nil:
		e.Doubt = "it does not do the same each time: " + s.Err().Error()
	case c.spun:
		e.Doubt = fmt.Sprintf("a worker read for %d points without writing, and was taken to wait in a loop", exhaustiveSpins)
	}
	return e
}

// exhaustiveSpins is for how long a worker may only read in a search of all runs, which passes
// over who waits in a loop. That is right only if it does, so it takes longer than elsewhere.
const exhaustiveSpins = 1000

// spinsOf is for how long a worker may only read with a strategy; 0 is as long as usual.
func spinsOf(strategy string) int {
	if strategy == wire.Exhaustive {
		return exhaustiveSpins
	}
	return 0
}

func exhaustive(c *wire.Controlled) *strategy.Exhaustive {
	if c.Preemptions < 0 {
		return strategy.NewExhaustive(strategy.Unbounded)
	}
	return strategy.NewAtLeast(c.Preemptions)
}

// seed returns what the target's chance follows from.
func (c *controlledBatch) seed(number int) uint64 {
	if c.recipe != nil {
		return c.recipe.Seed
	}
	return c.req.Controlled.RunSeed(number)
}

// look judges one run.
func (c *controlledBatch) look(run *controlled.Run, number int) {
	c.tally.Runs++
	c.tally.Ops += c.ops
	overlap := c.meter.Measure(run.History, c.req.Boundaries)
	if overlap.Events > 0 {
		c.tally.Overlapped++
	}
	if overlap.Growth > 0 {
		c.tally.Growth++
	}
	if replay, ok := c.decider.(*strategy.Replay); ok && c.misfit == "" {
		switch err := replay.Err(); {
		case err != nil:
			c.misfit = err.Error()
		case replay.Beyond() > 0 && run.Stuck == nil:
			c.misfit = fmt.Sprintf("%d decisions more than the %d that are kept", replay.Beyond(), len(c.recipe.Decisions))
		}
	}
	var verdicts []oracle.Verdict
	if run.Stuck != nil {
		verdicts = append(verdicts, oracle.Verdict{Class: oracle.Hang, Rule: run.Stuck.Rule, Detail: run.Stuck.String()})
	} else {
		verdicts = append(verdicts, c.judge.Judge(run.History))
	}
	if verdicts[0].Class == oracle.Unknown {
		c.tally.Unknown++
	}
	if run.Suspended {
		c.suspended++
	}
	for _, w := range run.Waited {
		if op := c.op(w.Worker, w.Op); op.Kind == history.Load {
			verdicts = append(verdicts, c.blocked(op, w))
		}
	}
	for _, creator := range run.Left {
		if c.leaks[creator]++; c.recipe != nil || c.leaks[creator] >= enough {
			verdicts = append(verdicts, leak(creator, 1))
		}
	}
	for _, race := range run.Races {
		verdicts = append(verdicts, raced(race))
	}
	c.failed(slices.DeleteFunc(verdicts, func(v oracle.Verdict) bool { return !v.Class.Finding() }), run, number)
	c.server.journal.SetTally(c.tally)
	if c.meter.Fresh {
		c.server.journal.SetSeen(&c.meter.Seen)
	}
}

// failed counts a run that deserves some verdicts, if there are any: once for each signature, of
// which one run may have several races.
func (c *controlledBatch) failed(verdicts []oracle.Verdict, run *controlled.Run, number int) {
	if len(verdicts) == 0 {
		return
	}
	verdicts = distinct(verdicts)
	c.tally.Failed++
	c.server.journal.SetTally(c.tally)
	known := true
	for _, v := range verdicts {
		known = known && v.Class == oracle.DataRace && c.counts[v.Signature()] > 0
		c.fail(v, run, number)
	}
	if !known {
		c.stops++
	}
}

// distinct returns the first verdict of each signature.
func distinct(verdicts []oracle.Verdict) (all []oracle.Verdict) {
	for _, v := range verdicts {
		if !slices.ContainsFunc(all, v.Same) {
			all = append(all, v)
		}
	}
	return all
}

// fail reports the first run of each signature.
func (c *controlledBatch) fail(verdict oracle.Verdict, run *controlled.Run, number int) {
	signature := verdict.Signature()
	c.counts[signature]++
	if c.counts[signature] > 1 {
		return
	}
	if run.Stuck != nil && run.Stuck.Rule == controlled.Livelock && len(run.Decisions) > livelockDecisions {
		run.Decisions = run.Decisions[:livelockDecisions]
	}
	recipe := controlled.Recipe{Strategy: c.req.Controlled.Strategy, Seed: c.seed(number), Decisions: run.Decisions}
	if recipe.SyncOnly = c.req.Controlled.SyncOnly; recipe.SyncOnly {
		recipe.Racing = run.Racing
	}
	if c.recipe != nil {
		recipe.Strategy, recipe.SyncOnly, recipe.Racing, recipe.Suspend = c.recipe.Strategy, c.recipe.SyncOnly, c.recipe.Racing, c.recipe.Suspend
	} else if p, ok := c.decider.(*strategy.Portfolio); ok {
		recipe.Strategy = p.Current()
	}
	f := wire.Failure{Verdict: verdict, Run: number, ClockFree: true, History: history.Text(run.History), Recipe: recipe.String()}
	if run.Trace != nil {
		f.Trace = ends(run.Trace.Steps, maxTrace)
	}
	c.server.send(wire.Frame{ID: c.req.ID, Failure: &f})
}

// maxTrace is how many points of a run are told of: a livelock has a million.
const maxTrace = 1 << 16

// ends returns the first and the last points of a run that has more than n. What comes between is
// a worker that goes round in circles, and what led to that is at the beginning.
func ends(steps []controlled.Step, n int) []controlled.Step {
	if len(steps) <= n {
		return steps
	}
	return slices.Concat(steps[:n/2], steps[len(steps)-n/2:])
}

// livelockDecisions is how many decisions of a livelock are kept: those that led to it. It
// goes on by itself.
const livelockDecisions = 10_000

// deciderOf returns the strategy that a request names, or a replay and its recipe.
func deciderOf(req *wire.Request) (strategy.Strategy, *controlled.Recipe, error) {
	c := req.Controlled
	seed := c.RunSeed(req.First)
	switch c.Strategy {
	case "":
		recipe, err := controlled.ParseRecipe(c.Recipe)
		if err != nil {
			return nil, nil, err
		}
		return strategy.NewReplay(recipe.Decisions), recipe, nil
	case wire.Exhaustive:
		return exhaustive(c), nil, nil
	}
	if s := strategy.Named(c.Strategy, seed); s != nil {
		return s, nil, nil
	}
	return nil, nil, fmt.Errorf("unknown strategy %q; want one of %s, %s", c.Strategy, strings.Join(strategy.Names(), ", "), wire.Exhaustive)
}

// needsAddresses says whether a strategy goes by what workers are about to touch.
func needsAddresses(name string) bool {
	return name != "" && name != "random" && !strings.HasPrefix(name, "pct")
}
