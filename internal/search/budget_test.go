package search

import (
	"math"
	"testing"
	"time"
)

func TestBudget(t *testing.T) {
	all := [ways]bool{true, true, true}
	for _, c := range []struct {
		name  string
		b     budget
		able  [ways]bool
		turns [ways]float64 // shares of 600
	}{
		{"nothing found", budget{cpu: [ways]time.Duration{90 * time.Second, 80 * time.Second, 100 * time.Second}}, all, [ways]float64{0.33, 0.36, 0.31}},
		{"one way alone", budget{}, [ways]bool{true, false, false}, [ways]float64{1, 0, 0}},
		{"no noise", budget{}, [ways]bool{true, false, true}, [ways]float64{0.5, 0, 0.5}},
		{"decided runs find more", budget{
			cpu:   [ways]time.Duration{20 * time.Second, 20 * time.Second, 20 * time.Second},
			found: [ways]int{0, 0, 7},
		}, all, [ways]float64{0.22, 0.22, 0.57}},
		{"free runs find all", budget{
			cpu:   [ways]time.Duration{20 * time.Second, 20 * time.Second, 20 * time.Second},
			found: [ways]int{1000, 0, 0},
		}, all, [ways]float64{0.67, 0.17, 0.17}},
	} {
		var turns [ways]float64
		b := c.b
		for range 600 {
			turns[b.next(c.able)]++
		}
		for w := range ways {
			if got := turns[w] / 600; math.Abs(got-c.turns[w]) > 0.01 {
				t.Errorf("%s: way %d has %.3f of the turns; want %.2f", c.name, w, got, c.turns[w])
			}
		}
	}
}

// TestBudgetInTurns: the ways take turns, rather than to have all of theirs on end.
func TestBudgetInTurns(t *testing.T) {
	var b budget
	for turn := range 30 {
		if w := b.next([ways]bool{true, true, true}); w != way(turn%3) {
			t.Fatalf("turn %d: way %d", turn, w)
		}
	}
	b.cpu = [ways]time.Duration{time.Hour, time.Hour, time.Hour}
	b.found[byDecision] = 10
	for range 2 {
		if w := b.next([ways]bool{true, true, true}); w != byDecision && w != freely {
			t.Errorf("way %d", w)
		}
	}
}
