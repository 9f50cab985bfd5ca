// Package machine is a small machine that is only simulated: workers over shared
// variables, locks and semaphores, one step at a time.
//
// It is what strategies are tested on, since it knows of a small program what no real
// engine does: every interleaving there is, and which of them are equivalent.
package machine

import "github.com/mapstress/mapstress/scheduler/strategy"

// An action is what an instruction does.
type action uint8

const (
	access action = iota // touch variables, as the kind says
	add                  // add to a variable, atomically; the result goes to the register
	cas                  // compare-and-swap; 1 or 0 goes to the register
	lock
	unlock
	acquire // take one from a semaphore, or wait in its queue
	release // give one back, to the first in the queue if there is any
	yield
	spawn
	mark  // a point of another kind, that does nothing
	set   // the register
	plus  // add to the register
	jump  // if the register is as said
	fail  // the same
	never // jump if the register is not as said
)

// An Instr is one instruction. Those that only touch a worker's own register have no point.
type Instr struct {
	do   action
	kind strategy.Kind
	addr int // of the first variable, or the lock
	n    int // variables, or a number
	m    int
}

// The instructions. A worker has one register, 0 at first.
func Load(addr int) Instr       { return Instr{do: access, kind: strategy.Read, addr: addr, n: 1} }
func Store(addr int) Instr      { return Instr{do: access, kind: strategy.Write, addr: addr, n: 1} }
func LoadRange(a, n int) Instr  { return Instr{do: access, kind: strategy.Read, addr: a, n: n} }
func StoreRange(a, n int) Instr { return Instr{do: access, kind: strategy.Write, addr: a, n: n} }
func AtomicLoad(addr int) Instr {
	return Instr{do: access, kind: strategy.AtomicRead, addr: addr, n: 1}
}
func AtomicStore(addr int) Instr {
	return Instr{do: access, kind: strategy.AtomicWrite, addr: addr, n: 1}
}
func AtomicAdd(addr, n int) Instr {
	return Instr{do: add, kind: strategy.AtomicWrite, addr: addr, n: n}
}
func CAS(addr, from, to int) Instr {
	return Instr{do: cas, kind: strategy.AtomicWrite, addr: addr, n: from, m: to}
}
func Lock(addr int) Instr    { return Instr{do: lock, kind: strategy.Lock, addr: addr} }
func Unlock(addr int) Instr  { return Instr{do: unlock, kind: strategy.Unlock, addr: addr} }
func Acquire(addr int) Instr { return Instr{do: acquire, kind: strategy.AtomicWrite, addr: addr} }
func Release(addr int) Instr { return Instr{do: release, kind: strategy.AtomicWrite, addr: addr} }
func Yield() Instr           { return Instr{do: yield, kind: strategy.Yield} }
func Call() Instr            { return Instr{do: mark, kind: strategy.Call} }
func Return() Instr          { return Instr{do: mark, kind: strategy.Return} }
func Other() Instr           { return Instr{do: mark, kind: strategy.Other} }

// Spawn starts the next code that has not been started.
func Spawn() Instr { return Instr{do: spawn, kind: strategy.Spawn} }

// Of the register: give it a value, add to it, and jump or fail if it has one.
func Set(n int) Instr          { return Instr{do: set, n: n} }
func Plus(n int) Instr         { return Instr{do: plus, n: n} }
func If(n, target int) Instr   { return Instr{do: jump, n: n, m: target} }
func Else(n, target int) Instr { return Instr{do: never, n: n, m: target} }
func FailIf(n int) Instr       { return Instr{do: fail, n: n} }

// A Program is the codes of workers. Those beyond the first Workers are spawned.
type Program struct {
	Codes   [][]Instr
	Workers int // 0 is all
}

// New returns the program of workers that all start at once.
func New(codes ...[]Instr) *Program { return &Program{Codes: codes} }

// Code joins pieces of code that do not jump.
func Code(pieces ...[]Instr) (all []Instr) {
	for _, p := range pieces {
		all = append(all, p...)
	}
	return all
}

// Times repeats an instruction.
func Times(n int, i Instr) []Instr {
	all := make([]Instr, n)
	for k := range all {
		all[k] = i
	}
	return all
}

// width is the bytes of a variable. Those from static on are far away from the others, as
// package-level variables are from what is allocated.
const (
	width  = 8
	static = 8
)

func address(addr int) uint64 {
	a := uint64(addr)*width + 1
	if addr >= static {
		a += 1 << 62
	}
	return a
}

// point is what a worker is about to do at an instruction.
func (i *Instr) point() strategy.Point {
	p := strategy.Point{Kind: i.kind}
	switch i.do {
	case access:
		p.Addr, p.Size = address(i.addr), uint32(i.n)*width
	case add, cas, lock, unlock, acquire, release:
		p.Addr, p.Size = address(i.addr), width
	}
	return p
}
