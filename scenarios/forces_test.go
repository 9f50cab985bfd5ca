package scenarios_test

import (
	"slices"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// TestForces checks that schedules are of the situation that they are named for.
func TestForces(t *testing.T) {
	space := spaces()["shrinks"]
	space.InCompute, space.InRange = anything, anything
	for name, forces := range map[string]func(*scheduler.Schedule) bool{
		"hot-key": func(s *scheduler.Schedule) bool {
			return count(s, func(op history.Op) bool { return op.Key == s.Workers[0][0].Key }) == s.Ops()
		},
		"consume-once": func(s *scheduler.Schedule) bool {
			return slices.ContainsFunc(s.Keys(), func(key uint64) bool { return all(s, key, consumes) })
		},
		"one-winner": func(s *scheduler.Schedule) bool {
			n := len(s.OpKeys())
			return passes(space, max(n, s.Peak)) && callers(s, s.OpKeys()[n/2]) == len(s.Workers) && s.Ops() == count(s, contends)
		},
		"delete-reinsert": func(s *scheduler.Schedule) bool {
			return slices.ContainsFunc(s.Keys(), func(key uint64) bool { return some(s, key, deletes) && some(s, key, inserting) })
		},
		"compare-and-swap-loop": func(s *scheduler.Schedule) bool {
			return all(s, 1, func(op history.Op) bool { return op.Kind == history.CompareAndSwap && op.Old == 1 }) ||
				count(s, func(op history.Op) bool { return op.Kind == history.Increment }) > 2
		},
		"shrink-back": func(s *scheduler.Schedule) bool {
			least := s.Prefill - count(s, deletes)
			return slices.ContainsFunc(space.Boundaries.Down, func(b int) bool { return least < b }) && passes(space, max(s.Prefill, s.Peak))
		},
		"boundary-oscillation": func(s *scheduler.Schedule) bool {
			return count(s, inserting) == count(s, deletes) && !some(s, 1, deletes) || s.Prefill == 0
		},
		"ballast": func(s *scheduler.Schedule) bool {
			n := len(s.Keys())
			return passes(space, n) && count(s, deletes) >= n/2 && count(s, inserting) >= n/2
		},
		"own-keys": func(s *scheduler.Schedule) bool {
			return !slices.ContainsFunc(s.Keys(), func(key uint64) bool { return callers(s, key) > 1 })
		},
		"clear-against-write": func(s *scheduler.Schedule) bool {
			return has(s.Workers[0], history.Clear) && slices.ContainsFunc(s.Workers[len(s.Workers)-1], inserting)
		},
		"clone-against-write": func(s *scheduler.Schedule) bool {
			return has(s.Workers[0], history.Clone) && len(s.Workers[len(s.Workers)-1]) > 1
		},
		"len-against-write": func(s *scheduler.Schedule) bool {
			return s.Prefill <= 3 && len(s.Keys()) <= s.Prefill+3 && has(s.Workers[0], history.Len) && has(s.Workers[1], history.Len)
		},
		"callback-calls": func(s *scheduler.Schedule) bool {
			return count(s, func(op history.Op) bool { return op.Inside }) > 0 || s.Ops() < 12
		},
		"callback-panics": func(s *scheduler.Schedule) bool {
			return count(s, func(op history.Op) bool { return op.Panics }) > 0 || s.Ops() < 12
		},
		"callback-again": func(s *scheduler.Schedule) bool {
			computes := func(op history.Op) bool { return op.Kind == history.Compute && op.Key == s.Workers[0][0].Key }
			return count(s, computes) > 2 && s.Workers[0][0].Key > 0 && callers(s, s.Workers[0][0].Key) == len(s.Workers)
		},
		"custom-ops": func(s *scheduler.Schedule) bool {
			return count(s, func(op history.Op) bool { return op.Kind == history.Custom }) >= len(s.Workers)
		},
		"long-histories": func(s *scheduler.Schedule) bool {
			return s.Ops()*max(s.Rounds, 1) > 900
		},
	} {
		t.Run(name, func(t *testing.T) {
			scenario, space := find(t, name), space
			space.Lasting = name == "long-histories"
			if name == "custom-ops" {
				space.Custom = []string{"AddAndGet", "Rename"}
			}
			for seed := range uint64(100) {
				if s := scenario.Generate(space, seed); !forces(s) {
					t.Fatalf("seed %d does not force it:\n%s", seed, s.Text())
				}
			}
		})
	}
}

// Torn values are looked for in shapes whose values can tear, and in no other.
func TestTornValuesAreWide(t *testing.T) {
	scenario := find(t, "torn-values")
	word := scenarios.Space{Kinds: history.Kinds(), Shapes: []target.Shape{{Key: "int", Value: "int"}}}
	if scenario.Fits(word) || scenario.Fits(spaces()["unknown"]) {
		t.Error("fits a target without values of several words")
	}
	shapes := map[string]int{}
	for seed := range uint64(300) {
		shapes[scenario.Generate(spaces()["map"], seed).Shape.Value]++
		if s := scenario.Generate(spaces()["wide"], seed).Shape; s.Value != "any" {
			t.Fatalf("seed %d takes shape %s; want int/any, the only wide one with all it needs", seed, s)
		}
	}
	// 60 in 100 and a share of the rest: 6 standard deviations below.
	if shapes["record"] < 150 || len(shapes) != 6 {
		t.Errorf("of 300 schedules, by value: %v; want every wide one, and records mostly", shapes)
	}
}

func inserting(op history.Op) bool {
	switch op.Kind {
	case history.Store, history.LoadOrStore, history.Swap, history.Compute:
		return true
	}
	return false
}

func deletes(op history.Op) bool {
	switch op.Kind {
	case history.Delete, history.LoadAndDelete, history.CompareAndDelete:
		return true
	}
	return false
}

func consumes(op history.Op) bool {
	return deletes(op) || op.Kind == history.CompareAndSwap || op.Kind == history.Swap
}

func contends(op history.Op) bool {
	return op.Kind == history.LoadOrStore || op.Kind == history.LoadAndDelete
}

func has(ops []history.Op, k history.Kind) bool {
	return slices.ContainsFunc(ops, func(op history.Op) bool { return op.Kind == k })
}

// count counts the ops of that sort.
func count(s *scheduler.Schedule, sort func(history.Op) bool) (n int) {
	for _, ops := range s.Workers {
		for _, op := range ops {
			if sort(op) {
				n++
			}
		}
	}
	return n
}

// callers counts the workers that have an op of that sort on the key.
func callers(s *scheduler.Schedule, key uint64, sort ...func(history.Op) bool) (n int) {
	for _, ops := range s.Workers {
		if slices.ContainsFunc(ops, func(op history.Op) bool {
			return op.Key == key && (len(sort) == 0 || sort[0](op))
		}) {
			n++
		}
	}
	return n
}

// some and all report whether some worker, or every one, has such an op on the key.
func some(s *scheduler.Schedule, key uint64, sort func(history.Op) bool) bool {
	return callers(s, key, sort) > 0
}

func all(s *scheduler.Schedule, key uint64, sort func(history.Op) bool) bool {
	return callers(s, key, sort) == len(s.Workers)
}

// passes reports whether a map filled to that size has grown.
func passes(space scenarios.Space, size int) bool {
	return slices.ContainsFunc(space.Boundaries.Up, func(b int) bool { return b < size })
}

// Odd keys are for the shapes that have them, in 3 of 10 schedules: of 500, at least
// 90 is six standard deviations below.
func TestOddKeys(t *testing.T) {
	space := spaces()["striped"]
	with := map[bool]int{}
	for seed := range uint64(1500) {
		s := find(t, "churn").GenerateAs(space, scenarios.Choice{scenarios.ByShape: []string{"float64/int", "int/int", "any/int"}[seed%3]}, seed)
		keys := s.Keys()
		if keys[len(keys)-1] >= target.FirstOdd {
			with[slices.Contains(space.Odd, s.Shape)]++
		}
	}
	if with[true] < 180 || with[false] > 0 {
		t.Errorf("odd keys in %d schedules of shapes that have them, and in %d of others", with[true], with[false])
	}
}

// TestFunctionsDoWhatIsPromised: what a search tries, and what it makes of that, keeps to
// what the functions of Compute and Range may do; a map may hang for ever on anything else.
func TestFunctionsDoWhatIsPromised(t *testing.T) {
	calls, panics := target.Callback{Calls: true}, target.Callback{Panics: true}
	for _, c := range []struct{ inCompute, inRange target.Callback }{
		{calls, panics}, {panics, calls}, {panics, target.Callback{}}, {target.Callback{}, calls},
	} {
		space := spaces()["unknown"]
		space.InCompute, space.InRange = c.inCompute, c.inRange
		mix := scenarios.NewMix(space, scenarios.All())
		tried, kept := 0, 0
		look := func(s *scheduler.Schedule) {
			tried++
			for _, ops := range s.Workers {
				caller := history.Op{}
				for _, op := range ops {
					if !op.Inside {
						caller = op
					}
					may := map[history.Kind]target.Callback{history.Compute: c.inCompute, history.Range: c.inRange}
					if op.Inside && !may[caller.Kind].Calls || op.Panics && (op.Inside || !may[op.Kind].Panics) {
						t.Fatalf("%q after %q, which is not promised:\n%s", op, caller, s.Text())
					}
					if op.Inside || op.Panics {
						kept++
					}
				}
			}
		}
		for _, name := range []string{"callback-calls", "callback-panics"} {
			scenario := find(t, name)
			if !scenario.Fits(space) {
				continue
			}
			for seed := range uint64(30) {
				s := scenario.Generate(space, seed)
				look(s)
				look(mix.Mutate(s, seed))
				for _, pass := range scenarios.Passes(space) {
					next := pass.Shrink(s)
					for n := 0; n < 100; n++ {
						if smaller, ok := next(); ok {
							look(smaller.(*scheduler.Schedule))
						}
					}
				}
			}
		}
		if kept < tried/2 {
			t.Errorf("%+v: %d ops in functions in %d schedules; want about as many", c, kept, tried)
		}
	}
}
