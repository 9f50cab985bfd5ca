package scenarios_test

import (
	"runtime"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

func BenchmarkPipeline(b *testing.B) {
	var tgt target.Target
	for _, t := range target.Builtin() {
		if t.Name == "sync.Map" {
			tgt = t
		}
	}
	growth, _ := scheduler.Probe(&tgt.Variants[0], 1000)
	bounds := growth.Boundaries
	space := scenarios.SpaceOf(scheduler.Abilities(&tgt), bounds, 2)
	for _, sc := range scenarios.All() {
		if !sc.Fits(space) {
			continue
		}
		b.Run(sc.Name, func(b *testing.B) {
			ops, over := 0, 0
			n := 0
			j := oracle.Judge{Contract: tgt.Contract}
			var meter history.Meter
			before := cpuTime()
			for i := uint64(0); n < b.N; i++ {
				s := sc.Generate(space, i)
				v, _ := tgt.Variant(s.Shape)
				e, err := scheduler.NewEngine(v, s, scheduler.NewLogs(s, make([]uint64, scheduler.LogWords(s))), func(scheduler.Phase) {})
				if err != nil {
					b.Fatal(err)
				}
				for k := 0; k < 500 && n < b.N; k++ {
					clock := history.NewClock(false)
					h, _ := e.Run(k, &clock)
					if meter.Measure(h, bounds).Events > 0 {
						over++
					}
					if v := j.Judge(h); v.Class != oracle.Clean {
						b.Fatal(v)
					}
					n++
					ops += s.Ops()
				}
				e.Close()
				runtime.Gosched()
			}
			b.ReportMetric(float64(cpuTime()-before)/float64(n), "cpu-ns/op")
			b.ReportMetric(float64(ops)/float64(n), "ops/run")
			b.ReportMetric(100*float64(over)/float64(n), "%overlap")
		})
	}
}
