package scheduler_test

import (
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

func find(t testing.TB, name string) *target.Target {
	t.Helper()
	for _, tgt := range target.Builtin() {
		if tgt.Name == name {
			return &tgt
		}
	}
	t.Fatalf("no target %q", name)
	return nil
}

func engine(t testing.TB, tgt *target.Target, s *scheduler.Schedule) *scheduler.Engine {
	t.Helper()
	v, err := tgt.Variant(s.Shape)
	if err != nil {
		t.Fatal(err)
	}
	logs := scheduler.Logs(s, make([]uint64, scheduler.LogWords(s)))
	e, err := scheduler.NewEngine(v, s, logs, func(scheduler.Phase) {})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

const small = `mapstress schedule v1
prefill 4
w0 store k5 v10
w0 load k5
w0 load-and-delete k1
w0 swap k2 v11
w0 compare-and-swap k3 v3 v12
w1 load-or-store k5 v13
w1 load k3
w1 range
w1 delete k4
w1 load k2
w2 store k6 v14
w2 compare-and-delete k6 v14
w2 load k1
w2 clear
w2 load k6
`

func TestProbe(t *testing.T) {
	for _, tgt := range target.Builtin() {
		b, err := scheduler.Probe(&tgt.Variants[0], 1000)
		t.Log(tgt.Name, b, err)
	}
}

func BenchmarkRun(b *testing.B) {
	s, err := scheduler.Parse(small)
	if err != nil {
		b.Fatal(err)
	}
	for _, start := range []scheduler.Start{scheduler.Go, scheduler.Barrier, scheduler.Spin} {
		b.Run(start.String(), func(b *testing.B) {
			s := s.Clone()
			s.Timing.Start = start
			e := engine(b, find(b, "sync.Map"), s)
			defer e.Close()
			clock := history.NewClock(false)
			b.ReportAllocs()
			var meter history.Meter
			overlapped := 0
			for i := range b.N {
				h, err := e.Run(i, &clock)
				if err != nil {
					b.Fatal(err)
				}
				if meter.Measure(h, nil).Events > 0 {
					overlapped++
				}
			}
			b.ReportMetric(100*float64(overlapped)/float64(b.N), "%overlapped")
		})
	}
}

func BenchmarkOverlap(b *testing.B) {
	for _, text := range []string{
		"prefill 8\nw0 store k9 v100\nw1 store k10 v101\n",
		"prefill 1\nw0 store k9 v100\nw1 store k10 v101\n",
		"prefill 100\nw0 store k190 v100\nw1 store k120 v101\n",
		"prefill 8\nw0 store k9 v100\nw0 load k9\nw0 load k1\nw1 store k10 v101\nw1 load k9\nw1 load k9\n",
	} {
		for _, name := range []string{"map+mutex", "sync.Map"} {
			b.Run(name, func(b *testing.B) {
				s, err := scheduler.Parse("mapstress schedule v1\ntiming start=spin\n" + text)
				if err != nil {
					b.Fatal(err)
				}
				e := engine(b, find(b, name), s)
				defer e.Close()
				clock := history.NewClock(false)
				var meter history.Meter
				overlapped := 0
				for i := range b.N {
					h, err := e.Run(i, &clock)
					if err != nil {
						b.Fatal(err)
					}
					if meter.Measure(h, nil).Events > 0 {
						overlapped++
					}
					if i > 1000 && i < 1005 {
						b.Log(h.Events[0].Inv-h.Events[1].Inv, h.Events[0].Ret-h.Events[0].Inv, h.Events[1].Ret-h.Events[1].Inv)
					}
				}
				b.ReportMetric(100*float64(overlapped)/float64(b.N), "%overlapped")
			})
		}
	}
}
