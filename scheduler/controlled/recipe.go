package controlled

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/mapstress/mapstress/scheduler/strategy"
)

// A Recipe is what it takes, beside the schedule and the program, to make a run again.
type Recipe struct {
	Strategy string // that made it, for people
	Seed     uint64 // of what the target draws
	// SyncOnly says that workers stopped at plain accesses only at these places, which had
	// raced before.
	SyncOnly  bool
	Racing    []string // "function file.go:12"
	Decisions strategy.Decisions
	Suspend   *Suspend // nil: nobody is
}

// Suspend stops a worker in the midst of an op until no other can go on.
type Suspend struct {
	Worker int // one of the schedule's
	Point  int // before which of its points within ops, from 1
}

// String returns the text form:
//
//	strategy random
//	seed 17
//	points at synchronization
//	racing example.com/maps.(*Map).Store map.go:12
//	suspend w0 17
//	0*12 1 0*3
func (r *Recipe) String() string {
	text := ""
	if r.Strategy != "" {
		text = "strategy " + r.Strategy + "\n"
	}
	text += fmt.Sprintf("seed %d\n", r.Seed)
	if r.SyncOnly {
		text += "points at synchronization\n"
		for _, place := range r.Racing {
			text += "racing " + place + "\n"
		}
	}
	if s := r.Suspend; s != nil {
		text += fmt.Sprintf("suspend w%d %d\n", s.Worker, s.Point)
	}
	return text + r.Decisions.String() + "\n"
}

// ParseRecipe reads the text form. Errors name the line.
func ParseRecipe(text string) (*Recipe, error) {
	r := &Recipe{}
	seeded := false
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if name, ok := strings.CutPrefix(line, "strategy "); ok && !seeded {
			r.Strategy = strings.TrimSpace(name)
		} else if digits, ok := strings.CutPrefix(line, "seed "); ok && !seeded {
			n, err := strconv.ParseUint(strings.TrimSpace(digits), 10, 64)
			if err != nil {
				return nil, fmt.Errorf("decisions line %d: seed %q; want a number", i+1, digits)
			}
			r.Seed, seeded = n, true
		} else if place, ok := strings.CutPrefix(line, "racing "); ok {
			r.Racing = append(r.Racing, strings.TrimSpace(place))
		} else if words, ok := strings.CutPrefix(line, "suspend "); ok {
			s := &Suspend{}
			if _, err := fmt.Sscanf(words, "w%d %d", &s.Worker, &s.Point); err != nil || s.Worker < 0 || s.Point < 1 {
				return nil, fmt.Errorf("decisions line %d: suspend %q; want a worker and a point from 1, such as %q", i+1, words, "w0 17")
			}
			r.Suspend = s
		} else if strings.TrimSpace(line) == "points at synchronization" {
			r.SyncOnly = true
		} else {
			continue
		}
		lines[i] = ""
	}
	if !seeded {
		return nil, fmt.Errorf("decisions: no line with the seed; want one such as %q", "seed 17")
	}
	var err error
	r.Decisions, err = strategy.ParseDecisions(strings.Join(lines, "\n"))
	return r, err
}
