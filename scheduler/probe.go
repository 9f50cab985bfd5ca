package scheduler

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// MaxProbe is the largest size to which a map is probed.
const MaxProbe = 1 << 14

// Probe finds the sizes, below limit, at which the next insert grows the map or
// the next delete shrinks it: it inserts one by one, deletes one by one, and
// watches how much each allocates. It does so with two maps and keeps the sizes
// that show in both. If those were not the same, chance has a part in what is
// allocated, as in a map with a random hash seed: then it goes on with further
// maps until luck is out of the question. A map that has no method to delete is
// only filled.
//
// What a goroutine allocates that an insert starts counts for the insert. Probe
// must run alone in the process: what others allocate would be counted.
func Probe(v *target.Variant, limit int) (Growth, error) {
	if limit < 2 || limit > MaxProbe {
		return Growth{}, fmt.Errorf("probe up to %d entries; want 2 to %d", limit, MaxProbe)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	v.Prepare(uint64(limit), uint64(limit))
	first, err := probe(v, limit, nil)
	if err != nil {
		return Growth{}, err
	}
	second, err := probe(v, limit, nil)
	if err != nil {
		return Growth{}, err
	}
	upFrom, downFrom := threshold(first.Inserts), threshold(first.Deletes)
	first.find(upFrom, downFrom)
	second.find(upFrom, downFrom)
	g := Growth{Inserts: lesser(first.Inserts, second.Inserts), Deletes: lesser(first.Deletes, second.Deletes)}
	g.Boundaries = common(&first, &second)
	luck := float64(max(len(first.Up), len(first.Down))) / float64(limit) // that a given size shows
	if slices.Equal(first.Up, second.Up) && slices.Equal(first.Down, second.Down) {
		luck = 0
	}
	for byLuck := luck * luck * float64(limit); byLuck > maxByLuck && len(g.Up)+len(g.Down) > 0; byLuck *= luck {
		again, err := probe(v, limit, &g.Boundaries)
		if err != nil {
			return Growth{}, err
		}
		again.find(upFrom, downFrom)
		g.Boundaries = common(&g, &again)
	}
	g.begin()
	return g, nil
}

// maxByLuck is how many sizes may be expected to show in every probe by luck.
const maxByLuck = 0.1

// probe fills one map and empties it, and watches what happens at all sizes or
// only at some.
func probe(v *target.Variant, limit int, only *history.Boundaries) (g Growth, err error) {
	m := v.New()
	if m.Close != nil {
		defer m.Close()
	}
	if err := inserts(&m.Map); err != nil {
		return Growth{}, fmt.Errorf("probe: %w", err)
	}
	defer runtime.GC() // there is no other, and garbage adds up
	var i inserter
	meter := newAllocations()
	g.Inserts = make([]uint64, limit)
	for n := range limit {
		if only == nil || slices.Contains(only.Up, n) {
			g.Inserts[n] = meter.of(func() { i.insert(&m.Map, uint64(n+1), uint64(n+1)) })
		} else {
			i.insert(&m.Map, uint64(n+1), uint64(n+1))
		}
	}
	remove := deleter(&m.Map)
	if remove == nil || only != nil && len(only.Down) == 0 {
		return g, nil
	}
	g.Deletes = make([]uint64, limit+1)
	for n := limit; n > 0; n-- {
		if only == nil || slices.Contains(only.Down, n) {
			g.Deletes[n] = meter.of(func() { remove(uint64(n), uint64(n)) })
		} else {
			remove(uint64(n), uint64(n))
		}
	}
	return g, nil
}
