package crash

import (
	"fmt"
	"strings"

	"github.com/mapstress/mapstress/oracle"
)

// waits are the states that only another goroutine can end. A timer that feeds
// a channel could as well, and no dump shows it.
var waits = map[string]bool{
	"sync.Mutex.Lock": true, "sync.RWMutex.Lock": true, "sync.RWMutex.RLock": true,
	"semacquire": true, "sync.Cond.Wait": true, "sync.WaitGroup.Wait": true,
	"chan receive": true, "chan send": true, "chan receive (nil chan)": true, "chan send (nil chan)": true,
	"select": true, "select (no cases)": true,
}

// Stuck says what a dump of all goroutines, taken of a process that made no
// progress, proves. workers selects the goroutines that should have been working;
// own is as in Death.
//
// It is a deadlock if every selected goroutine waits in a way that only another
// goroutine can end, and no goroutine that could is in sight. Otherwise the dump
// proves nothing, and the verdict is Unknown with rule "no-progress": a worker
// that runs may be slow or may run for ever.
//
// The goroutines that were not selected can be the tester's own, which watch
// and sleep, or the target's, which may yet release a lock. So one that runs is
// a doubt always, and one that sleeps or waits for the system is if it is in a
// package where a worker waits. The caller must see to it that a dump was not
// cut (a worker that is missing cannot be judged), and leave out those of its own
// goroutines that run by design.
func Stuck(dump []Goroutine, workers func(Goroutine) bool, own func(string) bool) oracle.Verdict {
	var waiting, busy, others []Goroutine
	for _, g := range dump {
		switch {
		case !workers(g):
			others = append(others, g)
		case waits[g.State] && !ofRuntime(g):
			waiting = append(waiting, g)
		default:
			busy = append(busy, g)
		}
	}
	doubts := helpers(others, waiting)
	switch {
	case len(busy) > 0:
		return noProgress(fmt.Sprintf("%d of %d workers do not wait for another: %s", len(busy), len(busy)+len(waiting), places(busy, own)))
	case len(waiting) == 0:
		return noProgress("no worker is in the dump")
	case len(doubts) > 0:
		return noProgress(everyWaits(len(waiting)) + ", but others may still end that: " + places(doubts, own))
	}
	return oracle.Verdict{
		Class: oracle.Hang, Rule: "deadlock", Frames: waitFrames(waiting, own),
		Detail: everyWaits(len(waiting)) + " for another goroutine: " + places(waiting, own),
	}
}

// ofRuntime reports whether a goroutine waits for the runtime itself, to begin a garbage
// collection or to stop the world, and not in a call of sync's: that goes by.
func ofRuntime(g Goroutine) bool {
	if g.State != "semacquire" {
		return false
	}
	for _, f := range g.Frames {
		switch packageOf(f.Func) {
		case "runtime", "internal/runtime/atomic":
			continue // of a dump that has the runtime's own frames, too
		case "sync", "internal/sync", "internal/poll":
			return false
		}
		return true
	}
	return false
}

func everyWaits(n int) string {
	if n == 1 {
		return "the only worker left waits"
	}
	return fmt.Sprintf("all %d workers wait", n)
}

func noProgress(detail string) oracle.Verdict {
	return oracle.Verdict{Rule: "no-progress", Detail: detail}
}

// helpers are the goroutines that may yet end the workers' wait.
func helpers(others, waiting []Goroutine) (hs []Goroutine) {
	contested := map[string]bool{}
	for _, g := range waiting {
		if fs := waitedIn(g); len(fs) > 0 {
			contested[packageOf(fs[0].Func)] = true
		}
	}
	for _, g := range others {
		if !waits[g.State] && !idle(g) && (g.State == "running" && !dumper(g) || g.State == "runnable" || visits(g, contested)) {
			hs = append(hs, g)
		}
	}
	return hs
}

// idle reports whether a goroutine is one of the runtime's, which never hold a
// target's lock.
func idle(g Goroutine) bool {
	return g.ID == 0 || strings.HasSuffix(g.State, "(idle)") || strings.HasPrefix(g.State, "GC ") ||
		strings.HasSuffix(g.State, " wait") && g.State != "IO wait" || strings.HasPrefix(g.CreatedBy, "runtime.")
}

// dumper reports whether a goroutine only runs because it sent the signal that
// made the dump.
func dumper(g Goroutine) bool {
	for _, f := range g.Frames {
		if f.Func == "syscall.Kill" {
			return true
		}
	}
	return false
}

// visits reports whether a goroutine has a call into one of the packages.
func visits(g Goroutine, packages map[string]bool) bool {
	for _, f := range g.Frames {
		if packages[packageOf(f.Func)] {
			return true
		}
	}
	return false
}

// places tells where goroutines are: "3 in sync.Mutex.Lock in x.Store, ...".
func places(gs []Goroutine, own func(string) bool) string {
	const most = 8
	var parts []string
	count := map[string]int{}
	for _, g := range gs {
		p := place(g, own)
		if count[p]++; count[p] == 1 {
			parts = append(parts, p)
		}
	}
	for i, p := range parts {
		if count[p] > 1 {
			parts[i] = fmt.Sprintf("%d times %s", count[p], p)
		}
	}
	if len(parts) > most {
		parts = append(parts[:most], fmt.Sprintf("and %d more", len(parts)-most))
	}
	return strings.Join(parts, ", ")
}

// place tells where one goroutine is: its state and its innermost frame that
// says something.
func place(g Goroutine, own func(string) bool) string {
	if fs := telling(waitedIn(g), own, 1); len(fs) > 0 {
		return g.State + " in " + fs[0]
	}
	if g.CreatedBy != "" {
		return g.State + " in a goroutine of " + normal(g.CreatedBy)
	}
	return g.State
}
