package story

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/oracle/crash"
	"github.com/mapstress/mapstress/scheduler/controlled"
)

// maxColumn bounds the width of a worker's column, in characters, and maxRows how long a table
// is: of a longer one the end is told, and of a livelock, which has no end, the beginning, too.
const (
	maxColumn = 44
	maxRows   = 60
)

// Trace tells a controlled run as a table: a column for each worker, and from top to bottom
// the time. A worker's ops are there with what they answered, and wherever another worker
// goes on in the midst of one, the line of source before which it stops.
func Trace(c *corpus.Case, steps []controlled.Step) string { return tabled(c, steps).String() }

// tabled is the table of a run.
func tabled(c *corpus.Case, steps []controlled.Step) *table {
	t := &table{answers: answers(c)}
	if c.Verdict.Rule == controlled.Livelock {
		t.head = maxRows * 2 / 3
	}
	for i, s := range steps {
		if s.Pending {
			continue
		}
		switch {
		case s.Kind == "call":
			t.add(s.Worker, op, t.op(c, s))
		case s.Kind == "return":
			t.add(s.Worker, answer, t.answer(s))
		case s.Where.File != "" && (i == 0 || steps[i-1].Worker != s.Worker):
			t.add(s.Worker, goesOn, "goes on")
		}
		t.passed(s)
		if s.Races {
			t.add(s.Worker, race, "races at "+s.Where.String()+": "+s.Kind)
		}
		if i+1 == len(steps) || steps[i+1].Worker == s.Worker {
			continue
		}
		switch next := nextOf(steps[i+1:], s.Worker); {
		case next == nil || next.Where.File == "":
		case next.Kind == "woken":
			t.add(s.Worker, stop, "waits at "+next.Where.String())
		default:
			t.add(s.Worker, stop, "stops before "+next.Where.String()+": "+next.Kind)
		}
	}
	t.end(c, steps)
	return t
}

// end tells where the worker died that went on last, if the process did.
func (t *table) end(c *corpus.Case, steps []controlled.Step) {
	for len(steps) > 0 && steps[len(steps)-1].Pending {
		steps = steps[:len(steps)-1]
	}
	if len(steps) == 0 || c.Evidence == "" || !slices.Contains(deaths, c.Verdict.Class) {
		return
	}
	last := steps[len(steps)-1]
	if last.Kind == "return" {
		return // it was when the map was read back
	}
	at := "after " + last.Kind
	if f, ok := crash.Where(c.Evidence); ok {
		at = fmt.Sprintf("at %s:%d", path.Base(f.File), f.Line)
	} else if last.Where.File != "" {
		at = "after " + last.Where.String() + ": " + last.Kind
	}
	t.add(last.Worker, death, "dies "+at)
}

// deaths are the classes of findings that end a process.
var deaths = []oracle.Class{oracle.FatalError, oracle.Sigsegv, oracle.Panic}

// nextOf returns a worker's next step.
func nextOf(steps []controlled.Step, worker int) *controlled.Step {
	for i := range steps {
		if steps[i].Worker == worker {
			return &steps[i]
		}
	}
	return nil
}

// answers returns the events of a history by worker and op.
func answers(c *corpus.Case) map[[2]int]history.Event {
	all := map[[2]int]history.Event{}
	h, err := history.ParseText(c.History)
	if err != nil {
		return all
	}
	n := map[int]int{}
	for _, e := range h.Events {
		all[[2]int{e.Worker, n[e.Worker]}] = e
		n[e.Worker]++
	}
	return all
}

type table struct {
	answers map[[2]int]history.Event
	workers int
	rows    []row
	head    int // rows at the beginning that are told in any case
}

// A row is one thing that a worker did.
type row struct {
	worker int
	kind   kind
	text   string
	steps  []controlled.Step // points from there on until the next row
}

// A kind of row; those within an op are set in.
type kind string

const (
	op     kind = "op"
	answer kind = "answer"
	goesOn kind = "goes-on"
	stop   kind = "stop"
	race   kind = "race"
	death  kind = "death"
)

func (t *table) add(worker int, k kind, text string) {
	t.workers = max(t.workers, worker+1)
	t.rows = append(t.rows, row{worker: worker, kind: k, text: text})
}

// passed notes a point in a line of source.
func (t *table) passed(s controlled.Step) {
	if n := len(t.rows); n > 0 && s.Where.File != "" && t.rows[n-1].worker == s.Worker {
		t.rows[n-1].steps = append(t.rows[n-1].steps, s)
	}
}

// line is what a row says, as the text has it.
func (r *row) line() string {
	if r.kind == op || r.kind == answer {
		return r.text
	}
	return "  " + r.text
}

func (t *table) op(c *corpus.Case, s controlled.Step) string {
	if op, ok := opOf(c, s.Worker, s.Op); ok {
		return op
	}
	return s.Kind
}

func (t *table) answer(s controlled.Step) string {
	e, ok := t.answers[[2]int{s.Worker, s.Op}]
	if !ok {
		return s.Kind
	}
	if _, answer, ok := strings.Cut(brief(&e), " -> "); ok {
		return "-> " + answer
	}
	return "-> done"
}

// String draws the table.
func (t *table) String() string {
	width, rows, head := 0, t.rows, t.head
	if len(rows) > maxRows {
		rows = slices.Concat(rows[:head], rows[len(rows)-maxRows+head:])
	}
	for _, r := range rows {
		width = min(max(width, len(r.line())), maxColumn)
	}
	var b strings.Builder
	line := func(worker int, text string) {
		b.WriteString(strings.TrimRight(strings.Repeat(" ", 2+worker*(width+2))+text, " ") + "\n")
	}
	var heads strings.Builder
	for w := range t.workers {
		fmt.Fprintf(&heads, "%-*s", width+2, fmt.Sprintf("w%d", w))
	}
	line(0, heads.String())
	for i, r := range rows {
		if left := len(t.rows) - len(rows); left > 0 && i == head {
			line(0, fmt.Sprintf("... after %s", Plural(left, "row")))
		}
		line(r.worker, r.line())
	}
	return b.String()
}
