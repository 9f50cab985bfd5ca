package scheduler_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// unlocked is a map for one goroutine, whose functions may do anything.
func unlocked(compute func(m map[int]int, k int, f func(int, bool) (int, bool)) (int, bool)) *target.Target {
	tgt := target.Adapt("unlocked", target.Int(), target.Int(), func() target.Map[int, int] {
		m := map[int]int{}
		return target.Map[int, int]{
			Load:  func(k int) (int, bool) { v, ok := m[k]; return v, ok },
			Store: func(k, v int) { m[k] = v },
			Range: func(yield func(k, v int) bool) {
				for k := range len(m) + 1 { // in order, so that the history is certain
					if v, ok := m[k]; ok && !yield(k, v) {
						return
					}
				}
			},
			Len: func() int { return len(m) },
			Compute: func(k int, f func(int, bool) (int, bool)) (int, bool) {
				return compute(m, k, f)
			},
		}
	}, target.Contract{})
	return &tgt
}

func once(m map[int]int, k int, f func(int, bool) (int, bool)) (int, bool) {
	old, ok := m[k]
	m[k], _ = f(old, ok)
	return m[k], true
}

// TestCallbacks: ops inside others are called by their functions, once, and those of
// a function that is not called are passed over. One worker under the atomic clock has
// a history that is certain.
func TestCallbacks(t *testing.T) {
	for _, c := range []struct{ name, schedule, want string }{
		{"inside compute", `
			prefill 1
			w0 compute k1 v9
			w0 inside load k1
			w0 inside store k2 v8
			w0 load k2`, `
			w0 [1..6] compute k1 v9 -> v1
			w0 [2..3] inside load k1 -> v1
			w0 [4..5] inside store k2 v8
			w0 [7..8] load k2 -> v8`},
		{"inside range, at its first entry", `
			prefill 2
			w0 range
			w0 inside range
			w0 inside compute k2 v9
			w0 len`, `
			w0 [1..6] range -> k1=v1 k2=v9
			w0 [2..3] inside range -> k1=v1 k2=v2
			w0 [4..5] inside compute k2 v9 -> v2
			w0 [7..8] len -> 2`},
		{"of an empty map", `
			w0 range
			w0 inside load k1
			w0 range panics
			w0 len`, `
			w0 [1..2] range -> nothing
			w0 [3..4] range panics -> nothing
			w0 [5..6] len -> 0`},
		{"panics", `
			prefill 2
			w0 compute k1 v9 panics
			w0 inside load k1
			w0 range panics
			w0 load k1`, `
			w0 [1..4] compute k1 v9 panics -> v1
			w0 [2..3] inside load k1 -> v1
			w0 [5..6] range panics -> k1=v1 ...
			w0 [7..8] load k1 -> v1`},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := engine(t, unlocked(once), parse(t, c.schedule))
			for number := range 3 { // what a run leaves in the log must not show in the next
				h := run(t, e, number, true)
				checkText(t, h, c.want)
				if err := h.Validate(); err != nil {
					t.Error(err)
				}
			}
			checkText(t, conducted(t, unlocked(once), parse(t, c.schedule)), c.want)
		})
	}
}

// turns is a conductor whose workers take turns, each until it is done.
type turns struct{ now int64 }

func (c *turns) Alone(f func()) bool { f(); return true }

func (c *turns) Together(calls []func()) bool {
	for _, call := range calls {
		call()
	}
	return true
}

func (c *turns) Call(worker, op int) int64   { c.now++; return c.now }
func (c *turns) Return(worker, op int) int64 { c.now++; return c.now }

// conducted is run under such a conductor.
func conducted(t *testing.T, tgt *target.Target, s *scheduler.Schedule) *history.History {
	t.Helper()
	v, err := tgt.Variant(s.Shape)
	if err != nil {
		t.Fatal(err)
	}
	logs := scheduler.NewLogs(s, make([]uint64, scheduler.LogWords(s)))
	e, err := scheduler.NewConducted(v, s, logs, func(scheduler.Phase) {}, new(turns))
	if err != nil {
		t.Fatal(err)
	}
	h, whole, err := e.Conduct()
	if err != nil || !whole {
		t.Fatal(whole, err)
	}
	return h
}

// checkText compares the events.
func checkText(t *testing.T, h *history.History, want string) {
	t.Helper()
	events := *h
	events.Prefill, events.Rest = nil, nil
	want = strings.ReplaceAll(strings.TrimSpace(want), "\t", "") + "\n"
	if got := history.Text(&events); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestCallbackAgain: a function that is called again does nothing more than answer.
func TestCallbackAgain(t *testing.T) {
	twice := func(m map[int]int, k int, f func(int, bool) (int, bool)) (int, bool) {
		f(0, false)
		return once(m, k, f)
	}
	e := engine(t, unlocked(twice), parse(t, "prefill 1\nw0 compute k1 v9\nw0 inside store k2 v8"))
	checkText(t, run(t, e, 0, true), `
		w0 [1..4] compute k1 v9 -> v1 calls=2
		w0 [2..3] inside store k2 v8`)
}

// TestPanicOnItsWay: a panic that the map keeps to itself is told, and so is one that it
// adds to, which is none of its own.
func TestPanicOnItsWay(t *testing.T) {
	recovering := func(again func(any)) func(m map[int]int, k int, f func(int, bool) (int, bool)) (int, bool) {
		return func(m map[int]int, k int, f func(int, bool) (int, bool)) (int, bool) {
			defer func() { again(recover()) }()
			return once(m, k, f)
		}
	}
	schedule := parse(t, "prefill 1\nw0 compute k1 v9 panics\nw0 load k1")
	e := engine(t, unlocked(recovering(func(any) {})), schedule)
	checkText(t, run(t, e, 0, true), `
		w0 [1..2] compute k1 v9 panics -> v1 swallowed
		w0 [3..4] load k1 -> v1`)
	e = engine(t, unlocked(recovering(func(p any) { panic(fmt.Sprintf("in the map: %v", p)) })), schedule)
	checkText(t, run(t, e, 0, true), `
		w0 [1..2] compute k1 v9 panics -> v1
		w0 [3..4] load k1 -> v1`)
}
