package scheduler

import "runtime"

// A disturber disturbs one worker as the plan says.
type disturber struct {
	rng     uint64
	gosched uint64 // of 2^32
	spin    uint64
	stalled bool
	sink    uint64
}

// maxStall bounds the busy loop of a stalled worker, beside what the plan has
// for all: some microseconds, in which others call all ops of a short schedule.
const maxStall = 1 << 13

// reset prepares for a run; the same plan, worker and run give the same choices.
func (d *disturber) reset(t *Timing, worker, run int) {
	d.rng = mix(t.Seed ^ mix(uint64(worker)<<32|uint64(uint32(run))))
	d.gosched = uint64(t.Gosched) << 32 / 100
	d.spin = uint64(t.Spin)
	d.stalled = t.Stalled == worker+1
}

// next draws what comes before an op.
func (d *disturber) next() (gosched bool, turns uint64) {
	d.step()
	gosched, turns = d.rng>>32 < d.gosched, (d.rng>>33)%(d.spin+1)
	if d.stalled {
		d.step()
		// Each of eight magnitudes is as likely as the other: how long the
		// others take is not known.
		turns += (d.rng >> 33) % (maxStall>>(d.rng>>61) + 1)
	}
	return gosched, turns
}

func (d *disturber) step() { d.rng = d.rng*6364136223846793005 + 1442695040888963407 }

// disturb is called before each op.
func (d *disturber) disturb() {
	if d.gosched|d.spin == 0 && !d.stalled {
		return
	}
	gosched, turns := d.next()
	if gosched {
		runtime.Gosched()
	}
	x := d.sink
	for i := turns; i > 0; i-- {
		x += i ^ d.rng
	}
	d.sink = x // kept, so that the loop is not optimised away
}

// pauseWithin is called by the function that a Range calls for each entry: one in eight
// times it disturbs, as programs do that take their time over an entry. What Range has
// seen of the map by then grows old meanwhile.
func (d *disturber) pauseWithin() {
	if d.step(); d.rng>>61 == 0 {
		d.disturb()
	}
}

// mix is the finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable
// Pseudorandom Number Generators, OOPSLA 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
