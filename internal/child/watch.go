package child

import (
	"time"

	"github.com/mapstress/mapstress/internal/child/wire"
)

// A watchdog notices that a child has stopped getting on. A child gets on if
// its journal says so; where that is not shared, nothing can be said.
type watchdog struct {
	journal  *wire.Journal
	patience time.Duration
	progress uint64
	since    time.Time
}

// tick is how often a watchdog looks.
const tick = 50 * time.Millisecond

func watch(p *process, patience time.Duration) *watchdog {
	w := &watchdog{patience: patience, since: time.Now()}
	if p.hello.Journal {
		w.journal = p.journal
		w.progress = p.journal.Progress()
	}
	return w
}

// stuck reports whether there has been no progress for the time of patience.
func (w *watchdog) stuck() bool {
	if w.journal == nil {
		return false
	}
	if now := w.journal.Progress(); now != w.progress {
		w.progress, w.since = now, time.Now()
	}
	return time.Since(w.since) > w.patience
}
