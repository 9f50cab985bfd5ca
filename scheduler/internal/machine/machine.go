package machine

import (
	"slices"

	"github.com/mapstress/mapstress/scheduler/strategy"
)

// A Machine runs a program again and again. The zero value with a Program is ready.
type Machine struct {
	Program *Program
	// Observe, if set, is told every step as it is done, and Enables every worker that was
	// let go on by another.
	Observe func(worker int, p strategy.Point)
	Enables func(by, other int)
	// Quiet, if set, says that a step needs no decision: the worker goes on to it as it comes to
	// it, and strategies are not told.
	Quiet func(worker int, p strategy.Point) bool
	// Traced says that traces are wanted. It makes runs slow.
	Traced bool
	// MaxSteps ends a run; 0 is 10,000.
	MaxSteps int

	pc, register []int
	queue        []int // who waits for a semaphore, in order
	awaits       []int // by worker: the semaphore that it waits for, and 1
	memory       []int
	owner        []int // of locks, by address: 0 if free
	pending      []strategy.Point
	enabled      []int
	view         strategy.View
	listener     strategy.Listener
	events       []event
	edges        []edge
	r            Result
}

// A Result is what came of a run.
type Result struct {
	Picks       []int // the worker picked, wherever there was a choice; good until the next run
	Steps       int
	Switches    int
	Preemptions int  // switches from a worker that could have gone on, and had not yielded
	Failed      bool // a FailIf struck
	Deadlock    bool
	TooLong     bool
	// Trace is the same for runs that are equivalent: those in which all that conflicts was
	// done in the same order. It may by chance, 2^-64, be the same for others.
	Trace uint64
	// Outcome is the same for runs that left the same in all variables and registers; as above.
	Outcome uint64
}

// Run makes one run, and returns false if the strategy has none to make.
func (m *Machine) Run(s strategy.Strategy) (Result, bool) {
	m.reset()
	if !s.Begin(len(m.pc)) {
		return Result{}, false
	}
	m.listener, _ = s.(strategy.Listener)
	current, yields := -1, false
	for m.ready() {
		if m.r.Steps == m.MaxSteps {
			m.r.TooLong = true
			break
		}
		w := m.enabled[0]
		if len(m.enabled) > 1 {
			m.view = strategy.View{Enabled: m.enabled, Current: current, Pending: m.pending,
				Stays: slices.Contains(m.enabled, current), Yields: yields}
			w = s.Pick(&m.view)
			if !slices.Contains(m.enabled, w) {
				panic("machine: a worker was picked that cannot go on")
			}
			m.r.Picks = append(m.r.Picks, w)
			if m.view.Stays && w != current && !yields {
				m.r.Preemptions++
			}
		}
		if current != w && current >= 0 {
			m.r.Switches++
		}
		current, yields = w, m.step(s, w)
		for m.Quiet != nil && m.runs(w) && m.Quiet(w, m.pending[w]) {
			yields = m.step(nil, w)
		}
	}
	for w, p := range m.pending {
		if p.Kind != strategy.End {
			m.r.Deadlock = !m.r.TooLong
			if m.listener != nil {
				m.listener.Left(w, p)
			}
		}
	}
	if m.Traced {
		m.r.Trace, m.r.Outcome = m.trace(), m.outcome()
	}
	s.Finish()
	return m.r, true
}

func (m *Machine) reset() {
	if m.memory == nil {
		size := 0
		for _, code := range m.Program.Codes {
			for _, i := range code {
				size = max(size, i.addr+1, i.addr+i.n*int(1-min(i.do, 1)))
			}
		}
		m.memory, m.owner = make([]int, size), make([]int, size)
		if m.MaxSteps == 0 {
			m.MaxSteps = 10000
		}
	}
	clear(m.memory)
	clear(m.owner)
	m.pc, m.register, m.awaits, m.pending = m.pc[:0], m.register[:0], m.awaits[:0], m.pending[:0]
	m.queue = m.queue[:0]
	m.events, m.edges = m.events[:0], m.edges[:0]
	m.r = Result{Picks: m.r.Picks[:0]}
	n := m.Program.Workers
	if n == 0 {
		n = len(m.Program.Codes)
	}
	for range n {
		m.start()
	}
}

