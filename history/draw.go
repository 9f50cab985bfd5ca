package history

import (
	"slices"
	"strings"
)

// Draw returns the events as bars on one time axis, a line each: "|--|" is an op
// from its call to its return, "|--" one that never returned. The axis has the
// order of the stamps, not their distances.
func Draw(events []Event) []string {
	stamps := stampsOf(events)
	const width = 3 // columns from one stamp to the next
	column := func(stamp int64) int {
		i, _ := slices.BinarySearch(stamps, stamp)
		return width * i
	}
	lines := make([]string, len(events))
	for i := range events {
		from := column(events[i].Inv)
		line := strings.Repeat(" ", from) + "|"
		if events[i].Ret == Pending {
			line += strings.Repeat("-", max(width*len(stamps)-from-1, 1))
		} else if to := column(events[i].Ret); to > from {
			line += strings.Repeat("-", to-from-1) + "|"
		}
		lines[i] = line
	}
	return lines
}

// stampsOf returns all stamps of the events, each once, ascending.
func stampsOf(events []Event) (stamps []int64) {
	for i := range events {
		stamps = append(stamps, events[i].Inv)
		if events[i].Ret != Pending {
			stamps = append(stamps, events[i].Ret)
		}
	}
	slices.Sort(stamps)
	return slices.Compact(stamps)
}
