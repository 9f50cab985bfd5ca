package child

import (
	"os"
	"strings"

	"github.com/mapstress/mapstress/scheduler"
)

// A kind of child is what must be decided before it starts. The zero kind is the
// ordinary one.
type kind struct {
	noPreempt bool // its goroutines are not preempted in the midst of a loop
}

// kindFor returns the kind of child that a schedule needs.
func kindFor(s *scheduler.Schedule) kind { return kind{noPreempt: s.Timing.NoPreempt} }

// environ returns what the child finds in its environment beside the parent's.
// Of the settings in GODEBUG the last one counts.
func (k kind) environ() []string {
	if !k.noPreempt {
		return nil
	}
	settings := strings.TrimPrefix(os.Getenv("GODEBUG")+",asyncpreemptoff=1", ",")
	return []string{"GODEBUG=" + settings}
}
