package scenarios

import (
	"slices"

	"github.com/mapstress/mapstress/history"
)

// split divides the workers in two groups that do different things, of at least
// one each: it returns how large the first is, and how many there are in all.
func (d *draft) split() (first, all int) {
	all = d.workers()
	return d.between(1, all-1), all
}

// boundaryUpTo draws a boundary as boundary does, from those that are not above
// the limit; if all are, it is the smallest. What a scenario fills and empties by
// ops costs it some hundred nanoseconds an entry and run.
func (d *draft) boundaryUpTo(limit int) int {
	all := d.space.boundaries()
	n, _ := slices.BinarySearch(all, limit+1)
	small := *d
	small.space.Boundaries.Up = all[:max(1, n)]
	return small.boundary()
}

// share returns the keys from first to last that fall to one of that many workers.
func share(first, last uint64, worker, workers int) (keys []uint64) {
	for key := first + uint64(worker); key <= last; key += uint64(workers) {
		keys = append(keys, key)
	}
	return keys
}

// addTake gives the worker an op of that kind, or the nearest, of which the target
// must have one, on a key of the prefill. If it compares, then with the value that
// the key has there.
func (d *draft) addTake(worker int, kind history.Kind, key uint64) {
	d.add(worker, kind, key)
	ops := d.s.Workers[worker]
	if last := &ops[len(ops)-1]; compares(last.Kind) {
		last.Old = key
	}
}
