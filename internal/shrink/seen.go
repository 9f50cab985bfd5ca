package shrink

import (
	"time"

	"github.com/mapstress/mapstress/corpus"
)

// A seen is what came of all runs of a schedule.
type seen struct {
	corpus.Rate
	counted int           // of the runs, those that count; see counting
	time    time.Duration // that they took
	failing *Failing      // one that failed; nil if none did
}

// idle is how many runs in which no workers met count as one.
const idle = 50

// counting returns how many runs of the outcome count: those in which ops of different
// workers overlapped. The others say little of what happens when workers meet, and
// much of what else the machine does: next to a busy process a tenth of the runs
// overlap and less, for seconds on end, and as many fewer fail. They count a
// little, so that what never overlaps is refused in the end.
func counting(o *Outcome) int {
	return min(max(o.Met, o.Failed, (o.Runs+idle-1)/idle), o.Runs)
}

func (s *seen) add(o *Outcome) {
	s.Rate = s.Rate.Add(o.Rate)
	s.counted += counting(o)
	s.time += o.Time
	if o.Failing != nil {
		s.failing = o.Failing
	}
}

// met is how many of the runs that count failed.
func (s *seen) met() corpus.Rate { return corpus.Rate{Failed: s.Failed, Runs: s.counted} }
