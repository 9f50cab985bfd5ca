package soak

import (
	"reflect"
	"slices"
	"testing"
	"time"
)

var threeParts = []part{
	{target: "a", scenarios: []string{"grow", "drain", "mixed"}},
	{target: "b", scenarios: []string{"grow"}},
	{target: "c", scenarios: []string{"drain", "mixed"}},
}

// Every round has the free search first, for about as long as the rest takes, and
// each target with each scenario that fits it exactly once.
func TestRounds(t *testing.T) {
	for _, duration := range []time.Duration{time.Second, time.Minute, 8 * time.Hour} {
		p := newPlan(7, threeParts, duration)
		for round := range 3 {
			var free, alone time.Duration
			seen := map[[2]string]int{}
			for i := range p.frees + p.pairs {
				s := p.slice(round*(p.frees+p.pairs) + i)
				if s.round != round || s.time <= 0 || s.time > maxSlice {
					t.Errorf("%v: slice %+v; want it in round %d", duration, s, round)
				}
				if s.target == "" {
					if i >= p.frees || s.scenario != "" {
						t.Errorf("%v: slice %d of round %d is %+v", duration, i, round, s)
					}
					free += s.time
					continue
				}
				seen[[2]string{s.target, s.scenario}]++
				alone += s.time
			}
			for _, part := range threeParts {
				for _, scenario := range part.scenarios {
					if n := seen[[2]string{part.target, scenario}]; n != 1 {
						t.Errorf("%v: %s of %s has %d slices in round %d", duration, scenario, part.target, n, round)
					}
				}
			}
			if len(seen) != 6 || free < alone || free-alone >= p.free {
				t.Errorf("%v: %d pairs, %v alone, %v free", duration, len(seen), alone, free)
			}
		}
	}
}

// Where targets have controlled runs, a round has these between, for about as long as each of the
// other two ways, and such targets take turns.
func TestControlledSlices(t *testing.T) {
	parts := slices.Clone(threeParts)
	parts[0].controlled, parts[2].controlled = true, true
	for _, duration := range []time.Duration{time.Minute, 8 * time.Hour} {
		p := newPlan(7, parts, duration)
		turns := map[string]int{}
		for round := range 4 {
			var spent [3]time.Duration
			for i := range p.round() {
				s := p.slice(round*p.round() + i)
				way := 0
				switch {
				case s.controlled:
					way = 1
					turns[s.target]++
				case s.scenario != "":
					way = 2
				}
				spent[way] += s.time
				if want := i >= p.frees && i < p.frees+p.controlleds; s.controlled != want || want && (s.scenario != "" || s.time < controlledSlice) {
					t.Errorf("%v: slice %d of round %d is %+v", duration, i, round, s)
				}
			}
			if spent[1] < spent[2] || spent[1]-spent[2] >= p.decided || spent[0] < spent[2] || spent[0]-spent[2] >= p.free {
				t.Errorf("%v: %v free, controlled, alone", duration, spent)
			}
		}
		if len(turns) != 2 || turns["a"] < 2 || max(turns["a"]-turns["c"], turns["c"]-turns["a"]) > 1 {
			t.Errorf("%v: turns %v; want a and c in turn", duration, turns)
		}
	}
}

func TestSliceTimes(t *testing.T) {
	var five []part
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		five = append(five, part{target: name, scenarios: []string{"1", "2", "3", "4", "5", "6", "7", "8", "9"}})
	}
	for _, test := range []struct {
		duration, alone, free time.Duration
		frees                 int
	}{
		{time.Second, 250 * time.Millisecond, 2500 * time.Millisecond, 5},
		{5 * time.Minute, 5 * time.Minute / 180, 2500 * time.Millisecond, 30},
		{8 * time.Hour, 10 * time.Second, 10 * time.Second, 45},
	} {
		p := newPlan(1, five, test.duration)
		if p.alone != test.alone || p.free != test.free || p.frees != test.frees || p.pairs != 45 {
			t.Errorf("%v: %v alone, %d of %v free, %d pairs; want %+v", test.duration, p.alone, p.frees, p.free, p.pairs, test)
		}
	}
}

// The same seed plans the same, and another seed something else; no two slices
// search with one seed.
func TestPlanSeed(t *testing.T) {
	all := func(seed uint64) (slices []slice) {
		p := newPlan(seed, threeParts, time.Minute)
		for n := range 100 {
			slices = append(slices, p.slice(n))
		}
		return slices
	}
	if !reflect.DeepEqual(all(3), all(3)) {
		t.Error("the same seed plans something else")
	}
	if reflect.DeepEqual(all(3), all(4)) {
		t.Error("another seed plans the same")
	}
	seeds := map[uint64]bool{}
	for _, s := range all(3) {
		seeds[s.seed] = true
	}
	if len(seeds) != 100 {
		t.Errorf("%d seeds for 100 slices", len(seeds))
	}
}

// Targets take turns: none has its next scenario before each other that has one
// left had its own.
func TestTargetsTakeTurns(t *testing.T) {
	p := newPlan(5, threeParts, time.Minute)
	for round := range 10 {
		var names []string
		for _, pair := range p.order(round) {
			names = append(names, pair[0])
		}
		first := slices.Clone(names[:3])
		slices.Sort(first)
		if !slices.Equal(first, []string{"a", "b", "c"}) || slices.Contains(names[3:5], "b") || names[5] != "a" {
			t.Errorf("round %d: %q", round, names)
		}
	}
}

func TestFit(t *testing.T) {
	const s = time.Second
	for _, test := range []struct{ time, left, want time.Duration }{
		{s, 10 * s, s},
		{s, 3 * s / 2, s},
		{s, s + shortest - 1, s + shortest - 1}, // what would be left is not worth a slice
		{s, s + shortest, s},
		{s, s / 2, s / 2},
	} {
		if got := (slice{time: test.time}).fit(test.left).time; got != test.want {
			t.Errorf("%v of %v left: %v; want %v", test.time, test.left, got, test.want)
		}
	}
}

func TestReplayTime(t *testing.T) {
	const s = time.Second
	for _, test := range []struct {
		duration, used time.Duration
		cases          int
		want           time.Duration
	}{
		{8 * time.Hour, 0, 5, 10 * s},
		{40 * s, 0, 5, 2 * s},          // a quarter, shared
		{40 * s, 9 * s, 1, s},          // what is left of the quarter
		{40 * s, 2 * s, 4, 2 * s},      // those before took their share
		{40 * s, s / 2, 4, 19 * s / 8}, // those before took less
		{40 * s, 10 * s, 1, 0},
		{40 * s, 11 * s, 3, 0},
		{time.Second, 0, 1000, 0}, // too many for the time
	} {
		if got := replayTime(test.duration, test.used, 10*s, test.cases); got != test.want {
			t.Errorf("%+v: %v", test, got)
		}
	}
}

func TestShrinkTime(t *testing.T) {
	for _, test := range []struct {
		duration time.Duration
		unsafe   bool
		want     time.Duration
	}{
		{8 * time.Hour, false, 15 * time.Second},
		{8 * time.Hour, true, 3 * time.Second},
		{time.Minute, false, 1500 * time.Millisecond},
		{time.Minute, true, 300 * time.Millisecond},
	} {
		if got := shrinkTime(test.duration, test.unsafe); got != test.want {
			t.Errorf("%+v: %v", test, got)
		}
	}
}
