package hb

import "github.com/mapstress/mapstress/scheduler/strategy"

// An access is a step under way. It becomes the last one of its kind also where the worker has
// been since it last synchronized: both race with the same steps, but each is at its own place,
// and the earlier one shows when the other worker comes first, or between the two.
type access struct {
	now    []uint32 // the worker's clock
	worker int
	at     int32 // in the log
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
func (d *Detector) read(a access, addr uint64) {
	c := d.cell(addr)
	if c.write != 0 && !c.write.before(a.now) {
		d.race(a, c.writeAt)
	}
	if c.sync > 0 {
		d.against(a, c, atomicWrites)
	}
	switch {
	case c.shared > 0:
		d.share(c, a.worker, a.now[a.worker], a.at)
	case c.read == 0 || c.read.before(a.now):
		c.read, c.readAt = epochOf(a.worker, a.now[a.worker]), a.at
	default:
		c.shared = int32(len(d.reads)) + 1
		d.reads = longer(d.reads, 2*d.stride)
		d.share(c, c.read.worker(), uint32(c.read>>workerBits), c.readAt)
		d.share(c, a.worker, a.now[a.worker], a.at)
		c.read = 0
	}
}

func (d *Detector) share(c *cell, worker int, clock uint32, at int32) {
	i := int(c.shared-1) + worker
	d.reads[i], d.reads[i+d.stride] = clock, uint32(at)
}

// write is a plain write of a byte.
func (d *Detector) write(a access, addr uint64) {
	c := d.cell(addr)
	if c.write != 0 && !c.write.before(a.now) {
		d.race(a, c.writeAt)
	}
	d.againstReads(a, c)
	if c.sync > 0 {
		d.against(a, c, atomicReads)
		d.against(a, c, atomicWrites)
	}
	c.write, c.writeAt = epochOf(a.worker, a.now[a.worker]), a.at
	c.read, c.shared = 0, 0
}

// againstReads looks for plain reads that nothing orders before this.
func (d *Detector) againstReads(a access, c *cell) {
	if c.shared == 0 {
		if c.read != 0 && !c.read.before(a.now) {
			d.race(a, c.readAt)
		}
		return
	}
	clocks := d.reads[c.shared-1:][:2*d.stride]
	for w, now := range a.now {
		if clocks[w] > now {
			d.race(a, int32(clocks[d.stride+w]))
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
func (d *Detector) against(a access, c *cell, atomics int) {
	clocks, at := d.sync(c, atomics), d.sync(c, atomics+1)
	for w, now := range a.now {
		if clocks[w] > now {
			d.race(a, int32(at[w]))
		}
	}
}

// synchronize is an atomic, a lock or an unlock. It is known by its first byte.
func (d *Detector) synchronize(a access, addr uint64, kind strategy.Kind) {
	c := d.cell(addr)
	if c.sync == 0 {
		c.sync = int32(len(d.syncs)) + 1
		d.syncs = longer(d.syncs, syncSize*d.stride)
	}
	if kind != strategy.Unlock {
		merge(a.now, d.sync(c, release))
	}
	if kind == strategy.AtomicRead || kind == strategy.AtomicWrite {
		d.atomic(a, c, kind)
	}
	if kind == strategy.Unlock || kind == strategy.AtomicWrite {
		merge(d.sync(c, release), a.now)
		a.now[a.worker]++
	}
}

// atomic looks for plain accesses that nothing orders before this atomic.
func (d *Detector) atomic(a access, c *cell, kind strategy.Kind) {
	if c.write != 0 && !c.write.before(a.now) {
		d.race(a, c.writeAt)
	}
	what := atomicReads
	if kind == strategy.AtomicWrite {
		d.againstReads(a, c)
		what = atomicWrites
	}
	d.sync(c, what)[a.worker] = a.now[a.worker]
	d.sync(c, what+1)[a.worker] = uint32(a.at)
}

// race reports one with an access in the log.
func (d *Detector) race(a access, at int32) {
	if at == d.raced { // it has been, at another byte
		return
	}
	d.raced = at
	first, second := d.log[at].access(), d.log[a.at].access()
	places := pair{min(first.Where, second.Where), max(first.Where, second.Where)}
	if i, ok := d.seen[places]; ok {
		d.races[i].Times++
		return
	}
	d.seen[places] = len(d.races)
	d.races = append(d.races, Race{first, second, 1})
}
