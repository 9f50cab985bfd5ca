package scenarios_test

import (
	"slices"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// swiss are the boundaries of the built-in map since Go 1.24.
var swiss = []int{8, 14, 28, 56, 112, 224, 448, 896}

// anything is a function that may do anything.
var anything = target.Callback{Calls: true, Panics: true, Again: true}

// spaces has the space of every built-in target, and some of targets that have
// or know little: the fewest methods, or several sets of few, no boundaries,
// one at the smallest size, some of shrinking, and wide values in shapes that
// lack a method.
func spaces() map[string]scenarios.Space {
	few := []history.Kind{history.Load, history.Store, history.Delete}
	all := map[string]scenarios.Space{
		"least":     {Kinds: []history.Kind{history.LoadOrStore}},
		"unknown":   {Kinds: history.Kinds()},
		"cas":       {Kinds: []history.Kind{history.Load, history.Swap, history.CompareAndSwap, history.CompareAndDelete, history.Len}, Procs: 64},
		"set":       {Kinds: []history.Kind{history.LoadOrStore, history.LoadAndDelete, history.Clear, history.Clone}},
		"compute":   {Kinds: []history.Kind{history.Compute, history.CompareAndDelete, history.Range}},
		"reentrant": {Kinds: history.Kinds(), InCompute: anything, InRange: anything},
		"custom":    {Kinds: few, Custom: []string{"AddAndGet", "Rename"}},
		"own":       {Custom: []string{"Add", "Get"}},
		"counters":  {Kinds: []history.Kind{history.Load, history.Range, history.Increment}, Custom: []string{"Add"}},
		"takes": {
			Kinds:   []history.Kind{history.LoadAndDelete, history.Delete, history.CompareAndSwap, history.CompareAndDelete, history.Len, history.IsEmpty, history.Clear, history.Clone},
			InRange: anything, Custom: []string{"Add"},
		},
		"few":     {Kinds: few, Boundaries: history.Boundaries{Up: []int{1}}},
		"shrinks": {Kinds: history.Kinds(), Boundaries: history.Boundaries{Up: []int{72, 144, 288}, Down: []int{1, 3, 6, 40}}},
		"lasting": {
			Kinds: history.Kinds(), Custom: []string{"AddAndGet"}, Lasting: true,
			Shapes: []target.Shape{{Key: "float", Value: "int"}}, Odd: []target.Shape{{Key: "float", Value: "int"}},
		},
		"wide": {
			Kinds:   few,
			Without: map[target.Shape][]history.Kind{{Key: "int", Value: "2KiB"}: {history.Load}, {Key: "int", Value: "any"}: {history.Delete}},
			Shapes:  []target.Shape{{Key: "int", Value: "int"}, {Key: "int", Value: "2KiB"}, {Key: "int", Value: "any"}},
		},
	}
	for _, t := range target.Builtin() {
		all[t.Name] = scenarios.SpaceOf(scheduler.Abilities(&t), history.Boundaries{Up: swiss}, 2).Under(&t.Contract)
	}
	return all
}

// eachSchedule calls f with the schedules of some seeds in every space. Of long
// schedules, which take long to look at, it takes fewer, and in a short test a sixth: no
// goroutine is in this that the race detector could see.
func eachSchedule(t *testing.T, seeds uint64, f func(t *testing.T, space scenarios.Space, s *scheduler.Schedule)) {
	if testing.Short() {
		seeds = (seeds + 5) / 6
	}
	for name, space := range spaces() {
		for _, scenario := range scenarios.All() {
			if !scenario.Fits(space) {
				continue
			}
			t.Run(name+"/"+scenario.Name, func(t *testing.T) {
				budget := 40 * int(seeds) // in ops
				for seed := range seeds {
					s := scenario.Generate(space, seed)
					if s.Ops() <= budget {
						budget -= s.Ops()
						f(t, space, s)
					}
				}
			})
		}
	}
}

func TestSpaceOf(t *testing.T) {
	plain := spaces()["map"]
	if !slices.Contains(plain.Kinds, history.Increment) || slices.Contains(plain.Kinds, history.Swap) {
		t.Errorf("the built-in map has %v", plain.Kinds)
	}
	for shape, without := range plain.Without {
		if !slices.Equal(without, []history.Kind{history.Increment}) || shape == plain.Shapes[0] {
			t.Errorf("in shape %s the built-in map lacks %v; want increment alone, and not in the default shape", shape, without)
		}
	}
	if len(plain.Without) == 0 {
		t.Error("the built-in map has increment in every shape")
	}
}
