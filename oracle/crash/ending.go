package crash

import (
	"fmt"
	"strings"

	"github.com/mapstress/mapstress/oracle"
)

// unhandled finds the signal that nobody handled, if that is what was printed.
func unhandled(heads []headline) (headline, bool) {
	for _, h := range heads {
		if h.kind == signalled && h.ownLine {
			return h, true
		}
	}
	return headline{}, false
}

var sentByKill = pattern(`(?m)^PC=.* sigcode=0\b`)

// cgoRefused is what a program that is linked with the C library prints where one without it
// says newosproc, before it aborts itself.
var cgoRefused = pattern(`(?m)^runtime/cgo: pthread_create failed: .*$`)

// signalled is the verdict of a signal that made the runtime print a dump and
// end. A signal that a process sent, as kill does, has sigcode 0.
func (d Death) signalled(h headline) oracle.Verdict {
	name, _, _ := strings.Cut(h.text, ":")
	switch {
	case name == "SIGQUIT":
		return oracle.Verdict{Rule: "killed", Detail: "asked for its stacks by SIGQUIT; Stuck reads them"}
	case sentByKill().MatchString(h.text):
		return oracle.Verdict{Rule: "killed", Detail: "killed from outside: " + quote(h.message())}
	case name == "SIGABRT" && cgoRefused().MatchString(d.Stderr):
		return oracle.Verdict{Rule: "no threads", Detail: "the system refused another thread: " + quote(cgoRefused().FindString(d.Stderr))}
	}
	v := oracle.Verdict{Class: oracle.FatalError, Rule: name, Detail: "a signal outside Go code: " + quote(h.message())}
	if name == "SIGSEGV" || name == "SIGBUS" {
		v.Class = oracle.Sigsegv
	}
	v.Frames = causeFrames(Goroutines(h.trace), d.Own)
	return v
}

// Exited is the rule of a process that the target ended by os.Exit.
const Exited = "exited"

// ended is the verdict when no text says why the process ended.
func (d Death) ended() oracle.Verdict {
	switch {
	case d.fromOutside() != "":
		return oracle.Verdict{Rule: "killed", Detail: fmt.Sprintf("killed from outside: %q, and no text that explains more", d.Signal)}
	case d.Signal != "":
		return d.bareFault()
	case d.ExitCode < 0:
		return oracle.Verdict{Detail: "nothing is known of how the process ended"}
	case d.messageLost():
		return oracle.Verdict{Rule: "message lost", Detail: "the stacks of a dying process, without the message that stood before them"}
	case noStart(d.Stderr):
		return oracle.Verdict{Rule: "no start", Detail: "the race detector could not work under the process's limits: " + quote(lastLine(d.Stderr))}
	case strings.Contains(d.Stderr, nilText):
		return oracle.Verdict{Class: oracle.Sigsegv, Rule: nilDereference,
			Detail: fmt.Sprintf("the target recovered from a nil dereference, printed it, and ended the process with exit code %d", d.ExitCode)}
	}
	v := oracle.Verdict{Class: oracle.Panic, Rule: Exited, Detail: fmt.Sprintf("the target ended the process with exit code %d", d.ExitCode)}
	if l := lastLine(d.Stderr); l != "" {
		v.Detail += "; its last words: " + quote(l)
	}
	return v
}

// bareFault is the verdict for a signal that Go turns into a text, when there is
// no text: the runtime could not even print, or ran no more. SIGABRT alone
// proves nothing: C libraries and supervisors raise it too.
func (d Death) bareFault() oracle.Verdict {
	v := oracle.Verdict{Class: oracle.FatalError, Rule: d.Signal, Detail: fmt.Sprintf("ended by signal %q, with no text", d.Signal)}
	switch d.Signal {
	case "aborted":
		v.Class = oracle.Unknown
	case "segmentation fault", "bus error":
		v.Class = oracle.Sigsegv
	}
	return v
}

// messageLost reports whether the text has stacks that the target did not print
// itself. Their message is gone, cut off perhaps; it may have been SIGQUIT's.
func (d Death) messageLost() bool {
	if !d.byRuntime() {
		return false
	}
	gs := Goroutines(d.Stderr)
	for _, g := range gs {
		if !askedFor(g, false) {
			return true
		}
	}
	return len(gs) == 0 && strayFrame().MatchString(d.Stderr)
}

var strayFrame = pattern(`(?m)^\t\S+\.(?:go|s):\d+ \+0x[0-9a-f]+`)

// noStart reports whether the race detector gave up for want of memory or
// goroutines. That is the limits' fault, not the target's.
func noStart(text string) bool {
	return strings.Contains(text, "ThreadSanitizer failed to") ||
		strings.Contains(text, "ThreadSanitizer: CHECK failed") ||
		strings.Contains(text, "race: limit on ")
}

func lastLine(text string) string {
	text = strings.TrimRight(text, "\n")
	return text[strings.LastIndexByte(text, '\n')+1:]
}
