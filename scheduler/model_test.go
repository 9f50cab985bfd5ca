package scheduler_test

import (
	"math/rand"
	"slices"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

func find(t testing.TB, name string) *target.Target {
	t.Helper()
	for _, tgt := range target.Builtin() {
		if tgt.Name == name {
			return &tgt
		}
	}
	t.Fatalf("no target %q", name)
	return nil
}

// engine makes an engine that the test's end closes.
func engine(t testing.TB, tgt *target.Target, s *scheduler.Schedule) *scheduler.Engine {
	t.Helper()
	v, err := tgt.Variant(s.Shape)
	if err != nil {
		t.Fatal(err)
	}
	e, err := newEngine(v, s, func(scheduler.Phase) {})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

func newEngine(v *target.Variant, s *scheduler.Schedule, phase func(scheduler.Phase)) (*scheduler.Engine, error) {
	logs := scheduler.NewLogs(s, make([]uint64, scheduler.LogWords(s)))
	return scheduler.NewEngine(v, s, logs, phase)
}

func parse(t testing.TB, text string) *scheduler.Schedule {
	t.Helper()
	s, err := scheduler.Parse(scheduler.Header + "\n" + text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func run(t testing.TB, e *scheduler.Engine, number int, atomicStamps bool) *history.History {
	t.Helper()
	clock := history.NewClock(atomicStamps)
	h, err := e.Run(number, &clock)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// keysPerWorker is how many keys each worker of an apart schedule has to itself.
const keysPerWorker = 6

// apart makes a schedule whose workers share the map and no key, so that what
// each answers is certain however they overlap. Some workers have fewer ops than
// others, and the last of many has none.
func apart(r *rand.Rand, workers int, kinds []history.Kind) *scheduler.Schedule {
	s := &scheduler.Schedule{Prefill: keysPerWorker * 3 / 2, Workers: make([][]history.Op, workers)}
	for w := range s.Workers {
		s.Workers[w] = []history.Op{}
		if w > 0 && w == workers-1 && workers > 2 {
			break
		}
		for range 5 + 10*w {
			s.Workers[w] = append(s.Workers[w], history.Op{
				Kind: kinds[r.Intn(len(kinds))], Key: uint64(1 + keysPerWorker*w + r.Intn(keysPerWorker)),
				Value: uint64(1 + r.Intn(20)), Old: uint64(1 + r.Intn(20)),
			})
		}
	}
	return s
}

// keyed drops the kinds of op that look at the whole map.
func keyed(kinds []history.Kind) []history.Kind {
	return slices.DeleteFunc(kinds, func(k history.Kind) bool { return !k.Keyed() })
}

// kindsOf returns the kinds of op that a variant's map has.
func kindsOf(v *target.Variant) []history.Kind {
	m := v.New()
	return scheduler.Methods(&m.Map)
}

// A model is the map as it should be.
type model map[uint64]uint64

func modelOf(entries []history.Entry) model {
	m := model{}
	for _, e := range entries {
		m[e.Key] = e.Value
	}
	return m
}

// apply does the event's op to the model, and checks what the event answered.
func (m model) apply(t testing.TB, e *history.Event, keys []uint64) {
	t.Helper()
	old, had := m[e.Key]
	out, ok, calls := uint64(0), false, 0
	switch e.Kind {
	case history.Load:
		out, ok = old, had
	case history.Store:
		m[e.Key] = e.Value
	case history.LoadOrStore:
		if out, ok = old, had; !had {
			out, m[e.Key] = e.Value, e.Value
		}
	case history.LoadAndDelete:
		out, ok = old, had
		delete(m, e.Key)
	case history.Delete:
		delete(m, e.Key)
	case history.Swap:
		out, ok = old, had
		m[e.Key] = e.Value
	case history.Compute:
		out, ok, calls = old, had, 1
		m[e.Key] = e.Value
	case history.CompareAndSwap:
		if ok = had && old == e.Old; ok {
			m[e.Key] = e.Value
		}
	case history.CompareAndDelete:
		if ok = had && old == e.Old; ok {
			delete(m, e.Key)
		}
	case history.Increment:
		m[e.Key]++
	case history.Len:
		out, ok = uint64(len(m)), true
	case history.IsEmpty:
		ok = len(m) == 0
	case history.Clear:
		clear(m)
	case history.Range, history.Clone:
		m.check(t, e.Op.String(), e.Seen, keys)
	default:
		t.Fatalf("no such op: %v", e.Kind)
	}
	if e.Out != out || e.OK != ok || e.Calls != calls {
		t.Errorf("%s answered %d, %v in %d calls; want %d, %v in %d", e.Op, e.Out, e.OK, e.Calls, out, ok, calls)
	}
	if (e.Seen != nil) != (e.Kind == history.Range || e.Kind == history.Clone) {
		t.Errorf("%s has seen %v", e.Op, e.Seen)
	}
}

// check checks contents that were read while nobody wrote.
func (m model) check(t testing.TB, what string, c *history.Contents, keys []uint64) {
	t.Helper()
	if c == nil {
		t.Errorf("%s: nothing was read", what)
		return
	}
	if c.Loads != nil {
		var got []uint64
		for _, r := range c.Loads {
			got = append(got, r.Key)
			if v, ok := m[r.Key]; r.Value != v || r.OK != ok {
				t.Errorf("%s: load k%d gives %d, %v; want %d, %v", what, r.Key, r.Value, r.OK, v, ok)
			}
		}
		if !slices.Equal(got, keys) {
			t.Errorf("%s: loaded %d; want %d", what, got, keys)
		}
	}
	if c.Ranged {
		if got := modelOf(c.Entries); len(got) != len(c.Entries) || len(got) != len(m) {
			t.Errorf("%s: yielded %d; want %d", what, c.Entries, m)
		}
	}
	for _, e := range c.Entries {
		if v, ok := m[e.Key]; !ok || v != e.Value {
			t.Errorf("%s: yielded %d; want %d, %v", what, e, v, ok)
		}
	}
	if c.HasLen && c.Len != len(m) {
		t.Errorf("%s: length %d; want %d", what, c.Len, len(m))
	}
}
