package scheduler_test

import (
	"errors"
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// eachOddShape runs f for every built-in target in every shape with odd keys, and
// numbers of workers that it bears.
func eachOddShape(t *testing.T, f func(t *testing.T, tgt *target.Target, v *target.Variant, workers int)) {
	for _, tgt := range target.Builtin() {
		for i, a := range scheduler.Abilities(&tgt) {
			for workers := 1; a.Odd && workers <= 3; workers++ {
				if workers > 1 && tgt.Contract.Unsafe {
					break
				}
				name := fmt.Sprintf("%s %s/%d", tgt.Name, a.Shape, workers)
				t.Run(name, func(t *testing.T) { f(t, &tgt, &tgt.Variants[i], workers) })
			}
		}
	}
}

// Among ops on odd keys, those on others get their answers as ever, and nothing
// of the odd ones is in the history.
func TestOddKeys(t *testing.T) {
	shapes := map[target.Shape]bool{}
	eachOddShape(t, func(t *testing.T, tgt *target.Target, v *target.Variant, workers int) {
		shapes[v.Shape] = true
		kinds := kindsOf(v)
		if workers > 1 {
			kinds = keyed(kinds)
		}
		for seed, start := range starts {
			r := rand.New(rand.NewSource(int64(seed)))
			want := apart(r, workers, slices.DeleteFunc(slices.Clone(kinds), func(k history.Kind) bool { return k == history.Len || k == history.IsEmpty }))
			want.Shape, want.Timing.Start = v.Shape, start
			s := withOdd(r, want, kinds)
			e := engine(t, tgt, s)
			for number := range 10 {
				h := run(t, e, number, workers > 1)
				checkOrder(t, h, want)
				checkAnswers(t, h, want)
				if h.Rest.HasLen || h.Rest.HasEmpty {
					t.Error("the map at rest has a length, which counts odd keys")
				}
			}
		}
	})
	if len(shapes) != 2 {
		t.Errorf("odd keys in %v; want two shapes", shapes)
	}
}

// withOdd returns the schedule with ops among its own that say nothing: on odd
// keys, and lengths.
func withOdd(r *rand.Rand, s *scheduler.Schedule, kinds []history.Kind) *scheduler.Schedule {
	s = s.Clone()
	s.Workers[0] = append(s.Workers[0], history.Op{Kind: history.Store, Key: target.FirstOdd, Value: 1})
	for w, ops := range s.Workers {
		var more []history.Op
		for _, op := range ops {
			more = append(more, op)
			if kind := kinds[r.Intn(len(kinds))]; kind.Keyed() {
				more = append(more, history.Op{Kind: kind, Key: target.FirstOdd + uint64(r.Intn(4)), Value: 5, Old: 5})
			}
			if slices.Contains(kinds, history.Len) && r.Intn(8) == 0 {
				more = append(more, history.Op{Kind: history.Len})
			}
		}
		s.Workers[w] = append(ops[:0], more...)
	}
	return s
}

// Each insert of a NaN adds an entry, so that the map grows; none of them is in
// the history.
func TestNaNsGrowTheMap(t *testing.T) {
	const inserts = 500
	eachOddShape(t, func(t *testing.T, tgt *target.Target, v *target.Variant, workers int) {
		if v.Shape.Key != "float64" {
			return
		}
		s := &scheduler.Schedule{Shape: v.Shape, Prefill: 8, Workers: make([][]history.Op, workers)}
		for w := range s.Workers {
			for i := range uint64(inserts) {
				s.Workers[w] = append(s.Workers[w], history.Op{Kind: history.Store, Key: target.FirstOdd + i%2, Value: i})
			}
			s.Workers[w] = append(s.Workers[w], history.Op{Kind: history.Range}, history.Op{Kind: history.Load, Key: 1})
		}
		nans := 0
		counting := *v
		counting.New = func() target.Instance {
			in := v.New()
			in.Renew, in.Own = nil, nil
			in.Close = func() {
				nans = 0
				in.Range(func(k, _ uint64) bool {
					if in.Odd(k) {
						nans++
					}
					return true
				})
			}
			return in
		}
		e, err := newEngine(&counting, s, func(scheduler.Phase) {})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		h := run(t, e, 0, false)
		if nans != workers*inserts {
			t.Errorf("%d NaNs in the map; want %d", nans, workers*inserts)
		}
		if len(h.Events) != 2*workers {
			t.Errorf("%d events; want the two of each worker that are on no NaN", len(h.Events))
		}
		seen := []*history.Contents{h.Rest}
		for _, e := range h.Events {
			if e.Kind == history.Range {
				seen = append(seen, e.Seen)
			}
		}
		for _, c := range seen {
			if !c.Ranged || len(c.Entries) != s.Prefill {
				t.Errorf("ranged to the end: %v; %d entries; want the %d of the prefill", c.Ranged, len(c.Entries), s.Prefill)
			}
		}
	})
}

// In a shape without odd keys their codes are keys as any other; and where none
// can get in, lengths say what they do.
func TestOddCodes(t *testing.T) {
	h := run(t, engine(t, find(t, "map+mutex"), parse(t, "w0 store k1073741824 v5\nw0 load k1073741824\nw0 len")), 0, false)
	if len(h.Events) != 3 || h.Events[1].Out != 5 || h.Events[2].Out != 1 || len(h.Rest.Entries) != 1 || len(h.Rest.Loads) != 1 || h.Rest.Len != 1 {
		t.Errorf("with ints: %v at rest %+v", h.Events, h.Rest)
	}
	h = run(t, engine(t, find(t, "map+mutex"), parse(t, "shape float64/int\nprefill 2\nw0 load k1073741824\nw0 delete k1073741825\nw0 len")), 0, false)
	if len(h.Events) != 1 || h.Events[0].Out != 2 || !h.Rest.HasLen || h.Rest.Len != 2 {
		t.Errorf("with floats: %v at rest %+v", h.Events, h.Rest)
	}
}

// Of what a map may panic with, only that a key cannot be hashed is survived.
func TestOtherPanics(t *testing.T) {
	for _, c := range []struct {
		name     string
		panics   func()
		survived bool
	}{
		{"unhashable", func() { _ = map[any]int{}[[]int{}] }, true},
		{"unhashable, stored", func() { map[any]int{}[func() {}] = 1 }, true},
		{"unhashable, inside of a key", func() { delete(map[any]int{}, any([1]any{[]int{}})) }, true},
		{"another runtime error", func() { _ = []int{}[len(c0)] }, false},
		{"not comparable", func() { var a, b any = []int{}, []int{}; _ = a == b }, false},
		{"an error like it", func() { panic(errors.New("hash of unhashable type []int")) }, false},
		{"a word", func() { panic("hash of unhashable type []int") }, false},
	} {
		tgt := target.Adapt("m", target.AnyKey(), target.Int(), func() target.Map[any, int] {
			return target.Map[any, int]{Load: func(any) (int, bool) { c.panics(); return 0, false }}
		}, target.Contract{})
		// A worker that is alone runs in the engine's goroutine.
		e := engine(t, &tgt, parse(t, "w0 load k1073741824"))
		survived := func() (survived bool) {
			defer func() { survived = recover() == nil }()
			run(t, e, 0, false)
			return true
		}()
		if survived != c.survived {
			t.Errorf("%s: survived %v; want %v", c.name, survived, c.survived)
		}
	}
}

var c0 []int // empty, as the compiler does not know
