package scheduler

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// TestAsRun: of a set each value is that of its key, in the history, too, and there are no rounds.
func TestAsRun(t *testing.T) {
	const text = Header + "\nshape int/is-there\nprefill 2\nrounds 7\nw0 load-or-store k3 v9\nw0 load k1\nw0 swap k2 v8\nw1 delete k2\nw1 store k4 v7\n"
	s, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.AsRun().Text(), Header+"\nshape int/is-there\nprefill 2\nw0 load-or-store k3 v3\nw0 load k1\nw0 swap k2 v2\nw1 delete k2\nw1 store k4 v4\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if s.Text() != text {
		t.Errorf("it was changed to\n%s", s.Text())
	}
	s.Shape.Value = "int"
	if s.AsRun() != s {
		t.Error("a map's is not run as it is")
	}
}

// TestIsThere: the values of a set are told by their keys, whatever was written.
func TestIsThere(t *testing.T) {
	values, err := target.ValueCodecOf[struct{}]()
	if err != nil {
		t.Fatal(err)
	}
	plain := map[int]struct{}{}
	tgt := target.Adapt("set", target.Int(), values, func() target.Map[int, struct{}] {
		clear(plain)
		return target.Map[int, struct{}]{
			Load:          func(k int) (v struct{}, ok bool) { _, ok = plain[k]; return v, ok },
			Store:         func(k int, v struct{}) { plain[k] = v },
			LoadOrStore:   func(k int, v struct{}) (struct{}, bool) { _, ok := plain[k]; plain[k] = v; return v, ok },
			Swap:          func(k int, v struct{}) (struct{}, bool) { _, ok := plain[k]; plain[k] = v; return v, ok },
			LoadAndDelete: func(k int) (v struct{}, ok bool) { _, ok = plain[k]; delete(plain, k); return v, ok },
			Compute: func(k int, f func(struct{}, bool) (struct{}, bool)) (struct{}, bool) {
				v, there := plain[k]
				v, remove := f(v, there)
				if plain[k] = v; remove {
					delete(plain, k)
				}
				return v, !remove
			},
			Range: func(f func(int, struct{}) bool) {
				for _, k := range slices.Sorted(maps.Keys(plain)) {
					if !f(k, plain[k]) {
						return
					}
				}
			},
		}
	}, target.Usual())
	s, err := Parse(Header + "\nprefill 2\nrounds 3\nw0 load-or-store k3 v9\nw0 load-or-store k3 v10\nw0 load k1\nw0 swap k2 v8\nw0 load-and-delete k2\nw0 compute k1 v12\nw0 load k4\nw0 range\n")
	if err != nil {
		t.Fatal(err)
	}
	e, err := NewEngine(&tgt.Variants[0], s, NewLogs(s, make([]uint64, LogWords(s))), func(Phase) {})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	want := []string{"load-or-store k3 v3 -> v3 stored", "load-or-store k3 v3 -> v3 loaded", "load k1 -> v1", "swap k2 v2 -> v2", "load-and-delete k2 -> v2", "compute k1 v1 -> v1", "load k4 -> absent", "range -> k1=v1 k3=v3"}
	for n := range 3 {
		clock := history.NewClock(false)
		h, err := e.Run(n, &clock)
		if err != nil {
			t.Fatal(err)
		}
		if len(h.Events) != len(want) {
			t.Fatalf("run %d: %d events; want %d", n, len(h.Events), len(want))
		}
		for i := range h.Events {
			if got := h.Events[i].String(); !strings.Contains(got, want[i]) {
				t.Errorf("run %d: got %s; want %s", n, got, want[i])
			}
		}
	}
}
