package child

import (
	"time"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler"
)

// A watchdog notices that a child has stopped getting on: its journal names no
// new phase and none of its workers begins an op. It asks for a look at the
// child after a while, and if that proves nothing, three times more, each after four
// times as long. A look does not harm a child that is merely slow.
//
// Where the journal is not shared, nothing can be said, and it never asks.
type watchdog struct {
	p        *process
	journal  *wire.Journal // nil if it is not shared
	logs     []history.Log // of the schedule's workers, if one is run
	patience []time.Duration

	progress uint64
	since    time.Time     // of the last progress
	cpu      time.Duration // of the child, by then
	looks    int           // since then
	asked    time.Time     // when a look was asked for; zero if it was answered
}

// tick is how often a watchdog checks for progress, at least.
const tick = 50 * time.Millisecond

// looks returns when a child is looked at. A deadlock on locks is proved at first
// sight, so the first look comes early.
func looks(patience time.Duration) []time.Duration {
	return []time.Duration{patience / 4, patience, 4 * patience, 16 * patience}
}

// watch starts a watchdog. The schedule is nil for requests that run none.
func watch(p *process, s *scheduler.Schedule, patience []time.Duration) *watchdog {
	w := &watchdog{p: p, patience: patience, since: time.Now()}
	if p.hello.Journal {
		w.journal = p.journal
		if s != nil {
			logs, _ := p.journal.Logs(s) // if it has no room for them, the child will say so
			w.logs = logs.Workers
		}
		w.progress, w.cpu = w.steps(), p.cpuTime()
	}
	return w
}

// steps changes whenever the child gets on.
func (w *watchdog) steps() uint64 {
	n := w.journal.Progress() << 32 // logs start again from 0 with each run
	for i := range w.logs {
		n += uint64(w.logs[i].Len())
	}
	return n
}

// check takes notice of progress, and reports whether there was any.
func (w *watchdog) check() bool {
	now := w.steps()
	if now == w.progress {
		return false
	}
	w.progress, w.since, w.looks = now, time.Now(), 0
	w.cpu = w.p.cpuTime()
	return true
}

// idle returns for how long a run has made no progress in calls of the target.
func (w *watchdog) idle() time.Duration {
	if w.journal == nil || w.check() || !w.mapInUse() {
		return 0
	}
	return time.Since(w.since)
}

// due reports whether it is time to look.
func (w *watchdog) due() bool {
	if w.journal == nil || w.check() || w.looks == len(w.patience) {
		return false
	}
	if !w.mapInUse() {
		w.looks = len(w.patience) - 1 // that is our own work, or a wait for goroutines to end
	}
	if time.Since(w.since) < w.patience[w.looks] {
		return false
	}
	w.looks++
	return true
}

// mapInUse reports whether the child may be in a call of the target: during runs,
// that is when the phase says so, and during another request always. At other times
// a child that is stuck is not stuck in the target, whatever the target's goroutines
// do that are left over.
func (w *watchdog) mapInUse() bool {
	phase := w.journal.Phase()
	return w.logs == nil || phase == scheduler.Setup || phase == scheduler.Running || phase == scheduler.Reading
}

// judge says what stacks prove.
func (w *watchdog) judge(stacks string, burning bool) oracle.Verdict {
	if !w.mapInUse() {
		return oracle.Verdict{Rule: "no-progress", Detail: "the map was not in use"}
	}
	return stuck(stacks, w.last(), burning)
}

// last reports whether there will be no further look.
func (w *watchdog) last() bool { return w.looks == len(w.patience) }

// burning reports whether the child has used the CPU for a tenth of the time at
// least in which it made no progress: on a machine that has ten times as much to do
// as it can, nobody gets more.
func (w *watchdog) burning() bool {
	return w.p.cpuTime()-w.cpu >= time.Since(w.since)/10
}
