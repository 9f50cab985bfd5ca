package scheduler_test

import (
	"fmt"
	"math/rand"
	"runtime"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// Close must end an engine's goroutines.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var starts = []scheduler.Start{scheduler.Go, scheduler.Barrier, scheduler.Spin}

// Workers that share no key get the answers of a map of their own, in every
// start mode and however many there are.
func TestRun(t *testing.T) {
	for _, name := range []string{"map+mutex", "sync.Map"} {
		for _, workers := range []int{1, 2, 3, 5} {
			for _, start := range starts {
				t.Run(fmt.Sprintf("%s/%d/%s", name, workers, start), func(t *testing.T) {
					tgt := find(t, name)
					s := apart(rand.New(rand.NewSource(int64(workers))), workers, keyed(kindsOf(&tgt.Variants[0])))
					s.Timing = scheduler.Timing{Start: start, Gosched: 20, Spin: 100}
					e := engine(t, tgt, s)
					for number := range 40 {
						h := run(t, e, number, number%2 == 0)
						checkOrder(t, h, s)
						checkAnswers(t, h, s)
					}
				})
			}
		}
	}
}

// checkOrder checks that every op is there once, ended, by Inv and in program
// order.
func checkOrder(t *testing.T, h *history.History, s *scheduler.Schedule) {
	t.Helper()
	ops := make([][]history.Op, len(s.Workers))
	last := make([]int64, len(s.Workers))
	for i, e := range h.Events {
		if e.Ret < e.Inv || e.Ret == history.Pending {
			t.Errorf("%s from %d to %d", e.Op, e.Inv, e.Ret)
		}
		if i > 0 && e.Inv < h.Events[i-1].Inv {
			t.Errorf("%s, called at %d, comes after a call at %d", e.Op, e.Inv, h.Events[i-1].Inv)
		}
		if e.Inv < last[e.Worker] {
			t.Errorf("w%d calls %s at %d, and the call before returns at %d", e.Worker, e.Op, e.Inv, last[e.Worker])
		}
		ops[e.Worker], last[e.Worker] = append(ops[e.Worker], e.Op), e.Ret
	}
	for w := range ops {
		if !slices.Equal(ops[w], s.Workers[w]) {
			t.Errorf("w%d called %v; want %v", w, ops[w], s.Workers[w])
		}
	}
}

// checkAnswers checks a history in which the order of Inv is the order of events,
// at least for each key: every answer, and the map at rest.
func checkAnswers(t *testing.T, h *history.History, s *scheduler.Schedule) {
	t.Helper()
	if !slices.Equal(h.Prefill, s.Entries()) {
		t.Errorf("prefill %d; want %d", h.Prefill, s.Entries())
	}
	m, keys := modelOf(h.Prefill), s.Keys()
	for i := range h.Events {
		m.apply(t, &h.Events[i], keys)
	}
	m.check(t, "at rest", h.Rest, keys)
	if !h.Rest.Ranged || len(h.Rest.Loads) != len(keys) {
		t.Errorf("the map at rest was not read in full: %+v", h.Rest)
	}
	if len(h.Foreign) > 0 {
		t.Errorf("foreign: %q", h.Foreign)
	}
}

// One worker alone gets sequential answers of every method of every target,
// those of Range, Clone and Len included.
func TestRunAlone(t *testing.T) {
	for _, tgt := range target.Builtin() {
		for i := range tgt.Variants {
			v := &tgt.Variants[i]
			t.Run(tgt.Name+" "+v.Shape.String(), func(t *testing.T) {
				kinds := kindsOf(v)
				for seed, start := range starts {
					s := apart(rand.New(rand.NewSource(int64(seed))), 1, kinds)
					for _, kind := range kinds {
						s.Workers[0] = append(s.Workers[0], history.Op{Kind: kind, Key: 3, Value: 40, Old: 40})
					}
					s.Shape, s.Timing.Start = v.Shape, start
					e := engine(t, &tgt, s)
					for number := range 3 {
						h := run(t, e, number, false)
						checkOrder(t, h, s)
						checkAnswers(t, h, s)
					}
				}
			})
		}
	}
}

// The atomic clock's stamps are 1, 2, 3, and so on: none twice, none left out.
func TestAtomicClock(t *testing.T) {
	for _, start := range starts {
		s := apart(rand.New(rand.NewSource(1)), 3, []history.Kind{history.Load, history.Store})
		s.Timing.Start = start
		e := engine(t, find(t, "sync.Map"), s)
		for number := range 100 {
			var stamps []int64
			for _, e := range run(t, e, number, true).Events {
				stamps = append(stamps, e.Inv, e.Ret)
			}
			slices.Sort(stamps)
			for i, stamp := range stamps {
				if stamp != int64(i+1) {
					t.Fatalf("stamps %d; want 1 to %d, each once", stamps, len(stamps))
				}
			}
		}
	}
}

func TestPhases(t *testing.T) {
	tgt := find(t, "map+mutex")
	var phases []string
	e, err := newEngine(&tgt.Variants[0], parse(t, "w0 load k1"), func(p scheduler.Phase) {
		phases = append(phases, p.String())
	})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	run(t, e, 0, false)
	want := []string{"setup", "running", "reading back", "judging"}
	if !slices.Equal(phases, want) {
		t.Errorf("phases %q; want %q", phases, want)
	}
	if got := scheduler.Phase(77).String(); got != "phase(77)" {
		t.Errorf("unknown phase: %q", got)
	}
}

func TestProcs(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	for _, procs := range []int{1, before + 1} {
		for _, start := range starts {
			s := parse(t, fmt.Sprintf("timing start=%s procs=%d gosched=0 spin=0 seed=0\nw0 load k1\nw1 load k1\nw2 load k1", start, procs))
			e, err := newEngine(&find(t, "sync.Map").Variants[0], s, func(scheduler.Phase) {})
			if err != nil {
				t.Fatal(err)
			}
			run(t, e, 0, false)
			if got := runtime.GOMAXPROCS(0); got != procs {
				t.Errorf("%s: GOMAXPROCS is %d during runs; want %d", start, got, procs)
			}
			e.Close()
			if got := runtime.GOMAXPROCS(0); got != before {
				t.Errorf("%s: GOMAXPROCS is %d after Close; want %d, as before", start, got, before)
			}
		}
	}
}

// made makes a variant of maps that the test makes itself.
func made(makeMap func() target.Map[uint64, uint64]) *target.Variant {
	return &target.Variant{
		New: func() target.Instance {
			return target.Instance{Map: makeMap(), Foreign: func() []string { return nil }}
		},
		Prepare: func(_, _ uint64) {},
	}
}

func TestUnsupported(t *testing.T) {
	loads := func(k uint64) (uint64, bool) { return 0, false }
	v := made(func() target.Map[uint64, uint64] { return target.Map[uint64, uint64]{Load: loads} })
	for text, want := range map[string]string{
		"w0 load k1\nw1 load k1\nw1 len": `worker w1 calls "len", which the map does not have`,
		"prefill 1\nw0 load k1":          "the map has no method that inserts: store, swap, load-or-store or compute",
		"prefill 0 peak=1\nw0 load k1":   "the map has no method that deletes, for a peak above its prefill",
	} {
		if _, err := newEngine(v, parse(t, text), func(scheduler.Phase) {}); err == nil || err.Error() != want {
			t.Errorf("schedule\n%s\ngives %v; want %q", text, err, want)
		}
	}
	if _, err := newEngine(v, &scheduler.Schedule{}, nil); err == nil || !strings.HasPrefix(err.Error(), "0 workers") {
		t.Errorf("an empty schedule gives %v", err)
	}
}

// Each way to insert serves for the prefill.
func TestPrefill(t *testing.T) {
	type codes = target.Map[uint64, uint64]
	full := func() codes { return find(t, "map+mutex").Variants[0].New().Map }
	for name, cut := range map[string]func() codes{
		"store":         func() codes { m := full(); return codes{Load: m.Load, Store: m.Store} },
		"swap":          func() codes { m := full(); return codes{Load: m.Load, Swap: m.Swap} },
		"load-or-store": func() codes { m := full(); return codes{Load: m.Load, LoadOrStore: m.LoadOrStore} },
		"compute":       func() codes { m := full(); return codes{Load: m.Load, Compute: m.Compute} },
	} {
		e, err := newEngine(made(cut), parse(t, "prefill 9\nw0 load k9"), func(scheduler.Phase) {})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, r := range run(t, e, 0, false).Rest.Loads {
			if !r.OK || r.Value != r.Key {
				t.Errorf("filled by %s: k%d is %d, %v", name, r.Key, r.Value, r.OK)
			}
		}
		e.Close()
	}
}

// Each way to delete serves for the peak: the workers meet a map that was fuller.
func TestPeak(t *testing.T) {
	type codes = target.Map[uint64, uint64]
	for name, cut := range map[string]func(m codes) codes{
		"delete": func(m codes) codes { return codes{Delete: m.Delete} },
		"remove": func(m codes) codes {
			return codes{Remove: func(k uint64) bool { _, ok := m.LoadAndDelete(k); return ok }}
		},
		"load-and-delete":    func(m codes) codes { return codes{LoadAndDelete: m.LoadAndDelete} },
		"compare-and-delete": func(m codes) codes { return codes{CompareAndDelete: m.CompareAndDelete} },
		"compute":            func(m codes) codes { return codes{Compute: m.Compute} },
	} {
		largest, atStart := 0, 0
		v := made(func() codes {
			full := find(t, "map+mutex").Variants[0].New().Map
			m := cut(full)
			m.Load = func(k uint64) (uint64, bool) { atStart = full.Len(); return full.Load(k) }
			m.Range = full.Range
			m.Store = func(k, v uint64) { full.Store(k, v); largest = max(largest, full.Len()) }
			return m
		})
		e, err := newEngine(v, parse(t, "prefill 3 peak=20\nw0 load k20"), func(scheduler.Phase) {})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for number := range 2 {
			largest = 0
			h := run(t, e, number, false)
			if largest != 20 || atStart != 3 || h.Events[0].OK || len(h.Prefill) != 3 || len(h.Rest.Entries) != 3 {
				t.Errorf("%s: at most %d entries, %d at the start; %+v", name, largest, atStart, h)
			}
		}
		e.Close()
	}
}

// Every map that was made is closed once, clones too, when nothing more is
// called.
func TestMapsAreClosed(t *testing.T) {
	opened, closed := 0, 0
	var build func() target.Map[uint64, uint64]
	build = func() target.Map[uint64, uint64] {
		opened++
		alive := true
		return target.Map[uint64, uint64]{
			Len: func() int {
				if !alive {
					t.Error("Len after Close")
				}
				return 0
			},
			Clone: func() target.Map[uint64, uint64] { return build() },
			Close: func() {
				if !alive {
					t.Error("closed twice")
				}
				alive = false
				closed++
			},
		}
	}
	e, err := newEngine(made(build), parse(t, "w0 clone\nw0 len\nw0 clone"), func(scheduler.Phase) {})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for number := range 3 {
		run(t, e, number, false)
	}
	if opened != 10 || closed != 10 { // one to look at, three runs with two clones each
		t.Errorf("%d maps made and %d closed; want 10", opened, closed)
	}
}

// A map whose chain has become a ring yields for ever; a run ends all the same,
// and does not pass for a complete one.
func TestEndlessRange(t *testing.T) {
	ring := made(func() target.Map[uint64, uint64] {
		return target.Map[uint64, uint64]{Range: func(yield func(k, v uint64) bool) {
			for yield(1, 1) {
			}
		}}
	})
	e, err := newEngine(ring, parse(t, "w0 range"), func(scheduler.Phase) {})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	h := run(t, e, 0, false)
	for _, c := range []*history.Contents{h.Rest, h.Events[0].Seen} {
		if c.Ranged || len(c.Entries) < 2 || len(c.Entries) > 1000 {
			t.Errorf("ranged %v, %d entries; want it cut", c.Ranged, len(c.Entries))
		}
	}
}

// A Put is what a store calls, and a Remove what a delete calls, where there is one, and its answer is told.
func TestAnswering(t *testing.T) {
	type codes = target.Map[uint64, uint64]
	for _, test := range []struct {
		ops, want string
		cut       func(m *codes)
	}{
		{"w0 delete k1\nw0 delete k1\n", "w0 delete k1 -> true\nw0 delete k1 -> false\n",
			func(m *codes) { m.Delete = func(uint64) { panic("it has a Remove") } }},
		{"w0 delete k1\nw0 delete k1\n", "w0 delete k1\nw0 delete k1\n", func(m *codes) { m.Remove = nil }},
		{"w0 store k1 v7\nw0 store k2 v8\n", "w0 store k1 v7 -> present\nw0 store k2 v8 -> absent\n",
			func(m *codes) { m.Store = func(_, _ uint64) { panic("it has a Put") } }},
		{"w0 store k1 v7\nw0 store k2 v8\n", "w0 store k1 v7\nw0 store k2 v8\n", func(m *codes) { m.Put = nil }},
		{"w0 store k1 v7\nw0 store k2 v8\n", "w0 store k1 v7 -> present\nw0 store k2 v8 -> absent\n",
			func(m *codes) { m.Store, m.Swap, m.LoadOrStore, m.Compute = nil, nil, nil, nil }},
	} {
		v := made(func() codes {
			m := find(t, "map+mutex").Variants[0].New().Map
			loadAndDelete, swap := m.LoadAndDelete, m.Swap
			m.Remove = func(k uint64) bool { _, ok := loadAndDelete(k); return ok }
			m.Put = func(k, v uint64) bool { _, ok := swap(k, v); return ok }
			test.cut(&m)
			return m
		})
		e, err := newEngine(v, parse(t, "prefill 1\n"+test.ops), func(scheduler.Phase) {})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // a run before it leaves nothing behind
			got := ""
			for _, event := range run(t, e, 0, false).Events {
				got += event.String() + "\n"
			}
			if got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		}
		e.Close()
	}
}

// A Compute that calls its function twice has found what the second call was
// shown, and one that never calls it has found nothing, whatever the one before
// has found.
func TestComputeCalls(t *testing.T) {
	odd := made(func() target.Map[uint64, uint64] {
		computed := 0
		return target.Map[uint64, uint64]{Compute: func(_ uint64, f func(uint64, bool) (uint64, bool)) (uint64, bool) {
			if computed++; computed == 1 {
				f(4, true)
				f(5, true)
			}
			return 0, false
		}}
	})
	e, err := newEngine(odd, parse(t, "w0 compute k1 v2\nw0 compute k1 v3"), func(scheduler.Phase) {})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for number := range 2 { // a run before it leaves nothing behind
		h := run(t, e, number, false)
		for i, want := range []string{"w0 compute k1 v2 -> v5 calls=2", "w0 compute k1 v3 -> absent calls=0"} {
			if got := h.Events[i].String(); got != want {
				t.Errorf("run %d: %s; want %s", number, got, want)
			}
		}
	}
}
