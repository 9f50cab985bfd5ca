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

// TestMillionOps has a correct map last for a million ops, in the memory of one round.
func TestMillionOps(t *testing.T) {
	if testing.Short() {
		t.Skip("a million ops")
	}
	s := &scheduler.Schedule{Prefill: 20, Rounds: 10000}
	value := uint64(100)
	for w := range 2 {
		s.Workers = append(s.Workers, nil)
		for i := range 50 {
			op := history.Op{Kind: []history.Kind{history.Store, history.Load, history.LoadOrStore, history.LoadAndDelete, history.Swap}[i%5], Key: uint64(1 + (7*i+w)%30)}
			if op.Kind != history.Load && op.Kind != history.LoadAndDelete {
				op.Value = value
				value++
			}
			s.Workers[w] = append(s.Workers[w], op)
		}
	}
	v := &target.Builtin()[1].Variants[0] // map+mutex
	e, err := scheduler.NewEngine(v, s, scheduler.NewLogs(s, make([]uint64, scheduler.LogWords(s))), func(scheduler.Phase) {})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	judge, clock, number := oracle.Judge{}, history.NewClock(false), 0
	round := func() {
		h, err := e.Run(number, &clock)
		if err != nil {
			t.Fatal(err)
		}
		if v := judge.Judge(h); v.Class != oracle.Clean || h.Earlier != number {
			t.Fatalf("round %d, number %d: %v, of\n%s", h.Earlier, number, v, history.Text(h))
		}
		number++
	}
	for range 1000 {
		round()
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 9000 {
		round()
	}
	runtime.ReadMemStats(&after)
	if n := after.Mallocs - before.Mallocs; n > 9000 { // there are others that allocate
		t.Errorf("%d allocations in 9,000 rounds", n)
	}
	if e.InUse() {
		t.Error("the map is in use after its last round")
	}
}

// TestLasting: what is generated, and varied, bears its rounds, odd keys or not.
func TestLasting(t *testing.T) {
	space := spaces()["lasting"]
	long, err := scenarios.Find("long-histories")
	if err != nil {
		t.Fatal(err)
	}
	mix := scenarios.NewMix(space, []scenarios.Scenario{long})
	lasting, odd := 0, 0
	for seed := range uint64(400) {
		s := long.Generate(space, seed)
		for range 3 {
			if err := s.Validate(); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			if s.Rounds > 1 {
				lasting++
			}
			if keys := s.OpKeys(); keys[len(keys)-1] >= target.FirstOdd {
				odd++
			}
			s = mix.Mutate(s, seed)
		}
	}
	if lasting < 600 || odd < 60 { // of 1,200: three quarters, and 3 of 10 of the others
		t.Errorf("%d of several rounds, %d with odd keys", lasting, odd)
	}
}
