package scheduler

import (
	"fmt"
	"runtime"
	"strings"
)

// A Start is how the workers of a run are set going. The zero Start is Spin.
type Start uint8

const (
	// Spin keeps the workers awake between runs, and starts them at one agreed
	// moment: of short runs, nearly all overlap.
	Spin Start = iota
	// Go starts a new goroutine for each worker, as programs do. Of short runs,
	// a few in a hundred overlap.
	Go
	// Barrier wakes workers that are kept alive and parked.
	Barrier
	starts
)

var startNames = [starts]string{Spin: "spin", Go: "go", Barrier: "barrier"}

// String returns the start mode's word.
func (s Start) String() string {
	if s >= starts {
		return fmt.Sprintf("start(%d)", uint8(s))
	}
	return startNames[s]
}

func parseStart(word string) (Start, error) {
	for s, name := range startNames {
		if name == word {
			return Start(s), nil
		}
	}
	return 0, fmt.Errorf("unknown start %q; want one of %s", word, strings.Join(startNames[:], ", "))
}

// Timing is the timing plan: how the workers are started and disturbed. The
// zero Timing starts them together and leaves them alone.
type Timing struct {
	Start Start
	// Procs is GOMAXPROCS for the runs; 0 leaves it as it is. With 1, workers
	// only take turns: that is the control.
	Procs int
	// Gosched is the chance in percent of a runtime.Gosched before each op.
	Gosched int
	// Spin bounds a busy loop of random length before each op, in iterations
	// of about a nanosecond; 0 is none.
	Spin int
	// Seed is where the chances and lengths come from, with the number of the
	// run.
	Seed uint64
}

// The largest values of the timing plan.
const (
	MaxProcs = 256
	MaxSpin  = 1 << 20
)

func (t *Timing) validate() error {
	switch {
	case t.Start >= starts:
		return fmt.Errorf("start=%s; want one of %s", t.Start, strings.Join(startNames[:], ", "))
	case t.Procs < 0 || t.Procs > MaxProcs:
		return fmt.Errorf("procs=%d; want 0 to %d", t.Procs, MaxProcs)
	case t.Gosched < 0 || t.Gosched > 100:
		return fmt.Errorf("gosched=%d; want a percentage, 0 to 100", t.Gosched)
	case t.Spin < 0 || t.Spin > MaxSpin:
		return fmt.Errorf("spin=%d; want 0 to %d", t.Spin, MaxSpin)
	}
	return nil
}

// A disturber disturbs one worker as the plan says.
type disturber struct {
	rng     uint64
	gosched uint64 // of 2^32
	spin    uint64
	sink    uint64
}

// reset prepares for a run; the same plan, worker and run give the same choices.
func (d *disturber) reset(t *Timing, worker, run int) {
	d.rng = mix(t.Seed ^ mix(uint64(worker)<<32|uint64(uint32(run))))
	d.gosched = uint64(t.Gosched) << 32 / 100
	d.spin = uint64(t.Spin)
}

// next draws what comes before an op.
func (d *disturber) next() (gosched bool, turns uint64) {
	d.rng = d.rng*6364136223846793005 + 1442695040888963407
	return d.rng>>32 < d.gosched, (d.rng >> 33) % (d.spin + 1)
}

// disturb is called before each op.
func (d *disturber) disturb() {
	if d.gosched|d.spin == 0 {
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

// mix is the finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable
// Pseudorandom Number Generators, OOPSLA 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
