//go:build unix

package linear

import (
	"math"
	"slices"
	"syscall"
	"testing"
	"time"
)

// BenchmarkGrowth: how time grows with the ops of one key, as the exponent from 10^4 to
// 10^6. Both are checked in turns, and of each the median counts, in CPU time: so neither
// a busy machine nor a slow moment favours one.
func BenchmarkGrowth(b *testing.B) {
	for _, m := range []struct {
		name string
		mix  mix
	}{{"mixed", mixed}, {"delete-heavy", deleteHeavy}, {"cas-loop", casLoop}} {
		b.Run(m.name, func(b *testing.B) {
			const few, many, rounds = 10_000, 1_000_000, 9
			of := func(ops int) func() time.Duration {
				w := perKey(2, 1, 1, Ok, sim{mix: m.mix, workers: 8, ops: ops, stretch: 1})
				var c Checker
				history := w.ops[0][0]
				c.Check(State{}, history, Budget{})
				return func() time.Duration {
					started := cpuTime()
					for range many / ops {
						c.Check(State{}, history, Budget{})
					}
					return (cpuTime() - started) / time.Duration(many/ops)
				}
			}
			small, large := of(few), of(many)
			var smalls, larges []time.Duration
			b.ResetTimer()
			for range rounds * b.N {
				smalls, larges = append(smalls, small()), append(larges, large())
			}
			slices.Sort(smalls)
			slices.Sort(larges)
			s, l := smalls[len(smalls)/2], larges[len(larges)/2]
			b.ReportMetric(float64(s)/few, "ns/call-10^4")
			b.ReportMetric(float64(l)/many, "ns/call-10^6")
			b.ReportMetric(math.Log(float64(l)/float64(s))/math.Log(many/few), "exponent")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// cpuTime returns the CPU time that this process has used.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
