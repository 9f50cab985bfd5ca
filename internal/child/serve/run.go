package serve

import (
	"errors"
	"fmt"
	"time"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/oracle/linear"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/scheduler/controlled"
	"github.com/mapstress/mapstress/target"
)

// A batch is the runs of one request.
type batch struct {
	server  *server
	req     *wire.Request
	engine  *scheduler.Engine
	judge   oracle.Judge
	meter   history.Meter
	ops     uint64 // of one run
	tally   wire.Tally
	worn    bool              // see wornOut and mapped
	counts  map[string]uint64 // failing runs by signature
	started time.Time
}

// A job is what a RunTask asks for, as it was understood.
type job struct {
	schedule *scheduler.Schedule
	target   *target.Target
	variant  *target.Variant
	logs     scheduler.Logs
}

// accept reads a RunTask.
func (s *server) accept(req *wire.Request) (j job, err error) {
	if j.schedule, err = scheduler.Parse(req.Schedule); err != nil {
		return j, err
	}
	if j.target, err = s.find(req.Target); err != nil {
		return j, err
	}
	if j.variant, err = j.target.Variant(j.schedule.Shape); err != nil {
		return j, err
	}
	j.logs, err = s.journal.Logs(j.schedule)
	return j, err
}

// batch is a new one for a job.
func (s *server) batch(req *wire.Request, j job) *batch {
	return &batch{
		server: s, req: req, judge: oracle.Judge{Contract: j.target.Contract, Models: j.variant.Models()},
		ops: uint64(j.schedule.Ops()), counts: map[string]uint64{}, started: time.Now(),
	}
}

// run does a RunTask.
func (s *server) run(req *wire.Request) (*wire.Done, error) {
	j, err := s.accept(req)
	if err != nil {
		return nil, err
	}
	noise := j.schedule.Timing.Noise > 0
	if noise && !controlled.Available {
		return nil, errors.New("its timing has noise, and this child was built without hooks at accesses to memory")
	}
	s.journal.SetPhase(scheduler.Setup) // maps are made from here on
	variant := *j.variant
	// What a constructor writes, a default size for instance, and a method reads is a race only
	// while another map is in use, and of that no documentation speaks.
	variant.Apart = variant.Apart && !raceEnabled
	engine, err := scheduler.NewEngine(&variant, j.schedule, j.logs, s.journal.SetPhase)
	if err != nil {
		return nil, fmt.Errorf("target %s: %w", j.target.Name, err)
	}
	if noise {
		engine.Disturb(controlled.Noise{})
	}
	b := s.batch(req, j)
	b.engine = engine
	watch := s.goroutines.watch(j.variant)
	err = b.loop(&watch)
	engine.Close()
	if err != nil {
		return nil, err
	}
	s.journal.SetPhase(scheduler.Idle)
	if verdict, leaked := s.goroutines.judge(&watch, j.variant, s.journal.SetPhase); leaked {
		b.fail(verdict, nil, req.First, watch.runs)
	}
	return &wire.Done{Tally: b.tally, Seen: b.meter.Seen, Counts: b.counts, Worn: b.worn}, nil
}

// loop runs until the request's count, time or number of failures is reached.
func (b *batch) loop(watch *leakWatch) error {
	for i := range b.req.Count {
		number := b.req.First + i
		clock := history.NewClock(b.req.Atomic)
		h, err := b.engine.Run(number, &clock)
		if err != nil {
			return err
		}
		if trusted := b.look(h, number); !trusted {
			b.engine.Renew()
		}
		if err := b.judge.Err(); err != nil {
			return err
		}
		if !b.engine.InUse() {
			watch.look()
		}
		if b.worn = watch.allowed > wornOut || b.server.mapped.tooMuch(); b.worn {
			break
		}
		if b.req.StopAfter > 0 && b.tally.Failed+watch.certain() >= uint64(b.req.StopAfter) ||
			b.req.Millis > 0 && time.Since(b.started)-watch.waited >= time.Duration(b.req.Millis)*time.Millisecond {
			break
		}
	}
	return nil
}

// wornOut is how many goroutines are too many: a target whose maps leave one
// behind each, by design, would have the process end for want of memory, which
// is nobody's bug.
const wornOut = 10_000

// look judges one run, and publishes the tally. What a run has read of its map at rest is to be
// trusted as what the next one on it begins with if no entry may vanish, and nothing was wrong.
func (b *batch) look(h *history.History, number int) (trusted bool) {
	b.tally.Runs++
	b.tally.Ops += b.ops
	overlap := b.meter.Measure(h, b.req.Boundaries)
	if overlap.Events > 0 {
		b.tally.Overlapped++
	}
	if overlap.Growth > 0 {
		b.tally.Growth++
	}
	verdict := b.judge.Judge(h)
	switch {
	case verdict.Class == oracle.Unknown:
		b.tally.Unknown++
	case verdict.Class.Finding():
		b.fail(verdict, h, number, 1)
	}
	b.server.journal.SetTally(b.tally)
	if b.meter.Fresh {
		b.server.journal.SetSeen(&b.meter.Seen)
	}
	return verdict.Class == oracle.Clean && b.judge.Contract.Load.Level == target.Linearizable
}

// unorderedBudget is for each key of a history without its order. All ops of a key
// overlap then, so that in a history of thousands of ops every key that zones do
// not decide may take all of it: some 20 ms. What is undecided is left to atomic
// stamps.
var unorderedBudget = linear.Budget{Steps: 1 << 16}

// clockFree reports whether the verdict is the same without all order.
func (b *batch) clockFree(h *history.History, verdict oracle.Verdict) bool {
	unordered := oracle.Judge{Contract: b.judge.Contract, Models: b.judge.Models, Budget: unorderedBudget}
	free := unordered.Judge(oracle.Unordered(h))
	return free.Class == verdict.Class && free.Rule == verdict.Rule
}

// fail counts failing runs, and reports the first of each signature at once: the
// next run may be this process's last.
func (b *batch) fail(verdict oracle.Verdict, h *history.History, number int, runs uint64) {
	b.tally.Failed += runs
	b.server.journal.SetTally(b.tally) // before the frame: who has that must find the run counted
	signature := verdict.Signature()
	b.counts[signature] += runs
	if b.counts[signature] > runs {
		return
	}
	f := wire.Failure{Verdict: verdict, Run: number, ClockFree: h == nil}
	if h != nil {
		f.History = history.Text(h)
		f.ClockFree = !b.req.Known && !b.req.Atomic && b.clockFree(h, verdict)
	}
	b.server.send(wire.Frame{ID: b.req.ID, Failure: &f})
}