func (m *Machine) start() {
	m.pc, m.register, m.awaits = append(m.pc, 0), append(m.register, 0), append(m.awaits, 0)
	m.pending = append(m.pending, strategy.Point{})
	m.settle(len(m.pc) - 1)
}

// settle does what needs no point, up to the next that does.
func (m *Machine) settle(w int) {
	code := m.Program.Codes[w]
	for m.pc[w] < len(code) {
		i := &code[m.pc[w]]
		r := &m.register[w]
		switch i.do {
		case set:
			*r = i.n
		case plus:
			*r += i.n
		case fail:
			m.r.Failed = m.r.Failed || *r == i.n
		case jump, never:
			if (*r == i.n) == (i.do == jump) {
				m.pc[w] = i.m
				continue
			}
		default:
			m.pending[w] = i.point()
			return
		}
		m.pc[w]++
	}
	m.pending[w] = strategy.Point{Kind: strategy.End}
}

// ready finds who can go on.
func (m *Machine) ready() bool {
	m.enabled = m.enabled[:0]
	for w := range m.pc {
		if m.runs(w) {
			m.enabled = append(m.enabled, w)
		}
	}
	return len(m.enabled) > 0
}

// runs says that a worker can go on.
func (m *Machine) runs(w int) bool {
	p := &m.pending[w]
	return p.Kind != strategy.End && m.awaits[w] == 0 && (p.Kind != strategy.Lock || m.owner[m.Program.Codes[w][m.pc[w]].addr] == 0)
}

// Where tells which instruction a worker is at.
func (m *Machine) Where(worker int) uint64 { return uint64(worker+1)<<16 | uint64(m.pc[worker]) }

// step does what a worker was about to do, and says whether it comes to a Yield.
func (m *Machine) step(s strategy.Strategy, w int) bool {
	p := m.pending[w]
	m.r.Steps++
	if s != nil {
		s.Step(w, p)
	}
	if m.Observe != nil {
		m.Observe(w, p)
	}
	if m.Traced {
		m.events = append(m.events, event{worker: w, p: p})
	}
	if p.Kind != strategy.Wait && m.do(w) {
		return false
	}
	m.settle(w)
	return m.pending[w].Kind == strategy.Yield
}

// do does the instruction, and says whether the worker has to wait.
func (m *Machine) do(w int) bool {
	i := &m.Program.Codes[w][m.pc[w]]
	m.pc[w]++
	switch i.do {
	case access:
		m.access(i, &m.register[w])
	case add:
		m.memory[i.addr] += i.n
		m.register[w] = m.memory[i.addr]
	case cas:
		m.register[w] = 0
		if m.memory[i.addr] == i.n {
			m.register[w], m.memory[i.addr] = 1, i.m
		}
	case lock:
		m.owner[i.addr] = w + 1
	case unlock:
		m.owner[i.addr] = 0
	case acquire:
		if m.memory[i.addr] == 0 {
			m.queue, m.awaits[w], m.pending[w] = append(m.queue, w), i.addr+1, strategy.Point{Kind: strategy.Wait}
			return true
		}
		m.memory[i.addr]--
	case release:
		m.release(w, i.addr)
	case spawn:
		m.start()
		m.enable(w, len(m.pc)-1)
	}
	return false
}

func (m *Machine) access(i *Instr, register *int) {
	for a := i.addr; a < i.addr+i.n; a++ {
		if i.kind.Writes() {
			m.memory[a] = *register
		} else {
			*register = m.memory[a]
		}
	}
}

// release hands over to the first that waits for a semaphore, if anybody does.
func (m *Machine) release(by, addr int) {
	for k, w := range m.queue {
		if m.awaits[w] == addr+1 {
			m.queue = slices.Delete(m.queue, k, k+1)
			m.awaits[w] = 0
			m.enable(by, w)
			return
		}
	}
	m.memory[addr]++
}

func (m *Machine) enable(by, other int) {
	if m.listener != nil {
		m.listener.Enable(by, other)
	}
	if m.Enables != nil {
		m.Enables(by, other)
	}
	if m.Traced {
		m.edges = append(m.edges, edge{len(m.events) - 1, other})
	}
}
