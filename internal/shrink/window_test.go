package shrink

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler"

	"github.com/mapstress/mapstress/corpus"
)

// TestWindows: a run that filled the map and emptied it again, before what the
// verdict names, is cut to a few ops on a map that was filled and emptied as far.
func TestWindows(t *testing.T) {
	schedule, history := &strings.Builder{}, &strings.Builder{}
	schedule.WriteString("mapstress schedule v1\nprefill 2\n")
	now, ops := 0, 0
	call := func(worker int, op, answer string) {
		fmt.Fprintf(schedule, "w%d %s\n", worker, op)
		fmt.Fprintf(history, "w%d [%d..%d] %s%s\n", worker, now, now+1, op, answer)
		now, ops = now+2, ops+1
	}
	for k := 3; k <= 9; k++ {
		call(0, fmt.Sprintf("store k%d v%d", k, 20+k), "")
	}
	for k := 1; k <= 5; k++ {
		call(1, fmt.Sprintf("delete k%d", k), "")
	}
	call(0, "compare-and-swap k9 v29 v40", " -> true")
	call(1, "load k4", " -> v24") // which was deleted
	call(0, "store k12 v50", "")
	call(1, "load k12", " -> v50")

	s, err := scheduler.Parse(schedule.String())
	if err != nil {
		t.Fatal(err)
	}
	best := &corpus.Case{
		Schedule: s, History: history.String(),
		Verdict: oracle.Verdict{Events: []int{ops - 3}}, // the load of k4
	}
	shrink := windows(space, func() *corpus.Case { return best }).Shrink(s)
	first := nextSchedule(shrink)
	const want = `mapstress schedule v1
prefill 4 peak=9
w0 compare-and-swap k4 v4 v40
w1 load k5
`
	if first == nil || first.Text() != want {
		t.Errorf("first window:\n%v\nwant\n%s", first, want)
	}
	sizes := []int{first.Ops()}
	for c := nextSchedule(shrink); c != nil; c = nextSchedule(shrink) {
		sizes = append(sizes, c.Ops())
	}
	if !slices.Equal(sizes, []int{2, 4, 8}) {
		t.Errorf("windows of %v ops", sizes)
	}
}

// TestWindowMeanwhile: an op was under way while another worker deleted what the map held
// then, so there is a window on what was left, too.
func TestWindowMeanwhile(t *testing.T) {
	schedule := "mapstress schedule v1\nprefill 9\nw0 load-and-delete k1\nw0 load k2\n"
	text := "prefill k1=v1 k2=v2 k3=v3 k4=v4 k5=v5 k6=v6 k7=v7 k8=v8 k9=v9\nw0 [1..100] load-and-delete k1 -> v1\n"
	for k := 9; k >= 2; k-- {
		schedule += fmt.Sprintf("w1 delete k%d\n", k)
		text += fmt.Sprintf("w1 [%d..%d] delete k%d\n", 30-2*k, 31-2*k, k)
	}
	text += "w0 [101..102] load k2 -> v2\n"
	s, err := scheduler.Parse(schedule)
	if err != nil {
		t.Fatal(err)
	}
	best := &corpus.Case{Schedule: s, History: text, Verdict: oracle.Verdict{Events: []int{9}}}
	shrink := windows(space, func() *corpus.Case { return best }).Shrink(s)
	var prefills [][3]int
	for c := nextSchedule(shrink); c != nil; c = nextSchedule(shrink) {
		prefills = append(prefills, [3]int{c.Ops(), c.Prefill, c.Peak})
	}
	// Of one op each the load is the first, and all was done before it. Of two, w0's other op
	// began before all; on a map of four, w1 deletes the last two of those that it deletes.
	if want := [][3]int{{2, 1, 9}, {4, 9, 0}, {4, 3, 9}, {6, 9, 0}, {6, 5, 9}}; !slices.Equal(prefills, want) {
		t.Errorf("windows of so many ops on maps filled like that, from a peak: %v; want %v", prefills, want)
	}
}

