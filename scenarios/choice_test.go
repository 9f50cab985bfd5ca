package scenarios_test

import (
	"slices"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
)

// TestChoice: a schedule is what was chosen, in every setting of every dimension,
// and says so.
func TestChoice(t *testing.T) {
	for _, name := range []string{"map", "striped", "cas"} {
		m := scenarios.NewMix(spaces()[name], scenarios.All())
		for d := range scenarios.Dimensions {
			if len(m.Settings(d)) == 0 {
				t.Fatalf("%s: no settings of %v", name, d)
			}
			for _, setting := range m.Settings(d) {
				checkChosen(t, name, m, d, setting)
			}
		}
	}
}

// checkChosen generates with one setting chosen and the rest left to the usual mix.
// Scenarios need not follow the number of workers, and take the default shape if
// they do not fit the chosen one, but nothing else may differ. Each setting must be
// had by some of the 20 seeds; the rarest, a crowd of workers, is left to the half of
// the scenarios or so that ask for the number: 2^-20 that none does.
func checkChosen(t *testing.T, name string, m *scenarios.Mix, d scenarios.Dimension, setting scenarios.Setting) {
	t.Helper()
	had := 0
	for seed := range uint64(20) {
		c := scenarios.Choice{}
		c[d] = setting.Name
		scenario, s := m.Generate(c, seed)
		if err := s.Validate(); err != nil {
			t.Fatal(err)
		}
		switch got := m.Of(scenario, s)[d]; {
		case got == setting.Name || setting.Name == "":
			had++
		case d != scenarios.ByWorkers && d != scenarios.ByShape:
			t.Fatalf("%s: chose %v %q, got %q:\n%s", name, d, setting.Name, got, s.Text())
		}
	}
	if had == 0 {
		t.Errorf("%s: no schedule has %v %q", name, d, setting.Name)
	}
}

// TestMutate: what comes of any mutations is valid, and every value tells its
// writer; the same seed gives the same, and most differ from what they came from.
func TestMutate(t *testing.T) {
	same, all := 0, 0
	eachSchedule(t, 10, func(t *testing.T, space scenarios.Space, s *scheduler.Schedule) {
		m := scenarios.NewMix(space, scenarios.All())
		for seed := range uint64(10) {
			before := s.Text()
			next := m.Mutate(s, seed)
			if s.Text() != before {
				t.Fatal("the given schedule has changed")
			}
			if err := next.Validate(); err != nil {
				t.Fatalf("%v:\n%s", err, next.Text())
			}
			checkUnique(t, next)
			checkPrefill(t, space, next)
			for _, ops := range next.Workers {
				for _, op := range ops {
					if op.Kind == history.Custom && slices.Contains(space.Custom, op.Name) {
						continue
					}
					if !slices.Contains(space.Kinds, op.Kind) || slices.Contains(space.Without[next.Shape], op.Kind) {
						t.Fatalf("calls %q, which the target lacks", op.Kind)
					}
				}
			}
			if again := m.Mutate(s, seed); again.Text() != next.Text() {
				t.Fatalf("seed %d gives\n%sand then\n%s", seed, next.Text(), again.Text())
			}
			all++
			next.Timing.Seed = s.Timing.Seed
			if next.Text() == before {
				same++
			}
			s = next // on from there, far away from what any scenario makes
		}
	})
	if same > all/4 {
		t.Errorf("%d of %d mutations change nothing", same, all)
	}
}
