package match

import (
	"fmt"
	"strings"
)

// Names lists the candidates of an op, the methods' names by their numbers.
func (a *Adapter) Names(op string) (all []string) {
	for _, c := range a.of(op) {
		all = append(all, c.Name)
	}
	return all
}

func (a *Adapter) of(op string) (all []Candidate) {
	for _, c := range a.Candidates {
		if c.Op == op {
			all = append(all, c)
		}
	}
	return all
}

// Switches is Go source that sets the fields of t, a target.Map, to the candidates of m
// that use, a methods.Choice, says.
func (a *Adapter) Switches() string {
	var b strings.Builder
	for _, op := range Ops {
		all := a.of(op)
		if len(all) == 0 {
			continue
		}
		fmt.Fprintf(&b, "switch use.%s {\n", op)
		for i, c := range all {
			fmt.Fprintf(&b, "case %d: // %s\nt.%s = %s\n", i+1, c.Name, op, c.Code)
		}
		b.WriteString("}\n")
		if op == "Load" {
			b.WriteString("load := t.Load\n_ = load\n")
		}
	}
	return b.String()
}

// Chosen returns the candidate of an op with that number, from 1; nil for 0.
func (a *Adapter) Chosen(op string, number int) *Candidate {
	if all := a.of(op); number >= 1 && number <= len(all) {
		return &all[number-1]
	}
	return nil
}
