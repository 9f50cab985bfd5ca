package search

import (
	"errors"
	"testing"

	"github.com/mapstress/mapstress/internal/child/wire"
)

// TestWithout: what is wrong with noise beside free runs ends it, also where there are no controlled
// runs; and that there are none is told once, however many lanes were waiting for the gate.
func TestWithout(t *testing.T) {
	var told []error
	s := &search{Config: Config{OnProblem: func(err error) { told = append(told, err) }}}
	unsteady := &UnsteadyError{Run: 1, Point: 2}
	of := &state{target: &wire.Description{Name: "m"}, shut: unsteady}
	first, second := &lane{search: s}, &lane{search: s}
	first.without(of, unsteady)
	second.without(of, unsteady)
	if len(told) != 1 || !errors.Is(told[0], unsteady) || first.refused || second.refused {
		t.Errorf("told %v; want the one error, once, and noise to go on", told)
	}
	if first.without(of, errors.New("it does not start")); !first.refused || second.refused || len(told) != 2 {
		t.Errorf("told %v, refused %t and %t; want the first lane to end it", told, first.refused, second.refused)
	}
}
