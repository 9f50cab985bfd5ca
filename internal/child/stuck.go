package child

import (
	"slices"
	"strings"

	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/oracle/crash"
)

// stuck says what the stacks of a child that makes no progress prove. Last says
// that there will be no further look; burning, that the child used the CPU all
// the while.
//
// Locks that are never released are a deadlock at first sight. A channel could
// yet be fed by a timer, which no stack shows, so for those the proof counts at
// the last look only. A busy loop cannot be told from slowness but by time: it
// is a livelock if it burned CPU until the last look.
func stuck(stacks string, last, burning bool) oracle.Verdict {
	dump := slices.DeleteFunc(merged(crash.Goroutines(stacks)), byDesign)
	verdict := crash.Stuck(dump, suspect, own)
	switch {
	case !slices.ContainsFunc(dump, calling):
		return oracle.Verdict{Rule: "no-progress", Detail: "no method of the target's is being called"}
	case verdict.Class.Finding() && !last && slices.ContainsFunc(dump, timed):
		return oracle.Verdict{Rule: "no-progress", Detail: "a timer may yet end this: " + verdict.Detail}
	case !verdict.Class.Finding() && last && burning:
		if spinning := crash.Spinning(dump, own); spinning.Class.Finding() {
			return spinning
		}
	}
	return verdict
}

// merged joins what a dump tells of one goroutine in several places: SIGQUIT
// shows the stack of one that runs only once the signal reaches its thread.
func merged(dump []crash.Goroutine) (all []crash.Goroutine) {
	at := map[int]int{}
	for _, g := range dump {
		i, again := at[g.ID]
		switch {
		case g.ID == 0 || !again: // 0 is each thread's own
			at[g.ID] = len(all)
			all = append(all, g)
		case len(all[i].Frames) == 0:
			if g.CreatedBy == "" {
				g.CreatedBy = all[i].CreatedBy
			}
			all[i] = g
		}
	}
	return all
}

// timed selects goroutines that a timer could wake.
func timed(g crash.Goroutine) bool {
	return suspect(g) && (g.State == "chan receive" || g.State == "select")
}

// byDesign selects our goroutines that run whatever the target does: workers
// that watch for the next run in a busy loop, the one that collects garbage, and
// the one that takes the stacks.
func byDesign(g crash.Goroutine) bool {
	return slices.ContainsFunc(g.Frames, func(f crash.Frame) bool {
		return strings.Contains(f.Func, "mapstress/scheduler.(*meeting).") ||
			strings.HasSuffix(f.Func, "mapstress/scheduler.(*collector).collect") ||
			strings.HasSuffix(f.Func, "internal/child/serve.(*server).look")
	})
}

// suspect selects the goroutines that should have been getting on: those that call the
// target, and whatever it started. The latter may wait for ever, as the daemons of
// many maps do, so they prove nothing unless somebody calls.
func suspect(g crash.Goroutine) bool {
	return g.CreatedBy != "" && foreign(g.CreatedBy) || calling(g)
}

// calling selects the workers within an op, and the engine's own goroutine if it is in a
// method of the target.
func calling(g crash.Goroutine) bool {
	for _, f := range g.Frames {
		if strings.HasSuffix(f.Func, "mapstress/scheduler.(*worker).call") ||
			strings.Contains(f.Func, "mapstress/target.(*coded[") {
			return true
		}
	}
	called := crash.InTarget(g, own)
	return len(called) < len(g.Frames) && slices.ContainsFunc(called, func(f crash.Frame) bool { return foreign(f.Func) })
}

// foreign reports whether a function is surely neither ours nor the standard
// library's: its import path starts with an element that has a dot.
func foreign(function string) bool {
	path, _, nested := strings.Cut(function, "/")
	return nested && strings.Contains(path, ".") && !own(function)
}
