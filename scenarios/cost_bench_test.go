package scenarios_test

import (
	"math/rand"
	"runtime"
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
// judge. Of a crowd, CPU time counts, which has the workers' waiting for each
// other in it; "alone" is all ops by one worker, and so without any.
func BenchmarkCost(b *testing.B) {
	for _, c := range []struct {
		name         string
		workers, ops int
		prefill      int
	}{
		{"alone", 1, 15, 4},
		{"3x5", 3, 5, 4},
		{"prefill=896", 3, 5, 896},
	} {
		s := costly(c.workers, c.ops, c.prefill)
		b.Run(c.name+"/bare", func(b *testing.B) {
			r := newBare(syncMap(b), s)
			defer r.close()
			r.run()
			b.ReportAllocs()
			b.ResetTimer()
			before := cpuTime()
			for range b.N {
				r.run()
			}
			b.ReportMetric(float64(cpuTime()-before)/float64(b.N), "cpu-ns/op")
		})
		b.Run(c.name+"/recorded", func(b *testing.B) {
			tgt := syncMap(b)
			e, err := scheduler.NewEngine(&tgt.Variants[0], s, scheduler.Logs(s, make([]uint64, scheduler.LogWords(s))), func(scheduler.Phase) {})
			if err != nil {
				b.Fatal(err)
			}
			defer e.Close()
			judge := oracle.Judge{Contract: tgt.Contract}
			var meter history.Meter
			b.ReportAllocs()
			b.ResetTimer()
			before, overlapped := cpuTime(), 0
			for i := range b.N {
				clock := history.NewClock(false)
				h, err := e.Run(i, &clock)
				if err != nil {
					b.Fatal(err)
				}
				if meter.Measure(h, history.Boundaries{}).Events > 0 {
					overlapped++
				}
				if v := judge.Judge(h); v.Class != oracle.Clean {
					b.Fatal(v)
				}
			}
			b.ReportMetric(float64(cpuTime()-before)/float64(b.N), "cpu-ns/op")
			b.ReportMetric(100*float64(overlapped)/float64(b.N), "%overlap")
		})
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
	round, arrived atomic.Int64
	finished       atomic.Int64
	closed         atomic.Bool
	ended          chan struct{}
	sink           uint64
}

func newBare(t *target.Target, s *scheduler.Schedule) *bare {
	r := &bare{variant: &t.Variants[0], schedule: s, ended: make(chan struct{})}
	r.variant.Prepare(2000, 2000)
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
	r.m = r.variant.New()
	for k := uint64(1); k <= uint64(r.schedule.Prefill); k++ {
		r.m.Store(k, k)
	}
	round := r.round.Add(1)
	r.meet(round)
	r.call(0)
	wait(func() bool { return r.finished.Load() == round*int64(len(r.schedule.Workers)-1) })
}

func (r *bare) serve(w int) {
	for round := int64(1); ; round++ {
		wait(func() bool { return r.round.Load() >= round || r.closed.Load() })
		if r.closed.Load() {
			r.ended <- struct{}{}
			return
		}
		r.meet(round)
		r.call(w)
		r.finished.Add(1)
	}
}

// meet waits for two, or as many as there are: more cannot run at a time.
func (r *bare) meet(round int64) {
	size := int64(min(len(r.schedule.Workers), runtime.GOMAXPROCS(0)))
	r.arrived.Add(1)
	for i := 0; i < 1<<13 && r.arrived.Load() < (round-1)*int64(len(r.schedule.Workers))+size; i++ {
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
	m := &r.m.Map
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
