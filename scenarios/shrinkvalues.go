package scenarios

import "github.com/mapstress/mapstress/scheduler"

// smallerValues numbers the values that ops write as number does, from the
// smallest that is safe. It is for the eye only: who writes what stays.
func smallerValues(*scheduler.Schedule) []edit { return []edit{renumberValues} }

func renumberValues(c *scheduler.Schedule) {
	next, step := firstValue(c)
	renumbered := map[uint64]uint64{}
	for _, ops := range c.Workers {
		for i := range ops {
			if !writes(ops[i].Kind) {
				continue
			}
			if _, ok := renumbered[ops[i].Value]; !ok {
				renumbered[ops[i].Value], next = next, next+step
			}
			ops[i].Value = renumbered[ops[i].Value]
		}
	}
	for _, ops := range c.Workers {
		for i := range ops {
			if compares(ops[i].Kind) {
				ops[i].Old = renumberedComparand(ops[i].Old, c.Prefill, next, renumbered)
			}
		}
	}
}

// renumberedComparand follows a value that somebody writes; one of the prefill
// stays, and one that nobody writes stays nobody's.
func renumberedComparand(old uint64, prefill int, nobodys uint64, renumbered map[uint64]uint64) uint64 {
	if to, ok := renumbered[old]; ok {
		return to
	}
	if old <= uint64(prefill) {
		return old
	}
	return nobodys
}
