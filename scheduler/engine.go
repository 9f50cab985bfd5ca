package scheduler

import (
	"fmt"
	"runtime"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// A Phase is what an engine is doing in a run; a process that dies leaves it
// behind to tell whose fault that was.
type Phase uint64

// The phases of a run, in order.
const (
	Idle    Phase = iota // no run under way
	Setup                // a fresh map is made and filled, by one goroutine
	Running              // the workers run
	Reading              // the map is read back, by one goroutine
	Judging              // the history is looked at; the map is not used
)

var phaseNames = []string{"idle", "setup", "running", "reading back", "judging"}

// String returns the phase in words.
func (p Phase) String() string {
	if int(p) >= len(phaseNames) {
		return fmt.Sprintf("phase(%d)", uint64(p))
	}
	return phaseNames[p]
}

// An Engine runs one schedule again and again, with real parallel goroutines. It
// keeps its workers and its memory between runs. It is for one goroutine; Close
// ends the workers.
//
// What comes of a run is up to the hardware: the same schedule may give another
// history each time.
type Engine struct {
	schedule *Schedule
	variant  *target.Variant
	phase    func(Phase)
	prefill  []history.Entry
	odd      *odd // nil if no key is
	reader   *reader
	workers  []*worker
	cursors  []cursor // by worker
	crew     crew
	age      *age       // nil if each run has a map of its own
	collect  *collector // nil if the plan has none
	noise    Noise      // nil if the plan has none
	procs    int        // GOMAXPROCS as Close puts it back; 0 if it was not changed

	conductor Conductor // nil if the crew runs free
	calls     []func()  // what it runs together

	_ [line]byte // from here on the engine writes in each run, up to here the workers read

	lane    *lane           // of the run
	ahead   ahead           // of the next one
	history history.History // of the last run
	rest    history.Contents
}

// NewEngine makes an engine for a valid schedule. The logs are written, and phase is told
// of each phase of each run; both may outlive the process.
func NewEngine(v *target.Variant, s *Schedule, logs Logs, phase func(Phase)) (*Engine, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	s = s.asRun(v.Shape)
	m := v.New()
	if err := supports(&m.Map, s); err != nil {
		return nil, err
	}
	if m.Close != nil {
		m.Close()
	}
	v.Prepare(s.last(target.FirstOdd))
	v.Prepare(s.last(history.MaxCode + 1)) // of those from FirstOdd on, if there are any
	e := &Engine{schedule: s, variant: v, phase: phase, prefill: s.Entries(), odd: oddOf(&m, s), lane: newLane(0, m)}
	e.reader = newReader(s, e.odd)
	if e.age = newAge(e.lane.m, s, e.odd); e.age != nil {
		e.age.words = logs.age
		v.Prepare(0, e.age.prepared())
	}
	if s.Timing.Procs > 0 && runtime.GOMAXPROCS(0) != s.Timing.Procs {
		e.procs = runtime.GOMAXPROCS(s.Timing.Procs)
	}
	for w, ops := range s.Workers {
		e.workers = append(e.workers, newWorker(e, w, ops, logs.Workers[w]))
	}
	e.crew.start(e.workers, &s.Timing)
	e.ahead.able = v.Apart && e.crew.spare && e.age == nil && m.Close == nil
	if s.Timing.GC {
		e.collect = startCollector() // ended by Close
	}
	e.ahead.goroutines = runtime.NumGoroutine()
	return e, nil
}

// Close ends the workers and waits for them, closes the map if it is in use, and puts
// GOMAXPROCS back.
func (e *Engine) Close() {
	e.withdraw()
	e.crew.close()
	e.Renew()
	if e.collect != nil {
		e.collect.close()
	}
	if e.procs > 0 {
		runtime.GOMAXPROCS(e.procs)
	}
}

// Run runs the schedule once and returns the history, which is valid until the next Run.
// The clock's form decides the order of its events. The map is a fresh one, or the one of the
// run before if the schedule has several rounds and InUse says so.
//
// The number of the run goes into the disturbance: with the same plan, another
// number means other chances.
func (e *Engine) Run(number int, clock *history.Clock) (*history.History, error) {
	if err := e.setUp(); err != nil {
		return nil, err
	}
	e.begin(number, clock)

	e.phase(Running)
	e.crew.work()

	e.phase(Reading)
	e.fillAhead()
	e.reader.read(e.lane.m, &e.rest)
	if e.age != nil {
		e.age.end(&e.rest)
	}
	e.assemble()
	e.history.Foreign = e.lane.instance.Foreign()
	if !e.InUse() {
		e.lane.close()
	}
	e.phase(Judging)
	return &e.history, nil
}

// begin tells the workers of the next run. A log at least is of that run from now on, or
// a process that dies before the workers start would leave an old run behind.
func (e *Engine) begin(number int, clock *history.Clock) {
	next := &e.crew.meeting.next
	next.clock, next.number = *clock, number
	next.turn++
	next.lane = e.lane.number
	e.workers[0].log.Reset(next.turn)
}

// setUp has the map ready that the run is made on.
func (e *Engine) setUp() error {
	e.phase(Setup)
	var err error
	switch {
	case e.age != nil && e.age.next():
		return nil
	case e.join():
		err = e.ahead.err
	default:
		err = e.renew(e.lane)
	}
	if e.ahead.count(); e.ahead.able && e.ahead.more == 0 {
		e.provide()
	}
	return err
}

// renew makes a fresh map, which must have what the first one had, and puts the prefill in,
// by way of its peak.
func (e *Engine) renew(l *lane) error {
	if err := l.renew(e.variant, e.schedule); err != nil {
		return err
	}
	for _, entry := range e.prefill {
		l.inserter.insert(l.m, entry.Key, entry.Value)
	}
	first, last := uint64(e.schedule.Prefill+1), uint64(e.schedule.Peak)
	for k := first; k <= last; k++ {
		l.inserter.insert(l.m, k, k)
	}
	for k := last; k >= first; k-- {
		l.remove(k, k)
	}
	return nil
}

// InUse reports whether the next Run goes on with the map of the last one.
func (e *Engine) InUse() bool { return e.lane.open && e.age != nil && !e.age.over }

// Renew has the next Run make a fresh map in any case.
func (e *Engine) Renew() {
	if e.InUse() {
		e.phase(Reading) // if the map blocks or panics now, that is its fault
		e.age.over = true
		e.lane.close()
		e.phase(Judging)
	}
}
