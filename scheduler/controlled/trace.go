package controlled

import (
	"fmt"
	"path"
	"runtime"
	"strings"
)

// A Place is a line of source.
type Place struct {
	Func string
	File string // its last element
	Line int
}

func (p Place) String() string {
	if p.File == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// A Step is one point of a run, in the order in which workers went on from them. Where data races
// are looked for, plain accesses that no worker stops at are there, too.
type Step struct {
	Worker int
	Kind   string // "read", "compare-and-swap", "call"
	// Addr numbers the address, by first touch: where objects lie, and which of them share
	// a few bytes, is not the same in each process.
	Addr  uint64 `json:",omitempty"`
	Op    int    // of the worker's; -1 is none
	Where Place
	Races bool `json:",omitempty"` // with another that is marked, too
	// Pending says that the run was over before the worker went on from there. Such steps are
	// the last ones.
	Pending bool `json:",omitempty"`
}

func (s Step) String() string {
	text := fmt.Sprintf("w%d %s", s.Worker, s.Kind)
	if s.Addr != 0 {
		text += fmt.Sprintf(" @%d", s.Addr)
	}
	if s.Where.File != "" {
		text += " " + s.Where.String()
	}
	return text
}

// A Trace is all points of a run.
type Trace struct {
	Steps []Step
	seen  map[uintptr]uint64 // addresses
}

func newTrace() *Trace { return &Trace{seen: map[uintptr]uint64{}} }

// String is one line for each step. The same run gives the same text, in any process.
func (t *Trace) String() string {
	var b strings.Builder
	for _, s := range t.Steps {
		fmt.Fprintln(&b, s)
	}
	return b.String()
}

// traced notes that a worker goes on.
func (e *Engine) traced(w *worker) {
	s := Step{Worker: w.id, Kind: kindNames[w.kind], Op: w.op, Where: w.where, Addr: e.trace.number(w.addr)}
	if e.record != nil {
		e.leaves(w)
		e.record.trace(&s)
	}
	e.trace.Steps = append(e.trace.Steps, s)
}

// leaves records where the worker has stopped that ran last, now that another goes on: it may be
// for good.
func (e *Engine) leaves(next *worker) {
	if n := len(e.trace.Steps); n > 0 {
		if last := e.workers[e.trace.Steps[n-1].Worker]; last != next && !last.done {
			s := e.pending(last)
			e.record.trace(&s)
		}
	}
}

// pending is where a worker has stopped. An address that nobody has touched has no number.
func (e *Engine) pending(w *worker) Step {
	return Step{Worker: w.id, Kind: kindNames[w.kind], Op: w.op, Where: w.where, Addr: e.trace.seen[w.addr], Pending: true}
}

// unfinished adds to the trace where workers were when the run came to no end.
func (e *Engine) unfinished() {
	for _, w := range e.workers {
		if !w.done {
			e.trace.Steps = append(e.trace.Steps, e.pending(w))
		}
	}
}

// number numbers an address.
func (t *Trace) number(addr uintptr) uint64 {
	if addr == 0 {
		return 0
	}
	n, ok := t.seen[addr]
	if !ok {
		n = uint64(len(t.seen) + 1)
		t.seen[addr] = n
	}
	return n
}

// place returns the innermost line that is not of what merely leads to a point.
func place() Place {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for {
		f, more := frames.Next()
		if !inner(f.Function) {
			return Place{Func: f.Function, File: path.Base(f.File), Line: f.Line}
		}
		if !more {
			return Place{}
		}
	}
}

// inner reports whether a function is of the packages that others call to synchronise, but
// for sync.Map, which is a target itself.
func inner(function string) bool {
	for _, prefix := range []string{"runtime.", "sync/atomic.", "internal/runtime/", "github.com/mapstress/mapstress/scheduler/controlled."} {
		if strings.HasPrefix(function, prefix) {
			return true
		}
	}
	for _, prefix := range []string{"sync.(*", "internal/sync.(*"} {
		if rest, ok := strings.CutPrefix(function, prefix); ok {
			return !strings.HasPrefix(rest, "Map)") && !strings.HasPrefix(rest, "HashTrieMap[") && !strings.HasPrefix(rest, "entry") &&
				!strings.HasPrefix(rest, "node") && !strings.HasPrefix(rest, "indirect")
		}
	}
	return false
}
