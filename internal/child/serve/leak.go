package serve

import (
	"fmt"
	"runtime"
	"strings"
	"time"

	"go.uber.org/goleak"

	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/target"
)

// leaks finds goroutines that outlive their map. What was there before is
// ignored, and so is what a map starts that is only made and closed: a map that
// has a daemon and no way to stop it is made like that, and no bug of timing.
type leaks struct {
	ignore  goleak.Option
	daemons map[*target.Variant]int // goroutines that one map leaves behind that is only made and closed
}

// baseline takes the goroutines there are for granted.
func (l *leaks) baseline() { l.ignore = goleak.IgnoreCurrent() }

// A leakWatch counts the runs after which there were more goroutines than
// before. It only counts goroutines, so it costs nanoseconds a run.
type leakWatch struct {
	allowed int
	daemons int // that each run adds
	runs    uint64
	waited  time.Duration // in vain, for goroutines to end; no time of the runs
}

const (
	// enough is how many runs must leak before it is one: a goroutine that
	// lives for ever once the package is first used leaks once.
	enough = 3
	// grace is how long a goroutine may outlive its map.
	grace = 20 * time.Millisecond
)

// watch starts after the engine has, whose workers are not the map's.
func (l *leaks) watch(v *target.Variant) leakWatch {
	daemons, known := l.daemons[v]
	if !known {
		before := runtime.NumGoroutine()
		if m := v.New(); m.Close != nil {
			m.Close()
		}
		settle(before, grace)
		daemons = max(runtime.NumGoroutine()-before, 0)
		if l.daemons == nil {
			l.daemons = map[*target.Variant]int{}
		}
		l.daemons[v] = daemons
	}
	return leakWatch{allowed: runtime.NumGoroutine(), daemons: daemons}
}

// look is called between runs, when the map's goroutines should have ended, or
// are about to.
func (w *leakWatch) look() {
	w.allowed += w.daemons
	patience := grace
	if w.runs >= enough {
		patience = grace / 20 // the case is clear; this only counts
	}
	if !settle(w.allowed, patience) {
		w.allowed = runtime.NumGoroutine()
		w.runs++
		w.waited += patience
	}
}

// certain returns how many runs have leaked, once they are enough to tell.
func (w *leakWatch) certain() uint64 {
	if w.runs < enough {
		return 0
	}
	return w.runs
}

// settle waits until there are no more goroutines than that, and reports whether
// it came to be.
func settle(goroutines int, patience time.Duration) bool {
	if runtime.NumGoroutine() <= goroutines {
		return true
	}
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		time.Sleep(50 * time.Microsecond)
		if runtime.NumGoroutine() <= goroutines {
			return true
		}
	}
	return false
}

// judge says whether the batch leaked, once its engine is closed.
func (l *leaks) judge(w *leakWatch, v *target.Variant) (oracle.Verdict, bool) {
	if w.runs == 0 {
		return oracle.Verdict{}, false
	}
	defer l.baseline()
	if w.runs < enough {
		return oracle.Verdict{}, false
	}
	found := creators(goleak.Find(l.ignore)) // waits for those that end soon
	if len(found) == 0 {
		return oracle.Verdict{}, false
	}
	l.baseline()
	for range enough {
		if m := v.New(); m.Close != nil {
			m.Close()
		}
	}
	for creator := range creators(goleak.Find(l.ignore)) {
		delete(found, creator)
	}
	worst := ""
	for creator, n := range found {
		if n >= enough && (n > found[worst] || n == found[worst] && creator < worst) {
			worst = creator
		}
	}
	if worst == "" {
		return oracle.Verdict{}, false
	}
	return oracle.Verdict{
		Class:  oracle.GoroutineLeak,
		Rule:   "goroutine outlives the map",
		Detail: fmt.Sprintf("%d goroutines started by %s were still there after %d runs had ended", found[worst], worst, w.runs),
		Frames: []string{worst},
	}, true
}

// creators counts the goroutines that goleak lists by the function that started
// them.
func creators(leaked error) map[string]int {
	found := map[string]int{}
	if leaked == nil {
		return found
	}
	for _, line := range strings.Split(leaked.Error(), "\n") {
		if creator, ok := strings.CutPrefix(strings.TrimSpace(line), "created by "); ok {
			creator, _, _ = strings.Cut(creator, " in goroutine ")
			found[creator]++
		}
	}
	return found
}
