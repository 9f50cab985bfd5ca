package hb

import "github.com/mapstress/mapstress/scheduler/strategy"

// An access is a step under way. It becomes the last one of its kind also where the worker has
// been since it last synchronized: both race with the same steps, but each is at its own place,
// and the earlier one shows when the other worker comes first, or between the two.
type access struct {
	*Detector
	now    []uint32 // the worker's clock
	worker int
	at     int32 // in the log
	raced  int32 // the access in the log with which it was last seen to race
}

// A logged access.
type logged struct {
	p      strategy.Point
	where  uint64
	step   int32
	worker int32
}

func (l *logged) access() Access { return Access{int(l.worker), int(l.step), l.p, l.where} }

// read is a plain read of a byte.
func (a *access) read(addr uint64) {
	c := a.cell(addr)
	if c.write != 0 && !c.write.before(a.now) {
		a.race(c.writeAt)
	}
	if c.sync > 0 {
		a.against(c, atomicWrites)
	}
	switch {
	case c.shared > 0:
		a.share(c, a.worker, a.now[a.worker], a.at)
	case c.read == 0 || c.read.before(a.now):
		c.read, c.readAt = epochOf(a.worker, a.now[a.worker]), a.at
	default:
		c.shared = int32(len(a.reads)) + 1
		a.reads = append(a.reads, make([]uint32, 2*a.stride)...)
		a.share(c, c.read.worker(), uint32(c.read>>workerBits), c.readAt)
		a.share(c, a.worker, a.now[a.worker], a.at)
		c.read = 0
	}
}

func (d *Detector) share(c *cell, worker int, clock uint32, at int32) {
	i := int(c.shared-1) + worker
	d.reads[i], d.reads[i+d.stride] = clock, uint32(at)
}

// write is a plain write of a byte.
func (a *access) write(addr uint64) {
	c := a.cell(addr)
	if c.write != 0 && !c.write.before(a.now) {
		a.race(c.writeAt)
	}
	a.againstReads(c)
	if c.sync > 0 {
		a.against(c, atomicReads)
		a.against(c, atomicWrites)
	}
	c.write, c.writeAt = epochOf(a.worker, a.now[a.worker]), a.at
	c.read, c.shared = 0, 0
}

// againstReads looks for plain reads that nothing orders before this.
func (a *access) againstReads(c *cell) {
	if c.shared == 0 {
		if c.read != 0 && !c.read.before(a.now) {
			a.race(c.readAt)
		}
		return
	}
	clocks := a.reads[c.shared-1:][:2*a.stride]
	for w, now := range a.now {
		if clocks[w] > now {
			a.race(int32(clocks[a.stride+w]))
		}
	}
}

// What is kept of an address that is used to synchronize: each has a number for each worker.
const (
	release      = iota // what happens before whoever acquires it
	atomicReads         // the clock of the last
	readsAt             // and where they are in the log
	atomicWrites        // the same
	writesAt
	syncSize
)

// sync is one of these.
func (d *Detector) sync(c *cell, what int) []uint32 {
	return d.syncs[int(c.sync-1)+what*d.stride:][:d.stride]
}

// against looks for atomics that nothing orders before this plain access.
func (a *access) against(c *cell, atomics int) {
	clocks, at := a.sync(c, atomics), a.sync(c, atomics+1)
	for w, now := range a.now {
		if clocks[w] > now {
			a.race(int32(at[w]))
		}
	}
}

// synchronize is an atomic, a lock or an unlock. It is known by its first byte.
func (a *access) synchronize(addr uint64, kind strategy.Kind) {
	c := a.cell(addr)
	if c.sync == 0 {
		c.sync = int32(len(a.syncs)) + 1
		a.syncs = append(a.syncs, make([]uint32, syncSize*a.stride)...)
	}
	if kind != strategy.Unlock {
		merge(a.now, a.sync(c, release))
	}
	if kind == strategy.AtomicRead || kind == strategy.AtomicWrite {
		a.atomic(c, kind)
	}
	if kind == strategy.Unlock || kind == strategy.AtomicWrite {
		merge(a.sync(c, release), a.now)
		a.now[a.worker]++
	}
}

// atomic looks for plain accesses that nothing orders before this atomic.
func (a *access) atomic(c *cell, kind strategy.Kind) {
	if c.write != 0 && !c.write.before(a.now) {
		a.race(c.writeAt)
	}
	what := atomicReads
	if kind == strategy.AtomicWrite {
		a.againstReads(c)
		what = atomicWrites
	}
	a.sync(c, what)[a.worker] = a.now[a.worker]
	a.sync(c, what+1)[a.worker] = uint32(a.at)
}

// race reports one with an access in the log.
func (a *access) race(at int32) {
	if at == a.raced { // at another byte
		return
	}
	a.raced = at
	first, second := a.log[at].access(), a.log[a.at].access()
	places := pair{min(first.Where, second.Where), max(first.Where, second.Where)}
	if i, ok := a.seen[places]; ok {
		a.races[i].Times++
		return
	}
	a.seen[places] = len(a.races)
	a.races = append(a.races, Race{first, second, 1})
}
