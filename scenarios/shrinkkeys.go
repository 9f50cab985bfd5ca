package scenarios

import (
	"slices"

	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// fewerKeys turns one key into another, and numbers the keys down: those of the
// prefill from 1, and fresh ones from the first that the prefill does not have.
func fewerKeys(s *scheduler.Schedule) (edits []edit) {
	keys := s.OpKeys()
	for i := len(keys) - 1; i > 0; i-- {
		edits = append(edits, func(c *scheduler.Schedule) { replaceKey(c, keys[i], keys[0]) })
		if i > 1 {
			edits = append(edits, func(c *scheduler.Schedule) { replaceKey(c, keys[i], keys[i-1]) })
		}
	}
	edits = append(edits, func(c *scheduler.Schedule) { numberKeys(c, keys) })
	for _, k := range keys { // each for itself, where not all may move
		edits = append(edits, func(c *scheduler.Schedule) {
			replaceKey(c, k, lowest(c, keys, k))
			if k >= target.FirstOdd { // an ordinary key more, and values are above all of these
				renumberValues(c)
			}
		})
	}
	return edits
}

func replaceKey(c *scheduler.Schedule, from, to uint64) {
	rekey(c, func(k uint64) uint64 {
		if k == from {
			return to
		}
		return k
	})
}

func numberKeys(c *scheduler.Schedule, keys []uint64) {
	number := map[uint64]uint64{}
	prefilled, fresh := uint64(0), uint64(c.Prefill)
	for _, k := range keys {
		switch {
		case k >= target.FirstOdd:
			number[k] = k
		case k <= uint64(c.Prefill):
			prefilled++
			number[k] = prefilled
		default:
			fresh++
			number[k] = fresh
		}
	}
	rekey(c, func(k uint64) uint64 { return number[k] })
}

// lowest returns the lowest key that is not in use on k's side of the prefill.
func lowest(c *scheduler.Schedule, keys []uint64, k uint64) uint64 {
	to := uint64(1)
	if k > uint64(c.Prefill) {
		to += uint64(c.Prefill)
	}
	at, _ := slices.BinarySearch(keys, to)
	for ; at < len(keys) && keys[at] == to && to < k; at++ {
		to++
	}
	return to
}

// rekey changes the keys of all ops that have one, and with a key the comparand
// that is its prefill value.
func rekey(c *scheduler.Schedule, key func(uint64) uint64) {
	for _, ops := range c.Workers {
		for i := range ops {
			if !ops[i].Kind.Keyed() {
				continue
			}
			from := ops[i].Key
			ops[i].Key = key(from)
			if compares(ops[i].Kind) && ops[i].Old == from {
				ops[i].Old = ops[i].Key
			}
		}
	}
}
