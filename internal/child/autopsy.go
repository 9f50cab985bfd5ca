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
	"github.com/mapstress/mapstress/history.",
	"github.com/mapstress/mapstress/oracle",
	"github.com/mapstress/mapstress/internal/child/",
	"github.com/mapstress/mapstress/target.(*coder[",
	"github.com/mapstress/mapstress/target.(*table[",
	"github.com/mapstress/mapstress/target.decode",
	"github.com/anishathalye/porcupine",
	"go.uber.org/goleak",
	"main.",
}

// own reports whether a function is the tester's.
func own(function string) bool {
	for _, prefix := range ourPackages {
		if strings.HasPrefix(function, prefix) {
			return true
		}
	}
	return false
}

// autopsy says what a child that has ended died of.
func autopsy(p *process, hung bool) (oracle.Verdict, error) {
	printed := p.printed.text()
	state := p.cmd.ProcessState
	if hung {
		dump := slices.DeleteFunc(crash.Goroutines(printed), awaiting)
		return crash.Stuck(dump, suspect), nil
	}
	if state.ExitCode() == exitBroken {
		return oracle.Verdict{}, &BrokenError{printed}
	}
	verdict := crash.Classify(crash.Death{
		Stderr: printed, ExitCode: state.ExitCode(), Signal: p.signalled(), Own: own,
	})
	if phase := p.journal.Phase(); verdict.Class == oracle.Panic && ours(printed) &&
		(phase == scheduler.Judging || phase == scheduler.Idle) {
		return oracle.Verdict{}, &BrokenError{printed}
	}
	return verdict, nil
}

// exitBroken is the exit code of a child that says it cannot do its work.
const exitBroken = 70

// ours reports whether the goroutine that failed was in our own code: whether
// the innermost function that is not the runtime's is ours. A target's method
// can be called from ours, but ours only from ours, unless the target calls
// back, and a callback does nothing that can fail.
func ours(printed string) bool {
	for _, g := range crash.Goroutines(printed) {
		for _, f := range g.Frames {
			if f.Func == "panic" || strings.HasPrefix(f.Func, "runtime.") || strings.HasPrefix(f.Func, "internal/runtime/") {
				continue
			}
			return own(f.Func)
		}
	}
	return false
}

// awaiting selects our goroutines that run by design: workers that watch for the
// next run in a busy loop.
func awaiting(g crash.Goroutine) bool {
	return slices.ContainsFunc(g.Frames, func(f crash.Frame) bool {
		return strings.Contains(f.Func, "mapstress/scheduler.(*meeting).")
	})
}

// suspect selects the goroutines that should have been getting on: the workers
// that were within an op, else the engine's own, and whatever the target
// started.
func suspect(g crash.Goroutine) bool {
	target := false
	for _, f := range g.Frames {
		if !own(f.Func) && !strings.HasPrefix(f.Func, "runtime.") && !standard(f.Func) {
			target = true
		}
		if strings.HasSuffix(f.Func, "scheduler.(*worker).call") {
			return true
		}
	}
	return target || created(g)
}

// created reports whether something that is not ours started the goroutine.
func created(g crash.Goroutine) bool {
	return g.CreatedBy != "" && !own(g.CreatedBy) && !strings.HasPrefix(g.CreatedBy, "runtime.") && !standard(g.CreatedBy)
}

// standard reports whether a function is of the standard library's: its import
// path starts with an element that has no dot.
func standard(function string) bool {
	path, _, _ := strings.Cut(function, "/")
	if strings.Contains(function, "/") {
		return !strings.Contains(path, ".")
	}
	return true
}

// partialOverlap measures the run that a child died in, as far as it got.
func partialOverlap(p *process, job *Job) history.Overlap {
	h := partial(p, job.Schedule)
	if h == nil {
		return history.Overlap{}
	}
	var m history.Meter
	return m.Measure(h, job.Boundaries)
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
	if !p.hello.Journal || p.journal.Phase() < scheduler.Running {
		return nil
	}
	logs, err := p.journal.Logs(s)
	if err != nil {
		return nil // the child refused such a schedule, so it ran none
	}
	return scheduler.Partial(s, logs)
}
