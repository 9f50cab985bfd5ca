// Package crash says what a dead process died of, from what it left behind:
// its stderr and how it ended.
//
// It trusts texts before exit codes, because Go ends nearly every death with
// code 2, and it trusts a text only where the runtime could have printed it,
// because a target may log anything. It does not know which run failed, and a
// process it can say nothing of is Unknown: never clean, never a finding.
package crash

import (
	"strings"

	"github.com/mapstress/mapstress/oracle"
)

// A Death is what is left of a process. The zero Death is a process that ended
// well and said nothing, and is Unknown.
type Death struct {
	Stderr   string // what was captured, perhaps with a cut in the middle
	ExitCode int    // -1 if ended by a signal
	Signal   string // its name as os.Signal prints it, such as "killed"; "" if none
	// Own reports whether a function (its full name as in a stack trace,
	// without arguments) is the tester's own, not the target's nor the
	// runtime's. Nil: none is.
	Own func(function string) bool
	// Memory is how much it was to have, in bytes; 0 is not known.
	Memory int64
}

// Classify says what a death means. These hold in this order; the first that
// applies wins:
//
//  1. A process that ended with code 0 did not die. Only a race report is a
//     finding then: the detector can be told to keep the code at 0.
//  2. What the runtime itself printed last: "fatal error: ..." or "panic: ...".
//     Of several, the one that the catalogue lists first, so that "concurrent
//     map writes" beats the panic printed beside it. See credible for what
//     tells the runtime's words from a log line.
//  3. A race report. It comes after the fatal errors because a race on a map
//     often ends in one, and the fatal error is the better name for that bug.
//  4. An unhandled signal: from outside it is Unknown, else a finding.
//  5. The text of a runtime error that the target recovered, printed, and then
//     gave up over, ending the process itself.
//  6. The way the process ended: killed from outside (Unknown), or by the
//     target's os.Exit (Panic, "exited").
//
// Frames hold nothing for deaths where chance decides who notices, such as the
// concurrent map errors: the rule alone tells these findings apart.
func Classify(d Death) oracle.Verdict {
	d = d.plain()
	races := raceReports(d.Stderr)
	if d.ExitCode == 0 && d.Signal == "" {
		if len(races) > 0 {
			return d.raced(races)
		}
		return oracle.Verdict{Detail: "the process ended well: exit code 0"}
	}
	heads := headlines(d.Stderr)
	if h, t, ok := d.cause(heads); ok {
		v := d.explain(h, t)
		v.Detail += d.besides(h, races)
		return v
	}
	if len(races) > 0 {
		return d.raced(races)
	}
	if h, ok := unhandled(heads); ok {
		return d.signalled(h)
	}
	return d.ended()
}

// plain undoes what shells and terminals add: CR LF, and a signal reported as
// exit code 128 + n.
func (d Death) plain() Death {
	d.Stderr = strings.ReplaceAll(d.Stderr, "\r\n", "\n")
	if s := shellSignals[d.ExitCode]; s != "" && d.Signal == "" {
		d.ExitCode, d.Signal = -1, s
	}
	return d
}

var shellSignals = map[int]string{
	128 + 6: "aborted", 128 + 9: "killed", 128 + 11: "segmentation fault", 128 + 15: "terminated",
}

// byRuntime reports whether the process ended as the runtime ends one: code 2;
// 4 or 5 if it died again while dying; SIGABRT under GOTRACEBACK=crash.
func (d Death) byRuntime() bool {
	return d.ExitCode == 2 || d.ExitCode == 4 || d.ExitCode == 5 || d.fromOutside() == "" && d.Signal != ""
}

// fromOutside names the signal that ended the process if somebody else must
// have sent it, or else "". Go turns the signals that mean a fault into texts;
// if one of them ends a process all the same, the runtime gave up in earnest.
func (d Death) fromOutside() string {
	switch d.Signal {
	case "aborted", "segmentation fault", "bus error", "illegal instruction",
		"trace/breakpoint trap", "floating point exception":
		return ""
	}
	return d.Signal
}

// cause finds the text that explains the death best.
func (d Death) cause(heads []headline) (best headline, why text, ok bool) {
	rank := 0
	for _, h := range heads {
		t, at := lookUp(h)
		if !d.credible(h, at < len(catalogue)) {
			continue
		}
		if !ok || at < rank {
			best, why, rank, ok = h, t, at, true
		}
	}
	return best, why, ok
}

// credible reports whether the runtime, not the target, printed h as its last
// words. Target code logs "panic: ..." too, with stacks, and goes on living.
//
// Where nothing but the message's own lines stand between h and a traceback,
// and the target did not print that traceback itself, we believe it however the
// process ended, save by an exit code that the runtime never uses. If the
// runtime ended the process we also believe two weaker forms: a catalogued
// fatal error near a traceback (Go before 1.24 lets two dying goroutines, and
// the target, print into one another), and a line of its own with no traceback
// in what follows (GOTRACEBACK=none).
func (d Death) credible(h headline, known bool) bool {
	if h.kind == signalled || !d.byRuntime() && d.fromOutside() == "" {
		return false
	}
	if h.trace != "" {
		if selfPrinted(h) {
			return false
		}
		return h.direct || known && h.kind == fatal && d.byRuntime()
	}
	return d.byRuntime() && h.ownLine && h.last
}

// explain makes the verdict of a headline and its entry in the catalogue.
func (d Death) explain(h headline, t text) oracle.Verdict {
	v := oracle.Verdict{Class: t.class, Rule: t.rule, Detail: t.meaning}
	if t.rule == outOfMemory && d.refused() {
		return oracle.Verdict{Rule: "no memory", Detail: "the system refused memory long before the process had what it was to have: " + quote(h.showing(t.want))}
	}
	dump := Goroutines(h.trace)
	switch t.frames {
	case ofCause:
		v.Frames = causeFrames(dump, d.Own)
	case ofCycle:
		v.Frames = cycleFrames(dump, d.Own)
	case ofWaiters:
		v.Frames = waitFrames(dump, d.Own)
	}
	if t.inside && !d.raisedByTarget(dump) {
		v.Class = oracle.Panic
	}
	v.Detail += ": " + quote(h.showing(t.want))
	if wild := wildPointer(h.text); wild != "" {
		v.Detail += "; " + wild
		if v.Rule == nilDereference {
			v.Rule = "wild pointer"
		}
	}
	return v
}

// besides tells what else the process left that is worth a look.
func (d Death) besides(h headline, races []race) (s string) {
	if len(races) > 0 {
		s += "; the race detector reported " + races[0].String()
	}
	if then := h.then(); then != "" {
		s += "; while it unwound: " + quote(then)
	}
	if h.kind == fatal && strings.Contains(d.Stderr, nilText) {
		s += "; a nil dereference was printed too"
	}
	return s
}
