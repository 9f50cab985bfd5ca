package child

import (
	"slices"
	"strings"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/oracle/crash"
	"github.com/mapstress/mapstress/scheduler"
)

// ourPackages are the packages whose functions stand around a target's in a
// child: what they do is not the target's doing.
var ourPackages = []string{
	"github.com/mapstress/mapstress/scheduler.",
	"github.com/mapstress/mapstress/scheduler/",
	"github.com/mapstress/mapstress/history.",
	"github.com/mapstress/mapstress/oracle",
	"github.com/mapstress/mapstress/internal/child/",
	"github.com/mapstress/mapstress/target.Adapt[",
	"github.com/mapstress/mapstress/target.newOwn[",
	"github.com/mapstress/mapstress/target.(*coded[",
	"github.com/mapstress/mapstress/target.(*coder[",
	"github.com/mapstress/mapstress/target.(*table[",
	"github.com/mapstress/mapstress/target.decode",
	"github.com/mapstress/mapstress/goleak", // as in somebody's module
	"go.uber.org/goleak",
	"main.",
	"testing.", // of a test binary's own goroutines, of which the first waits in its TestMain
}

// own reports whether a function is the tester's. In a child that is built in somebody's module its
// packages have other paths, which begin in that.
func own(function string) bool {
	if _, within, ok := strings.Cut(function, "/child-of-mapstress/"); ok {
		function = "github.com/mapstress/mapstress/" + within
	}
	for _, prefix := range ourPackages {
		if strings.HasPrefix(function, prefix) {
			return true
		}
	}
	return false
}

// autopsy says what a child that ended by itself died of.
func autopsy(p *process) (oracle.Verdict, error) {
	printed := p.printed.text()
	state := p.cmd.ProcessState
	if state.ExitCode() == exitBroken && strings.Contains(printed, "mapstress child: ") {
		return oracle.Verdict{}, &BrokenError{printed}
	}
	verdict := crash.Classify(crash.Death{
		Stderr: printed, ExitCode: state.ExitCode(), Signal: p.signalled(), Own: own, Memory: p.memory,
	})
	if phase := p.journal.Phase(); verdict.Class == oracle.Panic && ours(printed) &&
		(phase == scheduler.Judging || phase == scheduler.Idle) {
		return oracle.Verdict{}, &BrokenError{printed}
	}
	if verdict.Class.Finding() && p.journal.Phase() == scheduler.Reading && !filling(printed) {
		verdict.Detail += "; the calls were over, and the map was being read back"
	}
	return verdict, nil
}

// exitBroken is the exit code of a child that says it cannot do its work.
const exitBroken = 70

// ours reports whether the goroutine that failed was in our own code: whether
// the innermost function that is not the runtime's is ours. A target's method
// can be called from ours, but ours only from ours, unless the target calls
// back, and a callback does nothing that can fail. The scheduler's ExitGuard
// speaks for the method that it stopped.
func ours(printed string) bool {
	for _, g := range crash.Goroutines(printed) {
		for _, f := range g.Frames {
			if f.Func == "panic" || strings.HasSuffix(f.Func, "mapstress/scheduler.ExitGuard") ||
				strings.HasPrefix(f.Func, "runtime.") || strings.HasPrefix(f.Func, "internal/runtime/") {
				continue
			}
			return own(f.Func)
		}
	}
	return false
}

// filling reports whether the goroutine that failed made or filled the map of a run to come: then
// the one under way, if there is one, has nothing to do with it.
func filling(printed string) bool {
	for _, g := range crash.Goroutines(printed) {
		return slices.ContainsFunc(g.Frames, func(f crash.Frame) bool {
			return strings.HasSuffix(f.Func, "mapstress/scheduler.(*chore).try")
		})
	}
	return false
}

// partialOverlap measures the run that a child died in, as far as it got.
func partialOverlap(p *process, job *Job) (history.Overlap, history.Seen) {
	h := partial(p, job.Schedule)
	if h == nil {
		return history.Overlap{}, history.Seen{}
	}
	var m history.Meter
	overlap := m.Measure(h, job.Boundaries)
	return overlap, m.Seen
}

// partialHistory returns the text form of the run that a child died in.
func partialHistory(p *process, s *scheduler.Schedule) string {
	h := partial(p, s)
	if h == nil {
		return ""
	}
	return history.Text(h)
}

// partial reads the history of the run under way from the journal of a child
// that has ended; nil if there is none.
func partial(p *process, s *scheduler.Schedule) *history.History {
	if !p.hello.Journal || p.journal.Phase() < scheduler.Running || filling(p.printed.text()) {
		return nil
	}
	logs, err := p.journal.Logs(s)
	if err != nil {
		return nil // the child refused such a schedule, so it ran none
	}
	return scheduler.Partial(s, logs)
}
