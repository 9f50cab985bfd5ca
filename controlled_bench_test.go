package mapstress

import (
	"context"
	"testing"
	"time"

	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/scheduler"
)

// What hooks cost, in one process: an access without one; one that nobody has asked for; one of a
// goroutine that may be disturbed, and is not; a point at which it is decided to go on; and one at
// which another worker goes on. The least of 30 batches.
func BenchmarkHooks(b *testing.B) {
	run := hookedProgram(b, "testdata/hooks/main.go")
	for range b.N {
		cost := run()
		for name, ns := range cost {
			b.ReportMetric(ns, "ns-"+name)
			b.ReportMetric(ns/cost["bare"], name+"/bare")
		}
	}
}

// What controlled runs cost of the program with which Shuttle and Loom were measured, by CPU time,
// and how many of them two workers with two ops take. The least of 12 batches of 5,000.
func BenchmarkProgram(b *testing.B) {
	run := hookedProgram(b, "testdata/program/main.go")
	for range b.N {
		for name, n := range run() {
			b.ReportMetric(n, name)
		}
	}
}

// threeByFive is the size with which other tools were measured: 3 workers with 5 ops each on 4
// keys. Of repaired-check-then-act, a map of shards with a lock each and an atomic counter.
const threeByFive = `mapstress schedule v1
w0 store k1 v10
w0 load k2
w0 delete k3
w0 load-or-store k4 v11
w0 load k1
w1 load-or-store k2 v12
w1 store k3 v13
w1 load k4
w1 delete k1
w1 swap k2 v14
w2 load k3
w2 store k4 v15
w2 swap k1 v16
w2 load k2
w2 delete k3
`

// What a controlled run costs, in CPU time of the child: the least of all batches of 10,000, or
// of 1,000 with a map that holds 448 entries.
// Judging is in it, and so is the hand-over between processes, which is little.
func BenchmarkControlled(b *testing.B) {
	s := known(b)
	schedule, err := scheduler.Parse(threeByFive)
	if err != nil {
		b.Fatal(err)
	}
	filled := *schedule
	filled.Prefill = 448
	for _, target := range []string{"sync.Map", "repaired-check-then-act", "map+mutex"} {
		for _, how := range []struct {
			name     string
			schedule *scheduler.Schedule
			runs     int
			c        *wire.Controlled
		}{
			{"free", schedule, 10_000, nil},
			{"random", schedule, 10_000, &wire.Controlled{Strategy: "random", Seed: 1}},
			{"pct3", schedule, 10_000, &wire.Controlled{Strategy: "pct3", Seed: 1}},
			{"pos", schedule, 10_000, &wire.Controlled{Strategy: "pos", Seed: 1}},
			{"surw", schedule, 10_000, &wire.Controlled{Strategy: "surw", Seed: 1}},
			{"exhaustive", schedule, 10_000, &wire.Controlled{Strategy: wire.Exhaustive, Seed: 1, Preemptions: -1}},
			{"usual-races", schedule, 10_000, &wire.Controlled{Strategy: "usual", Seed: 1, Races: true, SyncOnly: true}},
			{"free-filled", &filled, 1000, nil},
			{"random-filled", &filled, 1000, &wire.Controlled{Strategy: "random", Seed: 1}},
		} {
			b.Run(target+"/"+how.name, func(b *testing.B) {
				least := time.Duration(1 << 62)
				for range b.N {
					o, err := s.Run(context.Background(), child.Job{Target: target, Schedule: how.schedule, Count: how.runs, Controlled: how.c})
					if err != nil || o.Tally.Failed > 0 || o.Tally.Runs == 0 {
						b.Fatalf("%+v, %v", o, err)
					}
					least = min(least, o.CPU/time.Duration(o.Tally.Runs))
				}
				b.ReportMetric(float64(least.Nanoseconds())/1e3, "µs-CPU/run")
				b.ReportMetric(float64(time.Second)/float64(max(least, 1)), "runs/CPU-s")
			})
		}
	}
}
