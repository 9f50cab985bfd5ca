package story

import (
	"fmt"

	"github.com/mapstress/mapstress/history"
)

// maxEntries is how many entries of a Range are told, and fewEntries how many are if there are
// more: all those of a map that was about to grow would push the bars out of sight. What is wrong
// with them the verdict says, and the case's file has them all.
const (
	maxEntries = 8
	fewEntries = 4
)

// brief is an event without its stamps, as a story has it.
func brief(e *history.Event) string {
	if e.Kind != history.Range || e.Seen == nil || len(e.Seen.Entries) <= maxEntries {
		return e.String()
	}
	few, seen := *e, *e.Seen
	seen.Entries = seen.Entries[:fewEntries]
	few.Seen = &seen
	return few.String() + fmt.Sprintf(" and %d more", len(e.Seen.Entries)-fewEntries)
}
