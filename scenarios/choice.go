package scenarios

import (
	"math/rand"
	"slices"

	"github.com/mapstress/mapstress/scheduler"
)

// A Dimension is one thing that a search decides about a schedule; the scenario
// draws the rest.
type Dimension uint8

// The dimensions, in listing order.
const (
	ByScenario   Dimension = iota
	ByShape                // key and value types
	ByWorkers              // how many
	ByStart                // how they are started
	ByProcs                // GOMAXPROCS; 1 is the control
	ByGosched              // chance of a Gosched before each op
	BySpin                 // longest busy loop before each op
	ByThreads              // goroutines locked to threads, or not
	ByCollector            // a garbage collection going on, or not
	ByPreemption           // asynchronous preemption, or none
	ByStalled              // one worker held back, or none
	Dimensions             // how many there are
)

var dimensionNames = [Dimensions]string{
	ByScenario: "scenario", ByShape: "shape", ByWorkers: "workers", ByStart: "start", ByProcs: "GOMAXPROCS",
	ByGosched: "Gosched", BySpin: "spin", ByThreads: "threads", ByCollector: "collector",
	ByPreemption: "preemption", ByStalled: "stalled",
}

// String returns the dimension's word.
func (d Dimension) String() string { return dimensionNames[d] }

// A Choice names a setting in each dimension. An empty one leaves the dimension to
// the usual mix. A scenario need not follow a choice of workers.
type Choice [Dimensions]string

// A Setting is one way to set a dimension.
type Setting struct {
	Name string
	// Share is how often the usual mix has it, of the sum of its dimension's.
	Share int
}

// A Mix is all that can be tried on a target: the settings of each dimension that
// its methods, shapes and the machine allow. It is not changed once it is made.
type Mix struct {
	Space     Space
	scenarios []Scenario
	settings  [Dimensions][]Setting
}

// NewMix returns the mix of those of the scenarios that fit the space. There must
// be one that does.
func NewMix(space Space, among []Scenario) *Mix {
	m := &Mix{Space: space}
	for _, s := range among {
		if s.Fits(space) {
			m.scenarios = append(m.scenarios, s)
			m.settings[ByScenario] = append(m.settings[ByScenario], Setting{s.Name, 1})
		}
	}
	m.settings[ByShape] = space.shapeSettings()
	for i := range knobs {
		m.settings[knobs[i].dimension] = knobs[i].settings(space)
	}
	return m
}

// Settings returns what there is to choose from; the usual settings come first.
func (m *Mix) Settings(d Dimension) []Setting { return m.settings[d] }

// Generate returns the schedule of a choice and a seed: the same each time.
func (m *Mix) Generate(c Choice, seed uint64) (scenario string, s *scheduler.Schedule) {
	rng := rand.New(&splitMix{state: seed})
	if c[ByScenario] == "" {
		c[ByScenario] = draw(rng, m.settings[ByScenario])
	}
	i := slices.IndexFunc(m.scenarios, func(s Scenario) bool { return s.Name == c[ByScenario] })
	return c[ByScenario], m.scenarios[i].GenerateAs(m.Space, c, rng.Uint64())
}

// Of returns the choice that a schedule amounts to.
func (m *Mix) Of(scenario string, s *scheduler.Schedule) Choice {
	c := Choice{ByScenario: scenario, ByShape: m.Space.shapeOf(s).String()}
	for i := range knobs {
		c[knobs[i].dimension] = knobs[i].of(m.Space, s)
	}
	return c
}

// Allows reports whether a schedule of that scenario could come from the mix: the
// scenario is among those to choose from, and the target has the shape and the
// methods.
func (m *Mix) Allows(scenario string, s *scheduler.Schedule) bool {
	known := slices.ContainsFunc(m.scenarios, func(one Scenario) bool { return one.Name == scenario })
	shape := m.Space.shapeOf(s)
	return known && slices.Contains(m.Space.Shapes, shape) && allIn(s, m.Space.in(shape))
}

// draw draws a setting by the shares.
func draw(rng *rand.Rand, settings []Setting) string {
	sum := 0
	for _, s := range settings {
		sum += s.Share
	}
	n := rng.Intn(sum)
	for _, s := range settings {
		if n -= s.Share; n < 0 {
			return s.Name
		}
	}
	panic("scenarios: shares do not add up")
}

// defaultShape is how many of 100 schedules have the target's default shape,
// which is the fastest mostly.
const defaultShape = 60

func (s Space) shapeSettings() (all []Setting) {
	for i, shape := range s.Shapes {
		share := 100 - defaultShape
		if i == 0 {
			share = defaultShape * max(1, len(s.Shapes)-1)
		}
		all = append(all, Setting{shape.String(), share})
	}
	if len(all) == 0 {
		all = []Setting{{"", 1}}
	}
	return all
}
