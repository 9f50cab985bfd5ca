package serve

import (
	"runtime"
	"runtime/debug"
	"testing"
)

var waste []byte // so that it is on the heap

// TestGarbage: runs that leave much are collected after each of them, and those that leave little
// are not.
func TestGarbage(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	defer func() { waste = nil }()
	collections := func() uint32 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		if m.HeapAlloc > 8*collectAbove {
			t.Fatalf("there are %d bytes; want them collected", m.HeapAlloc)
		}
		return m.NumGC
	}
	const runs = 20
	for _, c := range []struct {
		bytes    int
		from, to uint32
	}{
		{4 * collectAbove, runs, runs},
		{collectAbove / 4, runs/4 - 1, runs / 3},
		{64, 0, 1}, // what others have left
	} {
		waste = nil
		runtime.GC()
		before, g := collections(), newGarbage()
		for range runs {
			waste = make([]byte, c.bytes)
			g.collect()
		}
		if n := collections() - before; n < c.from || n > c.to {
			t.Errorf("%d collections after %d runs that leave %d bytes each; want %d to %d", n, runs, c.bytes, c.from, c.to)
		}
	}
}
