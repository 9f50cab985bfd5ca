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

// TestGreedy: one failing run is enough, few runs come first, and nothing is tried twice with
// as many.
func TestGreedy(t *testing.T) {
	c, tried, last := longCase(t), map[string]bool{}, 0
	done := Greedy(context.Background(), c, space, []int{4, 20}, func(s *scheduler.Schedule, runs int) bool {
		at := fmt.Sprint(runs, s.Text())
		if tried[at] {
			t.Errorf("tried twice with %d runs:\n%s", runs, s.Text())
		}
		if tried[at] = true; runs < last {
			t.Errorf("%d runs after %d", runs, last)
		}
		if last = runs; !removed(s) {
			return false
		}
		c.Schedule = s
		return true
	})
	if !done || c.Schedule.Ops() != 2 || c.Schedule.Prefill != 1 {
		t.Errorf("done: %v, with\n%s", done, c.Schedule.Text())
	}
	t.Logf("%d candidates", len(tried))
}

// TestGreedyStops: out of time it is not done, and what was taken stays.
func TestGreedyStops(t *testing.T) {
	c := longCase(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	tried := 0
	done := Greedy(ctx, c, space, []int{4}, func(s *scheduler.Schedule, _ int) bool {
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
