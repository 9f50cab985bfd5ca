// Package hb finds data races in runs of which every step is known: two accesses to the same
// byte by different workers, one of them a write and one of them plain, of which neither
// happens before the other.
//
// Happens-before is that of the Go memory model (https://go.dev/ref/mem): a worker's own
// order, and edges from who spawns or wakes to who is, from an unlock to later locks, and from
// an atomic to those that may see it. The last is taken widely, every atomic write before all
// later atomics at its address: that can hide a race, and makes none. A race found is one in
// that interleaving for certain, and so in every execution that synchronizes in that way.
//
// Clocks are vectors, accesses mostly epochs: Flanagan and Freund, FastTrack (PLDI 2009).
//
// # Deciding at synchronization only
//
// A strategy that is asked at every access decides mostly what makes no difference. It is
// enough to ask it at synchronization, that is at everything but plain accesses, and at those
// plain accesses that are in a race in some run. The argument is that of the memory model,
// that programs without races have sequentially consistent outcomes only (DRF-SC), put the
// other way round.
//
// Let the places that race be asked at, and take any interleaving in which no other place
// races. Of two conflicting accesses of different workers at other places one then happens
// before the other, through synchronization that its worker does after it and the other's
// worker does before its own. So between two points at which it is asked, a worker does
// nothing that conflicts with what others do in the meantime; these can be moved before or
// behind all of it, step by step, and nobody notices. What is left is an interleaving that
// switches only where it is asked, of the same outcome.
//
// And a place that races will show. Take an interleaving that does at a place not asked at,
// cut off behind the first access that makes a race: all before it has none, and can be moved
// as above, with the same happens-before, so the race is found in a run that switches only
// where it is asked. The places are then one more, and a search that was to be complete has
// to start again. The outcomes are those of interleaved accesses: what a processor or a
// compiler can make of a race beyond that is not seen, but the race is reported.
package hb

import (
	"slices"

	"github.com/mapstress/mapstress/scheduler/internal/sparse"
	"github.com/mapstress/mapstress/scheduler/strategy"
)

// A Detector looks for races, run by run. It is not safe for concurrent use, and does not
// allocate once it has seen runs of the kind. The zero value is ready.
type Detector struct {
	stride int            // workers that a clock has room for
	now    []uint32       // a clock for each worker
	blocks sparse.Numbers // of 8 bytes
	cells  []cell         // 8 for each block, by its number
	block  uint64         // the last that was asked for
	first  int            // and its first cell
	reads  []uint32       // shared reads: a clock, and for each worker the access
	syncs  []uint32       // of atomics and locks, five for each; see sync
	log    []logged       // those that a cell may refer to; the first is none
	step   int32
	races  []Race
	raced  int32        // the access in the log with which this step was last seen to race
	seen   map[pair]int // index of the race of these places
	places places       // of races, as of the beginning of the run
	frozen bool
}

// An Access is a step that touches memory.
type Access struct {
	Worker int
	Step   int // number of the step in the run, from 0, all workers' together
	Point  strategy.Point
	Where  uint64 // what the engine gave: the place in the program
}

// A Race is two accesses that nothing orders. First was done first, this time.
type Race struct {
	First, Second Access
	Times         int // pairs of accesses at these two places that raced in the run
}

type pair [2]uint64

// A cell is what is known of a byte.
type cell struct {
	write, read     epoch // the last plain ones; read is not used if reads are shared
	writeAt, readAt int32 // where they are in the log
	shared          int32 // where in reads its clock is, and 1: several workers read it last
	sync            int32 // where in syncs it is, and 1: it is a lock, or used by atomics
}

// An epoch is a worker and its clock at an access. 0 is none.
type epoch uint64

const workerBits = 16

func epochOf(worker int, clock uint32) epoch { return epoch(clock)<<workerBits | epoch(worker) }

func (e epoch) worker() int { return int(e & (1<<workerBits - 1)) }

// before says that an access happens before what has this clock.
func (e epoch) before(clock []uint32) bool { return uint32(e>>workerBits) <= clock[e.worker()] }

