package scenarios_test

import (
	"math/rand"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// BenchmarkCost: what it costs to record and to check. The same ops are called on
// the same maps, by workers that start together, once bare, with nothing written
// down and nothing looked at, and once by the engine, with the meter and the
// judge; blocks of either in turns, so that a busy machine is busy for both, and of the
// blocks the median, so that its worst moments do not count. Of several workers, CPU time counts, which has their waiting for each other in it;
// "2x7" has a processor for each,
// and "alone" is all ops by one worker, without any waiting.
func BenchmarkCost(b *testing.B) {
	for _, c := range []struct {
		name         string
		workers, ops int
		prefill      int
	}{
		{"alone", 1, 15, 4},
		{"3x5", 3, 5, 4},
		{"2x7", 2, 7, 4},
		{"prefill=896", 3, 5, 896},
	} {
		b.Run(c.name, func(b *testing.B) {
			t, s := syncMap(b), costly(c.workers, c.ops, c.prefill)
			const block = 500
			var bare, recorded cost
			recordedRuns(b, t, s, block)
			b.ResetTimer()
			for done := 0; done < b.N; done += block {
				bare.of(block, func() { bareRuns(t, s, block) })
				recorded.of(block, func() { recordedRuns(b, t, s, block) })
			}
			b.ReportMetric(0, "ns/op")
			bare.report(b, "bare")
			recorded.report(b, "recorded")
			b.ReportMetric(float64(median(recorded.cpu))/float64(max(median(bare.cpu), 1)), "x-cpu")
		})
	}
}

// A cost is what a run takes, by block.
type cost struct{ cpu, wall []time.Duration }

func (c *cost) of(runs int, do func()) {
	cpu, started := cpuTime(), time.Now()
	do()
	c.cpu = append(c.cpu, (cpuTime()-cpu)/time.Duration(runs))
	c.wall = append(c.wall, time.Since(started)/time.Duration(runs))
}

func (c *cost) report(b *testing.B, what string) {
	b.ReportMetric(float64(median(c.cpu)), what+"-cpu-ns/run")
	b.ReportMetric(float64(median(c.wall)), what+"-ns/run")
}

func median(of []time.Duration) time.Duration {
	return slices.Sorted(slices.Values(of))[len(of)/2]
}

func recordedRuns(b *testing.B, t *target.Target, s *scheduler.Schedule, n int) {
	e, err := scheduler.NewEngine(&t.Variants[0], s, scheduler.NewLogs(s, make([]uint64, scheduler.LogWords(s))), func(scheduler.Phase) {})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	judge := oracle.Judge{Contract: t.Contract}
	var meter history.Meter
	for i := range n {
		clock := history.NewClock(false)
		h, err := e.Run(i, &clock)
		if err != nil {
			b.Fatal(err)
		}
		meter.Measure(h, history.Boundaries{})
		if v := judge.Judge(h); v.Class != oracle.Clean {
			b.Fatal(v)
		}
	}
}

func bareRuns(t *target.Target, s *scheduler.Schedule, n int) {
	r := newBare(t, s)
	defer r.close()
	for range n {
		r.run()
	}
}

func syncMap(b *testing.B) *target.Target {
	for _, t := range target.Builtin() {
		if t.Name == "sync.Map" {
			return &t
		}
	}
	b.Fatal("no sync.Map")
	return nil
}

// costly makes a schedule of ops on few keys.
func costly(workers, ops, prefill int) *scheduler.Schedule {
	r := rand.New(rand.NewSource(1))
	kinds := []history.Kind{history.Load, history.Store, history.LoadOrStore, history.LoadAndDelete, history.Swap}
	s := &scheduler.Schedule{Prefill: prefill}
	for w := range workers {
		s.Workers = append(s.Workers, nil)
		for i := range ops {
			s.Workers[w] = append(s.Workers[w], history.Op{Kind: kinds[i%len(kinds)], Key: uint64(1 + r.Intn(6)), Value: uint64(1000 + ops*w + i)})
		}
	}
	return s
}

// A bare run calls a schedule's ops, and that is all.
type bare struct {
	variant        *target.Variant
	schedule       *scheduler.Schedule
	m              target.Instance
	maps           []target.Map[uint64, uint64] // m for each worker
	round, arrived atomic.Int64
	claimed        []atomic.Int64 // by worker: the last round in which somebody calls its ops
	finished       atomic.Int64
	closed         atomic.Bool
	ended          chan struct{}
	sink           uint64
}

func newBare(t *target.Target, s *scheduler.Schedule) *bare {
	r := &bare{variant: &t.Variants[0], schedule: s, ended: make(chan struct{})}
	r.variant.Prepare(2000, 2000)
	r.m = r.variant.New()
	r.claimed = make([]atomic.Int64, len(s.Workers))
	for range s.Workers {
		r.maps = append(r.maps, r.m.Own())
	}
	for w := range s.Workers[1:] {
		go r.serve(w + 1) // ended by close
	}
	return r
}

func (r *bare) close() {
	r.closed.Store(true)
	for range r.schedule.Workers[1:] {
		<-r.ended
	}
}

func (r *bare) run() {
	r.m.Renew()
	for k := uint64(1); k <= uint64(r.schedule.Prefill); k++ {
		r.maps[0].Store(k, k)
	}
	round := r.round.Add(1)
	r.meet(round)
	r.call(0)
	r.standIn(round)
	wait(func() bool { return r.finished.Load() == round*int64(len(r.schedule.Workers)-1) })
}

func (r *bare) serve(w int) {
	for round := int64(0); ; {
		wait(func() bool { return r.round.Load() > round || r.closed.Load() })
		if r.closed.Load() {
			r.ended <- struct{}{}
			return
		}
		round = r.round.Load()
		if r.claim(w, round) {
			r.meet(round)
			r.call(w)
			r.finished.Add(1)
			r.standIn(round)
		}
	}
}

// size is two, or as many as there are processors: more cannot run at a time.
func (r *bare) size() int64 { return int64(min(len(r.schedule.Workers), runtime.GOMAXPROCS(0))) }

// meet waits for as many as can run at a time.
func (r *bare) meet(round int64) {
	if r.arrived.Add(1) > round*r.size() {
		r.arrived.Add(-1)
	}
	for i := 0; i < 1<<13 && r.arrived.Load() < round*r.size(); i++ {
	}
}

func (r *bare) claim(w int, round int64) bool {
	claimed := r.claimed[w].Load()
	return claimed < round && r.claimed[w].CompareAndSwap(claimed, round)
}

// standIn calls the ops of workers that have no processor, as the engine's workers do.
func (r *bare) standIn(round int64) {
	if r.arrived.Load() < round*r.size() {
		return
	}
	for w := 1; w < len(r.maps); w++ {
		if r.claim(w, round) {
			r.call(w)
			r.finished.Add(1)
		}
	}
}

// wait watches for something, with rests like those of the engine's workers.
func wait(until func() bool) {
	var since time.Time
	for i := 1; !until(); i++ {
		if i%256 != 0 {
			continue
		}
		switch {
		case since.IsZero():
			since = time.Now()
		case time.Since(since) > 100*time.Microsecond:
			time.Sleep(10 * time.Microsecond)
			continue
		}
		runtime.Gosched()
	}
}

func (r *bare) call(w int) {
	m := &r.maps[w]
	sink := uint64(0)
	for _, op := range r.schedule.Workers[w] {
		v := uint64(0)
		switch op.Kind {
		case history.Load:
			v, _ = m.Load(op.Key)
		case history.Store:
			m.Store(op.Key, op.Value)
		case history.LoadOrStore:
			v, _ = m.LoadOrStore(op.Key, op.Value)
		case history.LoadAndDelete:
			v, _ = m.LoadAndDelete(op.Key)
		case history.Swap:
			v, _ = m.Swap(op.Key, op.Value)
		}
		sink += v
	}
	if w == 0 {
		r.sink = sink
	}
}
