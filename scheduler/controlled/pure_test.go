package controlled

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/scheduler/strategy"
	"github.com/mapstress/mapstress/target"
)

// These test what needs no hooks; the tests at the root build a program that has them.

func TestNoHooks(t *testing.T) {
	if Available {
		t.Skip("this test was built with hooks")
	}
	s, err := scheduler.Parse("mapstress schedule v1\nw0 load k1\n")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(&target.Builtin()[0].Variants[0], s, scheduler.Logs{}, nil, Config{}); !errors.Is(err, ErrNoHooks) {
		t.Errorf("got %v", err)
	}
}

func TestRecipe(t *testing.T) {
	for _, r := range []Recipe{
		{Strategy: "random", Seed: 17, Decisions: strategy.Decisions{0, 0, 1, 0}},
		{Seed: 1<<64 - 1, Decisions: strategy.Decisions{2}},
		{Strategy: "pos", SyncOnly: true, Racing: []string{"example.com/maps.(*Map[...]).Store map.go:12", "main.f a.go:1"}, Decisions: strategy.Decisions{1, 0}},
		{Strategy: "pct3", SyncOnly: true},
		{Suspend: &Suspend{Worker: 1, Point: 17}},
	} {
		got, err := ParseRecipe(r.String())
		if err != nil || !reflect.DeepEqual(*got, r) {
			t.Errorf("%q is read as %+v, %v", r.String(), got, err)
		}
	}
	for text, want := range map[string]string{
		"":                       `no line with the seed; want one such as "seed 17"`,
		"seed x\n0\n":            `decisions line 1: seed "x"; want a number`,
		"seed 1\n0*2 x*3\n":      `decisions line 2: "x*3"`,
		"seed 1\nsuspend w1 0\n": `decisions line 2: suspend "w1 0"; want a worker and a point from 1`,
	} {
		if _, err := ParseRecipe(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v; want %s", text, err, want)
		}
	}
}

func TestRecord(t *testing.T) {
	words := make([]uint64, MinRecord+1) // room for eight decisions
	r := NewRecord(words)
	for i := range 10 {
		r.add(i)
	}
	r.note([]string{"a b.go:1", "c d.go:2"})
	again := NewRecord(words) // as another process sees it
	if d := again.Decisions(); !reflect.DeepEqual(d, strategy.Decisions{0, 1, 2, 3, 4, 5, 6, 7}) {
		t.Errorf("decisions %v", d)
	}
	if racing := again.Racing(); !reflect.DeepEqual(racing, []string{"a b.go:1", "c d.go:2"}) {
		t.Errorf("racing %q", racing)
	}
	steps := []Step{
		{Worker: 0, Kind: "call", Op: 3},
		{Worker: 12, Kind: "compare-and-swap", Addr: 7, Op: -1, Where: Place{"example.com/maps.(*Map[go.shape.int string]).Store", "map.go", 12}},
		{Worker: 1, Kind: "atomic load", Addr: 1, Where: Place{"main.f", "a b.go", 1}},
	}
	for i := range steps {
		r.trace(&steps[i])
	}
	if got := again.Trace(); !reflect.DeepEqual(got, steps) {
		t.Errorf("trace %+v", got)
	}
	r.reset()
	r.note(nil)
	if len(again.Decisions()) != 0 || again.Racing() != nil || again.Trace() != nil {
		t.Errorf("after a reset: %v, %q, %v", again.Decisions(), again.Racing(), again.Trace())
	}
}

// Of a long trace the record has the end.
func TestRecordLong(t *testing.T) {
	r := NewRecord(make([]uint64, MinRecord))
	const n = 35_000
	for i := range n {
		r.trace(&Step{Kind: "write", Addr: uint64(i), Where: Place{"example.com/maps.(*Map[...]).Store", "map.go", i}})
	}
	got := r.Trace()
	for i, s := range got {
		if line := n - len(got) + i; s.Where.Line != line || s.Addr != uint64(line) || s.Kind != "write" {
			t.Fatalf("step %d of %d is %+v; want line %d", i, len(got), s, line)
		}
	}
	if room := 8 * stepWords / 70; len(got) < room || len(got) == n {
		t.Errorf("%d steps are left; want %d at least", len(got), room)
	}
}

// Without a heap to look at, chunks of memory are the objects.
func TestNumbers(t *testing.T) {
	var n numbers
	for run := range 3 {
		n.reset()
		first, room := n.of(10*chunk + 8)
		if first != 9 || room != chunk-8 {
			t.Errorf("run %d: the first address is %d, with room for %d", run, first, room)
		}
		for i := range uintptr(5000) { // the table grows
			n.of((20 + i) * chunk)
		}
		if again, _ := n.of(10*chunk + 8); again != first {
			t.Errorf("run %d: it is %d now", run, again)
		}
		if beside, _ := n.of(10*chunk + 9); beside != first+1 {
			t.Errorf("run %d: beside it is %d", run, beside)
		}
		if second, _ := n.of(20 * chunk); second != chunk+1 {
			t.Errorf("run %d: the second object is at %d", run, second)
		}
	}
}

// All have turns of the same length, but for those who yield.
func TestFair(t *testing.T) {
	var e Engine
	v := &strategy.View{Enabled: []int{0, 2, 5}, Current: 2, Stays: true}
	had := map[int]int{}
	for range 3 * 10 * fairTurn {
		e.steps++
		v.Yields = v.Current == 5
		v.Current = e.fair(v)
		had[v.Current]++
	}
	if had[0] < 14*fairTurn || had[2] < 14*fairTurn || had[5] == 0 || had[5] > 20 {
		t.Errorf("points by worker: %v", had)
	}
}

func TestStuck(t *testing.T) {
	s := Stuck{Rule: Deadlock, Who: []Waiting{
		{Worker: 0, For: "a lock that w1 holds", Where: Place{"f", "a.go", 3}}, {Worker: 1, For: "chan receive"},
	}}
	if got, want := s.String(), "w0 waits for a lock that w1 holds at a.go:3; w1 waits for chan receive"; got != want {
		t.Errorf("got %q; want %q", got, want)
	}
	s = Stuck{Rule: Livelock, Steps: 9, Who: []Waiting{{Worker: 0}}}
	if got, want := s.String(), "no op has returned for 9 points: w0 goes on for ever"; got != want {
		t.Errorf("got %q; want %q", got, want)
	}
}

func TestInner(t *testing.T) {
	for function, want := range map[string]bool{
		"runtime.chansend": true, "sync/atomic.(*Int64).Add": true, "sync.(*RWMutex).RLock": true, "internal/sync.(*Mutex).Lock": true,
		"internal/sync.(*HashTrieMap[...]).Load": false, "sync.(*Map).Load": false, "example.com/maps.(*Map).Load": false,
	} {
		if got := inner(function); got != want {
			t.Errorf("%s: got %v", function, got)
		}
	}
	for function, want := range map[string]bool{
		"github.com/mapstress/mapstress/target.(*coded[...]).load": true, "github.com/mapstress/mapstress/target.(*locked[...]).load": false,
		"github.com/mapstress/mapstress/internal/buggy.(*stripe).load": false,
	} {
		if got := isAdapter(function); got != want {
			t.Errorf("%s: got %v", function, got)
		}
	}
}
