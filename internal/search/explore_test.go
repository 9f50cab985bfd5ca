package search

import "testing"

// TestPass: an exploration is through with as many schedules at first as have all come to their end.
func TestPass(t *testing.T) {
	x := exploration{through: make([]bool, 5), so: Explored{From: 1, Next: 1}}
	for _, step := range []struct{ n, next int }{{2, 1}, {1, 3}, {4, 3}, {3, 5}} {
		if x.pass(step.n); x.so.Next != step.next {
			t.Errorf("with schedule %d: %d at first; want %d", step.n, x.so.Next, step.next)
		}
	}
}
