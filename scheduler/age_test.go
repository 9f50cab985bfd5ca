package scheduler_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// old is a schedule whose rounds leave something behind each time, replace it, delete it,
// and compare with the prefill.
const old = `prefill 2
rounds 6
timing start=go procs=1
w0 load k1
w0 compare-and-swap k1 v1 v10
w0 load k1
w0 load-or-store k3 v11
w0 swap k3 v12
w0 compute k4 v13
w0 load-and-delete k4
w0 compare-and-delete k2 v2
w0 load-or-store k2 v14
w0 range
`

// TestRounds has one worker, whose answers are certain.
func TestRounds(t *testing.T) {
	e := engine(t, find(t, "map+mutex"), parse(t, old))
	for number, want := range []struct {
		earlier, prefill, answers string
	}{
		{"", "prefill k1=v1 k2=v2", "v1 true v10 v11:stored v11 absent v13 true v14:stored"},
		{"earlier 1", "prefill k1=v1 k2=v2 k3=v18", "v1 true v10 v18:loaded v18 absent v13 true v14:stored"},
		{"earlier 2", "prefill k1=v1 k2=v2 k3=v18", "v1 true v10 v18:loaded v18 absent v13 true v14:stored"},
		{"earlier 3", "prefill k1=v1 k2=v2 k3=v18", "v1 true v10 v18:loaded v18 absent v13 true v14:stored"},
		{"earlier 4", "prefill k1=v1 k2=v2 k3=v18", "v1 true v10 v18:loaded v18 absent v13 true v14:stored"},
		{"earlier 5", "prefill k1=v1 k2=v2 k3=v18", "v1 true v10 v18:loaded v18 absent v13 true v14:stored"},
		{"", "prefill k1=v1 k2=v2", "v1 true v10 v11:stored v11 absent v13 true v14:stored"},
	} {
		h := run(t, e, number, true)
		text := history.Text(h)
		if lines := strings.Split(text, "\n"); !slices.Contains(lines, want.prefill) || strings.Contains(text, "earlier") != (want.earlier != "") || want.earlier != "" && lines[0] != want.earlier {
			t.Errorf("run %d begins with %q; want %q, %q", number, lines[:2], want.earlier, want.prefill)
		}
		if got := answers(h); got != want.answers {
			t.Errorf("run %d: %s; want %s", number, got, want.answers)
		}
		if !strings.Contains(text, "range -> ") || !strings.Contains(text, "k1=v10") || !strings.Contains(text, "k3=v12") {
			t.Errorf("run %d: %s", number, text)
		}
		if parsed, err := history.ParseText(text); err != nil || history.Text(parsed) != text {
			t.Errorf("run %d does not come back from its text: %v", number, err)
		}
	}
}

// answers lists what the ops answered that answer with a value or a bool.
func answers(h *history.History) string {
	var all []string
	for i := range h.Events {
		e := &h.Events[i]
		if e.Kind == history.Range {
			continue
		}
		_, answer, _ := strings.Cut(e.String(), " -> ")
		all = append(all, strings.ReplaceAll(answer, " ", ":"))
	}
	return strings.Join(all, " ")
}

// TestStaleRound has a map answer with a value of an older round, which is neither what the
// round before left nor anything that this one writes.
func TestStaleRound(t *testing.T) {
	var m map[int]int
	first := map[int]int{}
	tgt := target.Adapt("stale", target.Int(), target.Int(), func() target.Map[int, int] {
		m = map[int]int{}
		return target.Map[int, int]{
			Load: func(k int) (int, bool) { v, ok := m[k]; return v, ok },
			Swap: func(k, v int) (int, bool) {
				if _, known := first[k]; !known {
					first[k] = v
				}
				old, ok := m[k]
				m[k] = v
				if v > 100 {
					old = first[k]
				}
				return old, ok
			},
		}
	}, target.Contract{})
	s := parse(t, "rounds 100\ntiming start=go\nw0 swap k1 v10\n")
	e := engine(t, &tgt, s)
	for number := range 20 {
		h := run(t, e, number, true)
		want := uint64(12) // k1's, left by the round before
		if 11*number+10 > 100 {
			want = 11 + 1 + 1 + 10 // above all others, and that of the first round
		}
		if e := h.Events[0]; e.OK != (number > 0) || e.OK && e.Out != want {
			t.Errorf("run %d: want v%d, of\n%s", number, want, history.Text(h))
		}
		if _, err := history.ParseText(history.Text(h)); err != nil {
			t.Error(err)
		}
	}
}

