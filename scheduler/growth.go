package scheduler

import (
	"slices"

	"github.com/mapstress/mapstress/history"
)

// Growth is how a map's storage grows and shrinks with its size.
type Growth struct {
	history.Boundaries
	// Inserts[n] is how many bytes the insert into a map of n entries allocated,
	// Deletes[n] the delete from one of n entries, each the lesser of two probes.
	// Deletes is nil if the map has no method that deletes.
	Inserts, Deletes []uint64
}

// find sets the boundaries to where more was allocated than that.
func (g *Growth) find(upFrom, downFrom uint64) {
	g.Up = jumps(g.Inserts, 1, upFrom) // the first insert may make what is made once
	g.Down = jumps(g.Deletes, 0, downFrom)
	if n := len(g.Down); n > 0 && g.Down[n-1] == len(g.Deletes)-1 {
		g.Down = g.Down[:n-1] // so may the first delete
	}
}

// jumps returns where more was allocated than the threshold.
func jumps(allocated []uint64, first int, threshold uint64) (at []int) {
	for n := first; n < len(allocated); n++ {
		if allocated[n] > threshold {
			at = append(at, n)
		}
	}
	return at
}

// begin drops the boundaries that only go on with what the one before, a step
// ago, has begun: a map that moves its entries over bit by bit.
func (g *Growth) begin() {
	g.Up = beginnings(g.Up, g.Inserts)
	slices.Reverse(g.Down)
	g.Down = beginnings(g.Down, g.Deletes)
	slices.Reverse(g.Down)
}

// beginnings keeps, of sizes in the order of the steps, those that do not follow
// right after another, or at which as much was allocated as at the most of those
// before them in the row.
func beginnings(sizes []int, allocated []uint64) (begun []int) {
	last, most := -2, uint64(0)
	for _, n := range sizes {
		if n-last != 1 && last-n != 1 {
			most = 0
		}
		if allocated[n] >= most {
			begun, most = append(begun, n), allocated[n]
		}
		last = n
	}
	return begun
}

// common returns the boundaries of both.
func common(a, b *Growth) history.Boundaries {
	both := func(a, b []int) []int {
		return slices.DeleteFunc(slices.Clone(a), func(size int) bool { return !slices.Contains(b, size) })
	}
	return history.Boundaries{Up: both(a.Up, b.Up), Down: both(a.Down, b.Down)}
}

func lesser(a, b []uint64) []uint64 {
	least := slices.Clone(a)
	for i := range least {
		least[i] = min(a[i], b[i])
	}
	return least
}

// threshold returns how much is more than inserts, or deletes, usually allocate:
// a cache line and an eighth above the median.
func threshold(allocated []uint64) uint64 {
	if len(allocated) == 0 {
		return 0
	}
	usual := slices.Sorted(slices.Values(allocated))[len(allocated)/2]
	return usual + usual/8 + 64
}
