package serve

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"time"

	"go.uber.org/goleak"

	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// leaks finds goroutines that outlive their map. What was there before is
// ignored, and so is what a map starts that is only made and closed: a map that
// has a daemon and no way to stop it is made like that, and no bug of timing.
type leaks struct {
	ignore  goleak.Option
	daemons map[*target.Variant]int // goroutines that one map leaves behind that is only made and closed
	proofs  map[*target.Variant]proof
}

// A proof is what was proved of a target in this process. From then on one
// goroutine more of the same creator is one more leak, and takes no time to see.
type proof struct {
	creator string
	count   int // of its goroutines, so far
}

// baseline takes the goroutines there are for granted.
func (l *leaks) baseline() { l.ignore = goleak.IgnoreCurrent() }

// A leakWatch counts the runs after which there were more goroutines than
// before. It only counts goroutines, so it costs nanoseconds a run.
type leakWatch struct {
	allowed int
	daemons int // that each run adds
	enough  uint64
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
	w := leakWatch{allowed: runtime.NumGoroutine(), daemons: daemons, enough: enough}
	if _, proved := l.proofs[v]; proved {
		w.enough = 1
	}
	return w
}

// look is called between runs, when the map's goroutines should have ended, or
// are about to.
func (w *leakWatch) look() {
	w.allowed += w.daemons
	patience := grace
	if w.runs >= w.enough {
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
	if w.runs < w.enough {
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

// judge says whether the batch leaked, once its engine is closed. Phase is told when
// the target is in use.
func (l *leaks) judge(w *leakWatch, v *target.Variant, phase func(scheduler.Phase)) (oracle.Verdict, bool) {
	if w.runs == 0 {
		return oracle.Verdict{}, false
	}
	defer l.baseline()
	if w.runs < w.enough {
		return oracle.Verdict{}, false
	}
	if known, proved := l.proofs[v]; proved {
		return l.again(v, known)
	}
	creator, n := l.prove(v, phase)
	if n == 0 {
		return oracle.Verdict{}, false
	}
	if l.proofs == nil {
		l.proofs = map[*target.Variant]proof{}
	}
	l.proofs[v] = proof{creator, createdBy(creator)}
	return leak(creator, n), true
}

// again looks for goroutines of a creator that is known to leave some behind.
func (l *leaks) again(v *target.Variant, known proof) (oracle.Verdict, bool) {
	count := createdBy(known.creator)
	if count <= known.count {
		return oracle.Verdict{}, false
	}
	l.proofs[v] = proof{known.creator, count}
	return leak(known.creator, count-known.count), true
}

func leak(creator string, n int) oracle.Verdict {
	return oracle.Verdict{
		Class:  oracle.GoroutineLeak,
		Rule:   "goroutine outlives the map",
		Detail: fmt.Sprintf("goroutines started by %s were still there after their runs had ended: %d of them", creator, n),
		Frames: []string{creator},
	}
}

// createdBy counts the goroutines that a function has started.
func createdBy(creator string) int {
	dump := make([]byte, 1<<16)
	for {
		n := runtime.Stack(dump, true)
		if n < len(dump) {
			return bytes.Count(dump[:n], []byte("created by "+creator+" in goroutine "))
		}
		dump = make([]byte, 2*len(dump))
	}
}

// prove returns the function that started most of the goroutines that are still
// there, and how many; 0 if they end by themselves, or are there for no fault of
// the runs.
func (l *leaks) prove(v *target.Variant, phase func(scheduler.Phase)) (creator string, n int) {
	runtime.GC()                             // some maps have finalizers that end what they have started
	found := creators(goleak.Find(l.ignore)) // waits for those that end soon
	if len(found) == 0 {
		return "", 0
	}
	l.baseline()
	phase(scheduler.Setup)
	for range enough {
		if m := v.New(); m.Close != nil {
			m.Close()
		}
	}
	phase(scheduler.Idle)
	for creator := range creators(goleak.Find(l.ignore)) {
		delete(found, creator)
	}
	for c, count := range found {
		if count >= enough && (count > n || count == n && c < creator) {
			creator, n = c, count
		}
	}
	return creator, n
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
