package scenarios_test

import (
	"math/rand/v2"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// TestAnyMethods: whatever methods a map has, and has not, there are schedules for it: of each scenario that fits,
// of few ops, and others made of these.
func TestAnyMethods(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	spaces := 200
	if testing.Short() { // no goroutine is in this that the race detector could see
		spaces = 30
	}
	for range spaces {
		var space scenarios.Space
		few := 1 + r.IntN(4)
		for _, k := range history.Kinds() {
			if r.IntN(few) == 0 {
				space.Kinds = append(space.Kinds, k)
			}
		}
		if r.IntN(2) == 0 {
			space.Custom = []string{"Own"}
		}
		if r.IntN(2) == 0 {
			space.InCompute, space.InRange = anything, anything
		}
		if r.IntN(3) == 0 {
			space.Shapes = []target.Shape{{Key: "any", Value: "int"}, {Key: "int", Value: "2KiB"}}
			space.Odd = space.Shapes[:1]
		}
		if len(space.Kinds)+len(space.Custom) == 0 {
			continue
		}
		valid := func(s *scheduler.Schedule) {
			if err := s.Validate(); err != nil || s.Ops() == 0 {
				t.Fatalf("%+v: %v\n%s", space, err, s.Text())
			}
			checkPrefill(t, space, s)
		}
		valid(scenarios.Few(space, r.Uint64()))
		mix := scenarios.NewMix(space, scenarios.All())
		for _, scenario := range scenarios.All() {
			if scenario.Fits(space) {
				s := scenario.Generate(space, r.Uint64())
				valid(s)
				valid(mix.Mutate(s, r.Uint64()))
				for _, amplified := range space.Amplify(s) {
					valid(amplified)
				}
			}
		}
	}
}
