package strategy

import (
	"math/rand"
	"reflect"
	"slices"
	"testing"
)

// An act is a step, or that a worker lets another go on.
type act struct {
	worker, other int // other is -1 of a step
	p             Point
}

func (a act) do(o *order) {
	if a.other >= 0 {
		o.enable(a.worker, a.other)
		return
	}
	o.step(a.worker, a.p, o.again)
}

// acts draws a run of a few workers; more than four, which clocks have no room for at first, in
// one of four.
func acts(r *rand.Rand) (run []act) {
	workers := 2 + r.Intn(3)
	if r.Intn(4) == 0 {
		workers += 4
	}
	kinds := []Kind{Read, Write, AtomicRead, AtomicWrite, Lock, Unlock, Yield, Call, Return}
	for range 5 + r.Intn(30) {
		a := act{worker: r.Intn(workers), other: -1}
		if r.Intn(6) == 0 {
			a.other = (a.worker + 1 + r.Intn(workers-1)) % workers
		} else {
			a.p = Point{Kind: kinds[r.Intn(len(kinds))], Addr: uint64(1 + 4*r.Intn(8)), Size: uint32(4 + 8*r.Intn(3))}
			if a.p.Kind >= Call {
				a.p.Addr, a.p.Size = 0, 0
			}
		}
		run = append(run, a)
	}
	return run
}

// TestOrderResumes: an order that keeps what it knows of the beginning of a run finds in the rest of it
// what one finds that saw only this run, also where the beginning is not as it was.
func TestOrderResumes(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	diverged := 0
	for range 3000 {
		var kept order
		kept.reset(2)
		kept.every = r.Intn(2) == 0
		run := acts(r)
		for _, a := range run {
			a.do(&kept)
		}
		for range 4 {
			// Some of the run again, up to a step, and others after it.
			from := r.Intn(len(run) + 1)
			for from < len(run) && run[from].other >= 0 {
				from++
			}
			next := slices.Concat(run[:from], acts(r))
			if from > 2 && r.Intn(4) == 0 {
				next[r.Intn(from)] = acts(r)[0]
				diverged++
			}
			steps := 0
			for _, a := range run[:from] {
				if a.other < 0 {
					steps++
				}
			}
			kept.resume(steps)
			fresh := order{every: kept.every}
			fresh.reset(2)
			repeats := true
			for i, a := range next {
				a.do(&kept)
				a.do(&fresh)
				repeats = repeats && i < from && a == run[i]
				if !repeats && a.other < 0 && !slices.Equal(kept.races, fresh.races) {
					t.Fatalf("act %d of\n%v\nafter\n%v\nraces with %v; want %v", i, next, run, kept.races, fresh.races)
				}
			}
			if !reflect.DeepEqual(kept.steps, fresh.steps) || !reflect.DeepEqual(kept.clocks[:len(kept.steps)*kept.stride], rows(&fresh, kept.stride)) {
				t.Fatalf("%v\nafter\n%v\nhas clocks\n%v\nwant\n%v", next, run, kept.clocks, fresh.clocks)
			}
			run = next
			for range r.Intn(3) { // of workers that wait when the run is over
				pretended := act{worker: r.Intn(2), other: -1, p: Point{Kind: Lock, Addr: 5, Size: 4}}
				pretended.do(&kept)
				pretended.do(&fresh)
				if !slices.Equal(kept.races, fresh.races) {
					t.Fatalf("%v at the end of\n%v\nraces with %v; want %v", pretended, run, kept.races, fresh.races)
				}
				kept.undo()
				fresh.undo()
			}
		}
	}
	if diverged < 500 {
		t.Errorf("%d runs did otherwise where they were to repeat; want 500", diverged)
	}
}

// rows are the clocks of an order in rows of another length.
func rows(o *order, stride int) (all []uint32) {
	for k := range o.steps {
		row := make([]uint32, stride)
		copy(row, o.clock(k))
		all = append(all, row...)
	}
	return all
}
