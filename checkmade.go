package mapstress

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/target"
)

// made has a child make a map, which may panic, block or end the process: here that would be the end
// of all tests. What else may go wrong with children is for the search to say.
func (c *checking) made(ctx context.Context) error {
	program, err := thisProgram()
	if err != nil {
		return err
	}
	config, err := c.running(program)
	if err != nil {
		return err
	}
	session, err := child.NewSession(config)
	if err != nil {
		return nil
	}
	defer session.Close()
	var wrong *child.MakingError
	if err := session.Make(ctx); errors.As(err, &wrong) && !wrong.Left { // a t.Fatal or t.Skip takes effect here
		return fmt.Errorf("no map to test: the function that Check is given %w; it should make a fresh map each time, in child processes, which run the test up to Check", wrong)
	}
	return nil
}

// enough says what a map lacks to be tested, if anything.
func enough(m *target.Map[uint64, uint64], kinds []history.Kind) error {
	has := "it has none at all"
	if len(kinds) > 0 {
		has = "it has " + list(kinds)
	}
	writes := func(k history.Kind) bool {
		return slices.Contains([]history.Kind{history.Store, history.LoadOrStore, history.Swap, history.Compute, history.Increment}, k)
	}
	silent := func(k history.Kind) bool {
		return k == history.Store && m.Put == nil || k == history.Increment || k == history.Clear || k == history.Delete && m.Remove == nil
	}
	answers := func(k history.Kind) bool { return !silent(k) }
	switch {
	case len(m.Custom) > 0: // of which their models know
		return nil
	case !slices.ContainsFunc(kinds, writes):
		return fmt.Errorf("no method of the map stores: want Store, LoadOrStore, Swap, Compute or Increment to be set; %s", has)
	case !slices.ContainsFunc(kinds, answers):
		return fmt.Errorf("no method of the map answers anything that could be judged: want Load to be set; %s", has)
	}
	return nil
}

// list writes "load, store".
func list(kinds []history.Kind) (text string) {
	for i, k := range kinds {
		if i > 0 {
			text += ", "
		}
		text += k.String()
	}
	return text
}
