package hb_test

import (
	"testing"

	"github.com/mapstress/mapstress/scheduler/hb"
	. "github.com/mapstress/mapstress/scheduler/internal/machine"
	"github.com/mapstress/mapstress/scheduler/strategy"
)

// A step of three workers in turn, by kind, free of races: plain accesses are each worker's
// own, 64 of them in a run of 1,000 steps. The figure to look at is ns/step, the least of all runs.
func BenchmarkStep(b *testing.B) {
	for _, k := range []struct {
		name string
		kind strategy.Kind
		size uint32
	}{
		{"read", strategy.Read, 1}, {"write", strategy.Write, 1}, {"range-of-64", strategy.Read, 64},
		{"atomic-read", strategy.AtomicRead, 8}, {"atomic-write", strategy.AtomicWrite, 8}, {"lock", strategy.Lock, 8}, {"unlock", strategy.Unlock, 8},
	} {
		b.Run(k.name, func(b *testing.B) {
			var d hb.Detector
			least := Least(b.N, func() {
				d.Begin(3)
				for i := range 1000 {
					addr := uint64(1)
					if k.kind == strategy.Read || k.kind == strategy.Write {
						addr += uint64(i%3)<<12 + uint64(i%64)*8
					}
					d.Step(i%3, strategy.Point{Addr: addr, Size: k.size, Kind: k.kind}, uint64(i%100))
				}
			})
			b.ReportMetric(float64(least.Nanoseconds())/1000, "ns/step")
			if len(d.Races()) > 0 {
				b.Fatalf("%+v", d.Races())
			}
		})
	}
}

// What it costs to be asked, at every access, whether a place races.
func BenchmarkRacing(b *testing.B) {
	var d hb.Detector
	d.Freeze([]uint64{0x471000, 0x472000, 0x473000})
	n := 0
	for i := range b.N {
		if d.Racing(0x470000 + uint64(i%64)) {
			n++
		}
	}
	if n > 0 {
		b.Fatal(n)
	}
}
