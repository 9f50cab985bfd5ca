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
	shrinking := &shrinking{Config: Config{Space: space}, best: best}
	shrink := shrinking.windows().Shrink(s)
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
