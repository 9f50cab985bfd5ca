package scheduler

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// Probe finds the sizes, below limit, at which the next insert grows the map:
// it inserts one by one and watches how much each allocates. It does so twice
// and keeps the sizes that show both times, since a map with a random hash seed
// may grow its parts at other sizes in each instance.
//
// Probe must run alone in the process: what others allocate would be counted.
func Probe(v *target.Variant, limit int) (history.Boundaries, error) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	v.Prepare(uint64(limit), uint64(limit))
	first, err := probe(v, limit)
	if err != nil {
		return history.Boundaries{}, err
	}
	second, err := probe(v, limit)
	if err != nil {
		return history.Boundaries{}, err
	}
	up := slices.DeleteFunc(first, func(size int) bool { return !slices.Contains(second, size) })
	return history.Boundaries{Up: up}, nil
}

func probe(v *target.Variant, limit int) ([]int, error) {
	m := v.New()
	if m.Close != nil {
		defer m.Close()
	}
	insert, err := inserter(&m.Map)
	if err != nil {
		return nil, fmt.Errorf("probe: %w", err)
	}
	allocated := make([]uint64, limit)
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	for size := range allocated {
		before := stats.TotalAlloc
		insert(uint64(size+1), uint64(size+1))
		runtime.ReadMemStats(&stats)
		allocated[size] = stats.TotalAlloc - before
	}
	return jumps(allocated), nil
}

// jumps returns where an insert allocated much more than inserts do: more than
// twice the median, and a cache line. An insert into an empty map, which may
// make the first storage, does not count.
func jumps(allocated []uint64) (sizes []int) {
	sorted := slices.Sorted(slices.Values(allocated))
	usual := sorted[len(sorted)/2]
	for size, bytes := range allocated {
		if size > 0 && bytes > 2*usual+64 {
			sizes = append(sizes, size)
		}
	}
	return sizes
}
