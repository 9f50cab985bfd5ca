package story

import (
	"fmt"
	"strings"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/oracle"
)

// Accesses tells the two accesses of a data race, each with its stack, the innermost call first.
func Accesses(c *corpus.Case) string {
	var b strings.Builder
	for i := range c.Verdict.Accesses {
		a := &c.Verdict.Accesses[i]
		b.WriteString("  " + heading(c, a) + "\n")
		places, width := make([]string, len(a.Stack)), 0
		for i, f := range a.Stack {
			places[i] = place(f)
			width = max(width, len(places[i]))
		}
		for i, f := range a.Stack {
			fmt.Fprintf(&b, "    %-*s  %s\n", width, places[i], f.Func)
		}
		if started := startedAt(a); started != "" {
			b.WriteString("    " + started + "\n")
		}
	}
	return b.String()
}

// heading tells an access in a line.
func heading(c *corpus.Case, a *oracle.Access) string {
	in := ""
	if op, ok := opOf(c, a.Worker, a.Op); ok {
		in = ", in " + op
	}
	return fmt.Sprintf("%s of address %d by w%d%s", a.Kind, a.Address, a.Worker, in)
}

// startedAt tells where a worker comes from that is a goroutine of the target's; empty if it is none.
func startedAt(a *oracle.Access) string {
	if a.Started == nil {
		return ""
	}
	return fmt.Sprintf("w%d is a goroutine that was started at %s in %s", a.Worker, place(*a.Started), a.Started.Func)
}

func place(f oracle.Frame) string { return fmt.Sprintf("%s:%d", f.File, f.Line) }

// opOf returns a worker's op of that number, if it is one of the schedule's.
func opOf(c *corpus.Case, worker, n int) (op string, ok bool) {
	if worker >= len(c.Schedule.Workers) || n < 0 || n >= len(c.Schedule.Workers[worker]) {
		return "", false
	}
	return c.Schedule.AsRun().Workers[worker][n].String(), true
}