// TestWindowAround: of a Range that met a key twice while dozens of ops came and went, the
// first window has what was done to that key meanwhile; and the next ones, of the last ops
// before the end of the Range, not before its beginning.
func TestWindowAround(t *testing.T) {
	schedule, text := "mapstress schedule v1\nprefill 3\nw0 range\n", "prefill k1=v1 k2=v2 k3=v3\nw0 [5..400] range -> k1=v1 k2=v2 k1=v50\n"
	for i := range 60 { // each over before the next begins
		op := fmt.Sprintf("store k%d v%d", 10+i, 100+i)
		switch i {
		case 20:
			op = "delete k1"
		case 22:
			op = "store k1 v50"
		case 50: // after the range
			op = "store k1 v51"
		}
		schedule += "w1 " + op + "\n"
		text += fmt.Sprintf("w1 [%d..%d] %s\n", 10+10*i, 13+10*i, op)
	}
	s, err := scheduler.Parse(schedule)
	if err != nil {
		t.Fatal(err)
	}
	best := &corpus.Case{Schedule: s, History: text, Verdict: oracle.Verdict{Events: []int{0}}}
	shrink := windows(space, func() *corpus.Case { return best }).Shrink(s)
	first := nextSchedule(shrink)
	if want := "mapstress schedule v1\nprefill 3\nw0 range\nw1 delete k1\nw1 store k1 v50\n"; first == nil || first.Text() != want {
		t.Errorf("first window:\n%v\nwant\n%s", first, want)
	}
	second := nextSchedule(shrink)
	if second == nil || second.Ops() != 2 || second.Workers[1][0].Value != 139 {
		t.Errorf("second window:\n%s\nwant the range, and the op that was under way as it ended", second.Text())
	}
}

// TestWindowsAnywhere: where nothing says when it happened, windows are all over the
// run; and a run that cannot be read has none.
func TestWindowsAnywhere(t *testing.T) {
	events := make([]locatedEvent, 40)
	for i := range events {
		events[i] = locatedEvent{&history.Event{Inv: int64(2 * i), Ret: int64(2*i + 1)}, scheduler.Position{Op: i}}
	}
	if got := ends(events, nil); !slices.Equal(got, []int{40, 30, 20, 10}) {
		t.Errorf("ends at %v", got)
	}
	if got := ends(events[:1], nil); !slices.Equal(got, []int{1}) {
		t.Errorf("of one event: %v", got)
	}
	if got := ends(nil, nil); got != nil {
		t.Errorf("of none: %v", got)
	}
}

// TestAfresh: the round that failed becomes a schedule of its own, on a map that holds as much as
// its map did.
func TestAfresh(t *testing.T) {
	s, err := scheduler.Parse("mapstress schedule v1\nprefill 2\nrounds 100\nw0 store k1 v10\nw0 compare-and-swap k2 v2 v11\nw1 load k9\n")
	if err != nil {
		t.Fatal(err)
	}
	c := &corpus.Case{Schedule: s, History: "earlier 41\nprefill k2=v2 k9=v21\nw0 [1..2] store k1 v10\nw1 [2..3] load k9 -> v21\nw0 [4..5] compare-and-swap k2 v2 v11 -> true\n"}
	const want = `mapstress schedule v1
prefill 2
w0 store k3 v10
w0 compare-and-swap k1 v1 v11
w1 load k2
`
	if got := Afresh(space, c); got == nil || got.Text() != want {
		t.Errorf("got\n%v\nwant\n%s", got, want)
	}
	pass, found := windows(space, func() *corpus.Case { return c }).Shrink(s), false
	for w := nextSchedule(pass); w != nil; w = nextSchedule(pass) {
		found = found || w.Text() == want
	}
	if !found {
		t.Error("no window is the whole round")
	}
	for _, none := range []*corpus.Case{{Schedule: s}, {Schedule: s, History: "gibberish"}, {Schedule: s, History: "w7 [1..2] load k1 -> absent\n"}} {
		if got := Afresh(space, none); got != nil {
			t.Errorf("of a case without a failing run: %s", got.Text())
		}
	}
	once := *c
	once.Schedule = s.Clone()
	once.Schedule.Rounds = 0
	if got := Afresh(space, &once); got != nil {
		t.Errorf("of a case of one round: %s", got.Text())
	}
}