// TestRoundsEnd counts how often a map is made and closed.
func TestRoundsEnd(t *testing.T) {
	for _, renewed := range []bool{true, false} {
		made, closed := 0, 0
		variant := &target.Variant{Models: func() []target.Model { return nil }, Prepare: func(_, _ uint64) {}}
		make1 := func() target.Map[uint64, uint64] {
			made++
			m := map[uint64]uint64{}
			return target.Map[uint64, uint64]{
				Load:  func(k uint64) (uint64, bool) { v, ok := m[k]; return v, ok },
				Store: func(k, v uint64) { m[k] = v },
				Close: func() { closed++ },
			}
		}
		variant.New = func() target.Instance {
			return target.Instance{Map: make1(), Foreign: func() []string { return nil }}
		}
		e, err := newEngine(variant, parse(t, "rounds 3\ntiming start=go\nw0 store k1 v10\n"), func(scheduler.Phase) {})
		if err != nil {
			t.Fatal(err)
		}
		before := made
		for number := range 8 { // 0 1 2, 3 4 5, 6 7
			h := run(t, e, number, false)
			if got := h.Earlier; got != number%3 && !renewed {
				t.Errorf("run %d is the round %d", number, got)
			}
			if got, want := e.InUse(), renewed == false && number%3 < 2 || renewed && h.Earlier < 2; got != want {
				t.Errorf("after run %d, in use: %t", number, got)
			}
			if renewed && number%2 == 1 {
				e.Renew() // 0 1, 2 3, 4 5, 6 7
			}
		}
		e.Close()
		want := 3
		if renewed {
			want = 4
		}
		if made-before != want || closed != made {
			t.Errorf("renewed %t: %d maps made, %d closed; want %d", renewed, made-before, closed-before, want)
		}
	}
}

// TestPartialRound reads what a process would leave behind that dies in a late round.
func TestPartialRound(t *testing.T) {
	s := parse(t, old)
	logs := scheduler.NewLogs(s, make([]uint64, scheduler.LogWords(s)))
	v, err := find(t, "map+mutex").Variant(s.Shape)
	if err != nil {
		t.Fatal(err)
	}
	e, err := scheduler.NewEngine(v, s, logs, func(scheduler.Phase) {})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for number := range 9 {
		h := run(t, e, number, true)
		whole := *h
		whole.Rest = nil
		whole.Events = slices.Clone(h.Events)
		for i := range whole.Events {
			whole.Events[i].Seen = nil
		}
		if got, want := history.Text(scheduler.Partial(s, logs)), history.Text(&whole); got != want {
			t.Errorf("run %d: got\n%s\nwant\n%s", number, got, want)
		}
	}
}

func TestUnfitForRounds(t *testing.T) {
	for text, want := range map[string]string{
		"rounds 0\nw0 load k1":                      "want how many runs are made on one map, 1 to 1048576",
		"rounds 1048577\nw0 load k1":                "want how many runs are made on one map, 1 to 1048576",
		"rounds many\nw0 load k1":                   "want how many runs are made on one map, 1 to 1048576",
		"rounds 2\nrounds 3\nw0 load k1":            `a second "rounds"`,
		"rounds 2\nw0 increment k1":                 "want none of these there",
		"rounds 2\nw0 custom:Add k1 v2":             "want none of these there",
		"rounds 2\nw0 store k1 v600000000":          "want values below v536870912 there",
		"rounds 2\nw0 compare-and-delete k1 v1 v":   "has 3 operands",
		"rounds 1000000\nw0 store k1 v1000\nw0 len": "1000000 rounds of values up to v1000; want at most 536334 rounds",
	} {
		_, err := scheduler.Parse(scheduler.Header + "\n" + text + "\n")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want %q", text, err, want)
		}
	}
	s := parse(t, "rounds 1\nw0 load k1\n")
	if s.Rounds != 0 || strings.Contains(s.Text(), "rounds") {
		t.Errorf("one round is %s", s.Text())
	}
	if s = parse(t, old); !strings.Contains(s.Text(), "\nrounds 6\n") {
		t.Errorf("six are %s", s.Text())
	}
}

func TestFewerRounds(t *testing.T) {
	for text, want := range map[string]int{"w0 store k1 v10": 1 << 20, "w0 store k1 v1000": 536334, "w0 increment k1": 0, "w0 store k1 v536870910": 0} {
		s := parse(t, text)
		s.Rounds = 1 << 20
		if s.FewerRounds(); s.Rounds != want || s.Validate() != nil {
			t.Errorf("%s bears %d rounds, %v; want %d", text, s.Rounds, s.Validate(), want)
		}
	}
}
