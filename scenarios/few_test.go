package scenarios_test

import (
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// TestFew: schedules for decided runs are small, valid, and of every kind of prefill: none,
// at a known boundary, of any size that may be one, and down from a peak to where the map is
// known to shrink; and some are what only a scenario makes. Of 2,000, the rarest of these has
// some 60; fewer than 15 have a probability below 1e-11.
func TestFew(t *testing.T) {
	tgt := target.Builtin()[0]
	space := scenarios.SpaceOf(scheduler.Abilities(&tgt), history.Boundaries{Up: []int{8, 300}, Down: []int{40}}, 2)
	space.Kinds = append(space.Kinds, history.Compute)
	space.InCompute = target.Callback{Calls: true, Panics: true}
	kinds := map[string]int{}
	for seed := range uint64(2000) {
		s := scenarios.Few(space, seed)
		if err := s.Validate(); err != nil {
			t.Fatal(err)
		}
		if len(s.Workers) > 3 || s.Ops() > 12 || s.Timing != (scheduler.Timing{}) || max(s.Prefill, s.Peak) > 1024 {
			t.Fatalf("not few:\n%s", s.Text())
		}
		if count(s, func(op history.Op) bool { return op.Panics }) > 0 {
			kinds["panics"]++
		}
		switch {
		case s.Peak > s.Prefill && s.Prefill == 40:
			kinds["about to shrink"]++
		case s.Peak > s.Prefill:
			kinds["shrunk"]++
		case s.Prefill == 0:
			kinds["empty"]++
		case s.Prefill <= 3:
			kinds["few entries"]++
		case s.Prefill == 8 || s.Prefill == 300:
			kinds["about to grow"]++
		default:
			kinds["many entries"]++
		}
	}
	for _, name := range []string{"own", "counters", "takes"} {
		for seed := range uint64(200) {
			s := scenarios.Few(spaces()[name], seed)
			if err := s.Validate(); err != nil || s.Ops() == 0 {
				t.Fatalf("%s: %v\n%s", name, err, s.Text())
			}
			checkPrefill(t, spaces()[name], s)
		}
	}
	for _, kind := range []string{"about to shrink", "shrunk", "empty", "few entries", "about to grow", "many entries", "panics"} {
		if kinds[kind] < 15 {
			t.Errorf("%d of 2000 %s: %v", kinds[kind], kind, kinds)
		}
	}
}
