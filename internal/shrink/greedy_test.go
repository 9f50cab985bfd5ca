package shrink

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
)

// removed reports whether one worker deletes the key that another one loads, on a map that has
// it: a bug that takes two ops.
func removed(s *scheduler.Schedule) bool {
	for w, ops := range s.Workers {
		for _, op := range ops {
			for other, others := range s.Workers {
				if w != other && op.Kind == history.Load && op.Key <= uint64(s.Prefill) &&
					slices.ContainsFunc(others, func(o history.Op) bool { return o.Kind == history.Delete && o.Key == op.Key }) {
					return true
				}
			}
		}
	}
	return false
}

func longCase(t *testing.T) *corpus.Case {
	text := "mapstress schedule v1\nprefill 60\n"
	for k := 1; k <= 60; k++ {
		text += fmt.Sprintf("w%d delete k%d\n", k%3, k)
	}
	s, err := scheduler.Parse(text + "w1 load k33\n")
	if err != nil {
		t.Fatal(err)
	}
	return &corpus.Case{Schedule: s}
}

// TestGreedy: one failing run is enough, nothing is tried twice with the same effort, and
// most of it is for what has fewer ops.
func TestGreedy(t *testing.T) {
	c, tried, efforts := longCase(t), map[string]bool{}, map[Effort]int{}
	done := Greedy(context.Background(), c, space, func(s *scheduler.Schedule, e Effort) bool {
		at := fmt.Sprint(e, s.Text())
		if tried[at] {
			t.Errorf("tried twice with effort %d:\n%s", e, s.Text())
		}
		tried[at] = true
		efforts[e]++
		if e == Stubborn && s.Ops() >= c.Schedule.Ops() {
			t.Errorf("%d ops after %d:\n%s", s.Ops(), c.Schedule.Ops(), s.Text())
		}
		if !removed(s) {
			return false
		}
		c.Schedule = s
		return true
	})
	if !done || c.Schedule.Ops() != 2 || c.Schedule.Prefill != 1 {
		t.Errorf("done: %v, with\n%s", done, c.Schedule.Text())
	}
	if efforts[Quick] == 0 || efforts[Thorough] == 0 || efforts[Stubborn] == 0 {
		t.Errorf("efforts %v", efforts)
	}
	t.Logf("%d candidates", len(tried))
}

// TestGreedyStubborn: where a schedule of few ops fails seldom, it is found all the same: the
// stages begin anew after what fewer ops have brought.
func TestGreedyStubborn(t *testing.T) {
	c := longCase(t)
	done := Greedy(context.Background(), c, space, func(s *scheduler.Schedule, e Effort) bool {
		if !removed(s) || s.Ops() < 4 && e < Stubborn {
			return false
		}
		c.Schedule = s
		return true
	})
	if !done || c.Schedule.Ops() != 2 {
		t.Errorf("done: %v, with\n%s", done, c.Schedule.Text())
	}
}

// TestGreedyStops: out of time it is not done, and what was taken stays.
func TestGreedyStops(t *testing.T) {
	c := longCase(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	tried := 0
	done := Greedy(ctx, c, space, func(s *scheduler.Schedule, _ Effort) bool {
		if tried++; tried == 10 {
			cancel()
		}
		if !removed(s) {
			return false
		}
		c.Schedule = s
		return true
	})
	if done || tried != 10 || !removed(c.Schedule) {
		t.Errorf("done: %v after %d candidates, with\n%s", done, tried, c.Schedule.Text())
	}
}
