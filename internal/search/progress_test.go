package search

import (
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scenarios"
)

// Each op is stopped on a key that is there, on one that is not, and where the map grows; the
// other worker only loads.
func TestHeldReads(t *testing.T) {
	space := scenarios.Space{Kinds: []history.Kind{history.Load, history.Store, history.CompareAndDelete, history.Clear}}
	all := heldReads(space, history.Boundaries{Up: []int{8, 14, 28}})
	seen := map[string]bool{}
	for _, s := range all {
		if err := s.Validate(); err != nil {
			t.Errorf("%s: %v", s.Text(), err)
		}
		seen[s.Text()] = true
		for _, op := range s.Workers[1] {
			if op.Kind != history.Load {
				t.Errorf("%v is held", op)
			}
		}
	}
	// On an empty map there is one key; on three others there are two, but for Clear.
	if want := 4 + 3*(3*2+1); len(seen) != want || len(all) != want {
		t.Errorf("%d schedules, %d of them different; want %d", len(all), len(seen), want)
	}
}
