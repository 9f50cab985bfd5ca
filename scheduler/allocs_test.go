package scheduler_test

import (
	"runtime"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// hollow has every method of a map and no map: what it allocates is nothing, so
// all that a run allocates is ours.
func hollow[K comparable, V any](key target.Codec[K], value target.Codec[V]) *target.Target {
	var k K
	v := value.Encode(1)
	methods := target.Map[K, V]{
		Load:             func(K) (V, bool) { return v, true },
		Store:            func(K, V) {},
		LoadOrStore:      func(K, V) (V, bool) { return v, true },
		LoadAndDelete:    func(K) (V, bool) { return v, true },
		Delete:           func(K) {},
		Swap:             func(K, V) (V, bool) { return v, true },
		CompareAndSwap:   func(K, V, V) bool { return true },
		CompareAndDelete: func(K, V) bool { return true },
		Compute:          func(_ K, f func(V, bool) (V, bool)) (V, bool) { f(v, true); return v, true },
		Range:            func(yield func(K, V) bool) { yield(k, v) },
		Len:              func() int { return 1 },
		IsEmpty:          func() bool { return false },
		Clear:            func() {},
		Close:            func() {},
	}
	k = key.Encode(1)
	t := target.Adapt("hollow", key, value, func() target.Map[K, V] { return methods }, target.Contract{})
	return &t
}

// everyOp has two workers that call each method, and a prefill.
const everyOp = `prefill 3
w0 load k1
w0 store k4 v10
w0 load-or-store k1 v11
w0 load-and-delete k1
w0 delete k1
w0 swap k1 v12
w0 compare-and-swap k1 v1 v13
w1 compare-and-delete k1 v1
w1 compute k1 v14
w1 increment k1
w1 range
w1 len
w1 is-empty
w1 clear
`

// A clean run allocates nothing in the engine, nor in the code layer, however the
// workers are started and whatever the shape, odd keys or not.
func TestRunAllocatesNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	const oddKeys = everyOp + "w0 store k1073741824 v20\nw0 load k1073741825\n"
	for _, c := range []struct {
		target *target.Target
		text   string
	}{
		{hollow(target.Int(), target.Int()), everyOp},
		{hollow(target.String(), target.KiB2()), everyOp},
		{hollow(target.LongString(), target.Bytes256()), everyOp},
		{hollow(target.Struct(), target.Pointer()), everyOp},
		{hollow(target.Float64(), target.Any()), oddKeys},
		{hollow(target.AnyKey(), target.Array4()), oddKeys},
	} {
		for _, start := range starts {
			s := parse(t, c.text)
			s.Timing.Start = start
			v := &c.target.Variants[0]
			e := engine(t, c.target, s)
			clock := history.NewClock(false)
			number := 0
			run := func() {
				number++
				if _, err := e.Run(number, &clock); err != nil {
					t.Fatal(err)
				}
			}
			if n := mallocs(200, run); n > 0 {
				t.Errorf("%s, start=%s: %d allocations a run", v.Shape, start, n)
			}
		}
	}
}

// mallocs is testing.AllocsPerRun, but for GOMAXPROCS, which that sets to 1: what
// others allocate meanwhile is less than one a run.
func mallocs(runs int, f func()) uint64 {
	f()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range runs {
		f()
	}
	runtime.ReadMemStats(&after)
	return (after.Mallocs - before.Mallocs) / uint64(runs)
}
