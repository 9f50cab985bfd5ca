package scenarios_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/leanovate/gopter"
	"github.com/leanovate/gopter/prop"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
)

// TestCandidates checks what every pass promises of every candidate.
func TestCandidates(t *testing.T) {
	eachSchedule(t, 6, func(t *testing.T, space scenarios.Space, s *scheduler.Schedule) {
		before := s.Clone()
		for _, pass := range scenarios.Passes(space) {
			tried := 0
			next := pass.Shrink(s)
			for c, ok := next(); ok && tried < 400; c, ok = next() {
				tried++
				candidate := c.(*scheduler.Schedule)
				if err := candidate.Validate(); err != nil {
					t.Fatalf("%s: %v", pass.Name, err)
				}
				if slices.Compare(space.Size(candidate), space.Size(s)) >= 0 {
					t.Fatalf("%s: %v is not smaller than %v", pass.Name, space.Size(candidate), space.Size(s))
				}
				checkUnique(t, candidate)
				scribble(candidate)
				if !reflect.DeepEqual(s, before) {
					t.Fatalf("%s: a candidate shares memory with its schedule", pass.Name)
				}
			}
		}
	})
}

func scribble(s *scheduler.Schedule) {
	for _, ops := range s.Workers {
		for i := range ops[:cap(ops)] {
			ops[:cap(ops)][i] = history.Op{}
		}
	}
}

// minimise takes the first candidate that still fails, until there is none.
func minimise(space scenarios.Space, s *scheduler.Schedule, fails func(*scheduler.Schedule) bool) *scheduler.Schedule {
	next := scenarios.Shrinker(space)(s)
	for c, ok := next(); ok; c, ok = next() {
		if candidate := c.(*scheduler.Schedule); fails(candidate) {
			s, next = candidate, scenarios.Shrinker(space)(candidate)
		}
	}
	return s
}

// storedByOneReadByOther: some worker stores a key that another one loads, in a
// map of at least 9 entries.
func storedByOneReadByOther(s *scheduler.Schedule) bool {
	for a, writer := range s.Workers {
		for b, reader := range s.Workers {
			for _, w := range writer {
				for _, r := range reader {
					if a != b && s.Prefill >= 9 && w.Kind == history.Store && r.Kind == history.Load && w.Key == r.Key {
						return true
					}
				}
			}
		}
	}
	return false
}

// burstAtBoundary: two workers store different fresh keys, at a boundary.
func burstAtBoundary(s *scheduler.Schedule) bool {
	var first []uint64 // of each worker's fresh keys
	for _, ops := range s.Workers {
		fresh := func(op history.Op) bool { return op.Kind == history.Store && op.Key > uint64(s.Prefill) }
		if i := slices.IndexFunc(ops, fresh); i >= 0 {
			first = append(first, ops[i].Key)
		}
	}
	slices.Sort(first)
	return slices.Contains(swiss, s.Prefill) && len(slices.Compact(first)) > 1
}

func TestMinimum(t *testing.T) {
	space := spaces()["striped"]
	space.InCompute, space.InRange = anything, anything
	space.Custom = []string{"AddAndGet"}
	tests := map[string]struct {
		fails func(*scheduler.Schedule) bool
		want  string
	}{
		"store and load of other workers": {storedByOneReadByOther, `mapstress schedule v1
shape int/int
prefill 9
timing start=spin procs=2 gosched=0 spin=0 seed=`},
		"two fresh inserts at a boundary": {burstAtBoundary, `mapstress schedule v1
shape int/int
prefill 8
timing start=spin procs=2 gosched=0 spin=0 seed=`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			seeds, shrunk := 80, 0
			if testing.Short() {
				seeds = 20
			}
			for _, scenario := range scenarios.All() {
				for seed := range uint64(seeds) {
					s := scenario.Generate(space, seed)
					if !test.fails(s) || s.Timing.Procs == 1 {
						continue
					}
					shrunk++
					least := minimise(space, s, test.fails)
					if got := least.Text(); least.Ops() != 2 || len(least.Workers) != 2 || got[:min(len(got), len(test.want))] != test.want {
						t.Fatalf("%s, seed %d: shrinks to\n%s", scenario.Name, seed, got)
					}
				}
			}
			if shrunk < seeds/4 {
				t.Errorf("only %d schedules failed at first", shrunk)
			}
		})
	}
}

func TestMinimumExactly(t *testing.T) {
	s, err := scheduler.Parse(`mapstress schedule v1
shape string/string
prefill 112
timing start=spin procs=8 gosched=25 spin=255 seed=31
w0 store k113 v200
w0 compare-and-swap k40 v40 v201
w0 load k113
w1 store k40 v202
w1 compare-and-delete k40 v201
w2 load k7
w2 store k114 v203
`)
	if err != nil {
		t.Fatal(err)
	}
	// It takes a swap of the prefill's value against a store of the same key.
	fails := func(s *scheduler.Schedule) bool {
		for a, ops := range s.Workers {
			for _, cas := range ops {
				if cas.Kind != history.CompareAndSwap || cas.Old != cas.Key || cas.Key > uint64(s.Prefill) {
					continue
				}
				for b, others := range s.Workers {
					if a != b && slices.ContainsFunc(others, func(op history.Op) bool {
						return op.Kind == history.Store && op.Key == cas.Key
					}) {
						return true
					}
				}
			}
		}
		return false
	}
	const want = `mapstress schedule v1
shape int/int
prefill 1
timing start=spin procs=2 gosched=0 spin=0 seed=31
w0 compare-and-swap k1 v1 v2
w1 store k1 v3
`
	if got := minimise(spaces()["striped"], s, fails).Text(); got != want {
		t.Errorf("shrinks to\n%swant\n%s", got, want)
	}
}

// TestGopterShrinks shows that the generators carry their shrinker: gopter's own
// runner finds the minimum.
func TestGopterShrinks(t *testing.T) {
	space := spaces()["striped"]
	property := prop.ForAll(func(s *scheduler.Schedule) bool { return !storedByOneReadByOther(s) }, find(t, "mixed").Gen(space))
	parameters := gopter.DefaultTestParametersWithSeed(1)
	parameters.MaxShrinkCount = 10_000
	result := property.Check(parameters)
	if result.Status != gopter.TestFailed {
		t.Fatalf("the property holds: %v", result.Status)
	}
	least := result.Args[0].Arg.(*scheduler.Schedule)
	if least.Ops() != 2 || least.Prefill != 9 {
		t.Errorf("gopter shrinks to\n%s", least.Text())
	}
}
