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
}

// String returns the text form:
//
//	strategy random
//	seed 17
//	points at synchronization
//	racing example.com/maps.(*Map).Store map.go:12
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
