package serve

import (
	"runtime"
	"runtime/metrics"
)

// Garbage is collected between runs, where none is in the midst of them.
type garbage struct {
	heap       [1]metrics.Sample // in bytes
	live       uint64            // of these after the last collection
	seen       uint64            // of these when it was last looked
	runs, left int               // since then, and until it is looked again
}

// collectEvery is after how many runs at most it is looked how much garbage there is, and
// collectAbove how many bytes are collected.
const (
	collectEvery = 256
	collectAbove = 64 << 20
)

func newGarbage() *garbage {
	g := &garbage{left: 1} // the first run tells: a map may take more memory than a thousand others
	g.heap[0].Name = "/memory/classes/heap/objects:bytes"
	g.look()
	g.live = g.seen
	return g
}

// look returns how many bytes there are more than when it was called last.
func (g *garbage) look() (more uint64) {
	metrics.Read(g.heap[:])
	heap := g.heap[0].Value.Uint64()
	more = heap - min(g.seen, heap)
	g.seen = heap
	return more
}

// collect is called after each run.
func (g *garbage) collect() {
	g.runs++
	if g.left--; g.left > 0 {
		return
	}
	each := g.look()/uint64(g.runs) + 1
	if g.seen+each > g.live+collectAbove {
		runtime.GC()
		g.look()
		g.live = g.seen
	}
	room := g.live + collectAbove - min(g.seen, g.live+collectAbove)
	g.runs, g.left = 0, int(min(max(room/each, 1), collectEvery))
}