// Begin starts a run. What races the last one had is forgotten, but not where they were.
func (d *Detector) Begin(workers int) {
	if d.seen == nil {
		d.seen = map[pair]int{}
	}
	if !d.frozen {
		for i := range d.races {
			d.places.add(d.races[i].First.Where)
			d.places.add(d.races[i].Second.Where)
		}
	}
	if len(d.races) > 0 {
		clear(d.seen)
	}
	d.blocks.Reset()
	d.cells, d.reads, d.syncs, d.races = d.cells[:0], d.reads[:0], d.syncs[:0], d.races[:0]
	d.log = append(d.log[:0], logged{})
	d.step = 0
	d.widen(workers)
	clear(d.now)
	for w := range d.stride {
		d.now[w*d.stride+w] = 1
	}
}

// Step tells that a worker goes on with what it was to do, and where in the program that is.
// It must be told when the worker does go on, not when it stopped before it; a lock, when it
// has it.
func (d *Detector) Step(worker int, p strategy.Point, where uint64) {
	if worker >= d.stride {
		d.widen(worker + 1)
	}
	d.step++
	if p.Addr == 0 {
		return
	}
	a := access{d.clock(worker), worker, int32(len(d.log))}
	d.raced = 0
	d.log = append(d.log, logged{p, where, d.step - 1, int32(worker)})
	switch p.Kind {
	case strategy.Read:
		for b := range uint64(max(p.Size, 1)) {
			d.read(a, p.Addr+b)
		}
	case strategy.Write:
		for b := range uint64(max(p.Size, 1)) {
			d.write(a, p.Addr+b)
		}
	case strategy.AtomicRead, strategy.AtomicWrite, strategy.Lock, strategy.Unlock:
		d.synchronize(a, p.Addr, p.Kind)
	}
}

// Enable tells that another worker can go on because of what the one did: it woke it, or
// spawned it.
func (d *Detector) Enable(by, other int) {
	d.widen(max(by, other) + 1)
	merge(d.clock(other), d.clock(by))
	d.now[by*d.stride+by]++
}

// Races are those of the run so far, each pair of places once, in the order in which they
// were found. They are good until Begin.
func (d *Detector) Races() []Race { return d.races }

func (d *Detector) clock(worker int) []uint32 {
	return d.now[worker*d.stride : (worker+1)*d.stride]
}

func merge(clock, other []uint32) {
	for i, c := range other {
		clock[i] = max(clock[i], c)
	}
}

// cell returns that of an address. It is good until the next is asked for.
func (d *Detector) cell(addr uint64) *cell {
	if addr/8 != d.block || len(d.cells) == 0 {
		d.block, d.first = addr/8, 8*d.blocks.Of(addr/8)
		if d.first == len(d.cells) {
			d.cells = longer(d.cells, 8)
		}
	}
	return &d.cells[d.first+int(addr%8)]
}

// longer adds so many zeros.
func longer[T any](s []T, n int) []T {
	s = slices.Grow(s, n)[:len(s)+n]
	clear(s[len(s)-n:])
	return s
}

// widen makes room for workers in all clocks.
func (d *Detector) widen(workers int) {
	if workers <= d.stride {
		return
	}
	old, wide := d.stride, max(4, 2*d.stride, workers)
	again := func(clocks []uint32) []uint32 {
		if old == 0 {
			return nil
		}
		all := make([]uint32, len(clocks)/old*wide)
		for i := range len(clocks) / old {
			copy(all[i*wide:], clocks[i*old:(i+1)*old])
		}
		return all
	}
	for i := range d.cells {
		c := &d.cells[i]
		if c.shared > 0 {
			c.shared = (c.shared-1)/int32(old)*int32(wide) + 1
		}
		if c.sync > 0 {
			c.sync = (c.sync-1)/int32(old)*int32(wide) + 1
		}
	}
	d.reads, d.syncs = again(d.reads), again(d.syncs)
	d.now = append(again(d.now), make([]uint32, (wide-old)*wide)...)
	d.stride = wide
	for w := old; w < wide; w++ {
		d.now[w*wide+w] = 1
	}
}
