package scheduler

import (
	"slices"
	"testing"
)

func TestFind(t *testing.T) {
	for _, c := range []struct {
		name      string
		allocated []uint64
		threshold uint64
		up, down  []int // what was allocated taken for inserts, and for deletes
	}{
		{"nothing", nil, 0, nil, nil},
		{"the first step does not count", []uint64{4096, 0, 16, 64, 65, 0, 0, 1000}, 136, []int{7}, []int{0}},
		{"nodes", []uint64{48, 48, 200, 48, 118, 48, 119, 48}, 118, []int{2, 6}, []int{2, 6}},
		{"large values", []uint64{2048, 2048, 2400, 2048, 2048, 2048, 2560, 2048}, 2368, []int{2, 6}, []int{2, 6}},
		{"bit by bit", []uint64{0, 0, 0, 9000, 300, 300, 200, 0, 0, 0, 300, 0}, 64, []int{3, 10}, []int{3, 4, 5, 6, 10}},
		{"bit by bit on the way down", []uint64{0, 0, 0, 300, 9000, 0, 0, 0}, 64, []int{3, 4}, []int{4}},
		{"two at once", []uint64{0, 100, 200, 0, 400, 0, 0, 0, 800, 0, 0}, 64, []int{1, 2, 4, 8}, []int{2, 4, 8}},
	} {
		from := threshold(c.allocated)
		g := Growth{Inserts: c.allocated, Deletes: c.allocated}
		g.find(from, from)
		g.begin()
		if from != c.threshold || !slices.Equal(g.Up, c.up) || !slices.Equal(g.Down, c.down) {
			t.Errorf("%s: above %d: up %d, down %d; want above %d: up %d, down %d", c.name, from, g.Up, g.Down, c.threshold, c.up, c.down)
		}
	}
}
