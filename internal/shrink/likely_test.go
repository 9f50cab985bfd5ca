package shrink

import (
	"slices"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
)

// TestGuesses: the ops that a failing run names are tried first.
func TestGuesses(t *testing.T) {
	schedule, err := scheduler.Parse(`mapstress schedule v1
w0 store k1 v10
w0 store k2 v11
w0 load k1
w1 store k3 v12
w1 delete k1
w1 store k4 v13
`)
	if err != nil {
		t.Fatal(err)
	}
	h, err := history.ParseText(`w0 [1..5] store k1 v10
w1 [2..4] store k3 v12
w0 [6..9] store k2 v11
w1 [7..8] delete k1
w0 [10..12] load k1 -> absent
w1 [11..] store k4 v13
`)
	if err != nil {
		t.Fatal(err)
	}
	events, ok := located(h, schedule)
	if !ok {
		t.Fatal("the history is not the schedule's")
	}
	at := func(w, op int) scheduler.Position { return scheduler.Position{Worker: w, Op: op} }
	for _, test := range []struct {
		named []int
		want  [][]scheduler.Position // the first guesses
	}{
		{[]int{0, 4}, [][]scheduler.Position{{at(0, 0), at(0, 2)}}},
		{nil, [][]scheduler.Position{{at(1, 2)}, {at(0, 2), at(1, 2)}}}, // what was under way as it died
	} {
		got := guesses(events, test.named)
		for i, want := range test.want {
			if !slices.Equal(got[i], want) {
				t.Errorf("named %v: guess %d is %v; want %v", test.named, i, got[i], want)
			}
		}
		if last := got[len(got)-1]; len(last) != len(events) {
			t.Errorf("named %v: the last guess is %v; want all that were begun", test.named, last)
		}
	}
	schedule.Workers[0][0].Key = 9
	if _, ok := located(h, schedule); ok {
		t.Error("a history of another schedule is taken for its own")
	}
}
