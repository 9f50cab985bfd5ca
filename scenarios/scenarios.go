// Package scenarios has the named ways of provoking a map: generators of
// schedules, and what shrinks a schedule that failed.
//
// It aims at situations, such as growth under way, and does not know what a map
// must answer in them. Everything it draws comes from the seed in hand.
package scenarios

import (
	"fmt"
	"math/rand"
	"reflect"

	"github.com/leanovate/gopter"

	"github.com/mapstress/mapstress/internal/nearest"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// A Scenario is one situation to force on a map.
type Scenario struct {
	Name string // such as "growth-burst"
	Doc  string // one sentence on what it forces
	// Fits reports whether a target has the methods without which the scenario
	// makes no sense.
	Fits func(Space) bool
	// Shapes returns the shapes that the scenario is for, the best first; nil
	// means that any will do.
	Shapes func(Space) []target.Shape
	// Gen generates schedules, as *scheduler.Schedule, for a space that fits.
	// They are valid, and no two of the values that one writes are equal.
	Gen func(Space) gopter.Gen

	write func(*draft)
}

// All returns the catalogue, in listing order.
func All() []Scenario {
	return []Scenario{
		growthBurst, growthChurn, sameKeyIncrement, readerAgainstWriter, iterateAgainstWrite,
		loadOrStoreRace, consumeOnce, oneWinner, compareAndSwapLoop, hotKey, tornValues, churn, deleteReinsert,
		drain, shrinkBack, boundaryOscillation, ballast, ownKeys, clearAgainstWrite, cloneAgainstWrite,
		iterateAgainstReinsert, lenAgainstWrite, mixed, longHistories,
		callbackCalls, callbackPanics, callbackAgain, customOps,
	}
}

// Find returns the scenario of that name.
func Find(name string) (Scenario, error) {
	var names []string
	for _, s := range All() {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return Scenario{}, fmt.Errorf("unknown scenario %q; %smapstress scenarios lists them all", name, nearest.Hint(name, names))
}

// Generate returns the schedule of a seed: the same each time. It panics if the
// scenario does not fit the space.
func (s Scenario) Generate(space Space, seed uint64) *scheduler.Schedule {
	return s.GenerateAs(space, Choice{}, seed)
}

// GenerateAs is Generate with some of it chosen.
func (s Scenario) GenerateAs(space Space, c Choice, seed uint64) *scheduler.Schedule {
	if !s.Fits(space) {
		panic("scenarios: " + s.Name + " does not fit the target's methods")
	}
	p := &gopter.GenParameters{Rng: rand.New(&splitMix{state: seed})}
	schedule, _ := s.gen(space, c)(p).Retrieve()
	return schedule.(*scheduler.Schedule)
}

// scenario makes the generator of one that writes its ops into a draft.
func scenario(name, doc string, fits func(Space) bool, write func(*draft)) Scenario {
	s := Scenario{Name: name, Doc: doc, Fits: fits, write: write}
	s.Gen = func(space Space) gopter.Gen { return s.gen(space, Choice{}) }
	return s
}

func (s Scenario) gen(space Space, c Choice) gopter.Gen {
	if s.Shapes != nil {
		space.Shapes = s.Shapes(space)
	}
	shrinker := Shrinker(space)
	return func(p *gopter.GenParameters) *gopter.GenResult {
		d := newDraft(p.Rng, space, c, s.Fits)
		s.write(d)
		d.addOdd()
		d.number()
		d.s.FewerRounds()
		d.s.Timing = d.timing()
		return &gopter.GenResult{Result: d.s, ResultType: reflect.TypeOf(d.s), Shrinker: shrinker}
	}
}
