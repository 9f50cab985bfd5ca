package reproducer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/match"
	"github.com/mapstress/mapstress/scheduler"
)

// try writes the function that runs the schedule once, and says what was wrong.
func (p *program) try() (string, error) {
	var b strings.Builder
	s := p.c.Schedule
	if p.check.answers() {
		b.WriteString("// try runs the calls once, on a fresh map, and says what is wrong then, if anything.\nfunc try() string {\n")
	} else {
		b.WriteString("// try runs the calls once, on a fresh map.\nfunc try() {\n")
	}
	b.WriteString(match.Made(p.construct(), p.m.Rest, "panic(err)"))
	if match.Stops(p.m.Rest) {
		b.WriteString("defer stop()\n")
	} else if end := p.d.close(); end != "" {
		b.WriteString("defer " + end)
	}
	head := b.String()
	b.Reset()
	filled, err := p.fill(s)
	if err != nil {
		return "", err
	}
	b.WriteString(filled)
	workers, calls, err := p.workers(s)
	if err != nil {
		return "", err
	}
	if p.answers > 0 {
		var names []string
		for i := range p.answers {
			names = append(names, fmt.Sprintf("r%d", i+1))
		}
		fmt.Fprintf(&b, "\nvar %s entry // what the calls answer\n", strings.Join(names, ", "))
	}
	b.WriteString(workers)
	checks, err := p.checks(s, calls)
	if err != nil {
		return "", err
	}
	b.WriteString(checks)
	if p.check.answers() {
		b.WriteString("return \"\"\n")
	}
	b.WriteString("}\n\n")
	return head + p.d.functions(b.String()) + b.String(), nil
}

// fill puts the prefill in, by way of its peak.
func (p *program) fill(s *scheduler.Schedule) (string, error) {
	most := max(s.Prefill, s.Peak)
	if most == 0 {
		return "", nil
	}
	if most == 1 && s.Prefill == 1 {
		return p.d.insert("1")
	}
	insert, err := p.d.insert("n")
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("for n := 1; n <= %d; n++ {\n%s}\n", most, insert)
	if most > s.Prefill {
		remove, err := p.d.remove("n")
		if err != nil {
			return "", err
		}
		text += fmt.Sprintf("for n := %d; n > %d; n-- {\n%s}\n", most, s.Prefill, remove)
	}
	return text, nil
}

// A called is a call in the table that is checked.
type called struct {
	op      history.Op
	literal string
}

// workers writes what each goroutine does, and returns the calls of each for the check.
func (p *program) workers(s *scheduler.Schedule) (string, [][]called, error) {
	var b strings.Builder
	alone := len(s.Workers) == 1
	if !alone {
		p.uses["together"] = true
		b.WriteString("together(\n")
	}
	all := make([][]called, len(s.Workers))
	for w, ops := range s.Workers {
		if !alone {
			b.WriteString("func() {\n")
		}
		if s.Timing.Lock {
			b.WriteString("runtime.LockOSThread()\ndefer runtime.UnlockOSThread()\n")
		}
		for _, op := range ops {
			b.WriteString(p.pause(s, w))
			text, c, err := p.op(s, w, op)
			if err != nil {
				return "", nil, err
			}
			b.WriteString(text)
			if c.literal != "" {
				all[w] = append(all[w], c)
			}
		}
		if !alone {
			b.WriteString("},\n")
		}
	}
	if !alone {
		b.WriteString(")\n")
	}
	return b.String(), all, nil
}

// pause writes what disturbs the worker before each of its calls.
func (p *program) pause(s *scheduler.Schedule, w int) string {
	switch t := &s.Timing; {
	case t.Stalled == w+1:
		p.uses["stall"] = true
		return "stall()\n"
	case t.Gosched > 0 || t.Spin > 0:
		p.uses["pause"] = true
		return "pause()\n"
	}
	return ""
}

// op writes a call, with its answer kept if that is checked.
func (p *program) op(s *scheduler.Schedule, w int, op history.Op) (text string, c called, err error) {
	switch op.Kind {
	case history.Range:
		return p.ranging(p.pause(s, w))
	case history.Len:
		length, err := p.d.length()
		return "_ = " + length + "\n", c, err
	}
	answer := ""
	if answers(op.Kind) || p.told(op.Kind) {
		p.answers++
		answer = fmt.Sprintf("r%d", p.answers)
	}
	statements, said, err := p.d.call(op, answer)
	if err != nil {
		return "", c, err
	}
	if answer != "" {
		p.uses["entry"] = true
		if !p.check.keys && !p.check.callback {
			statements += "_ = " + answer + "\n"
		}
	}
	silent := answer == ""
	if p.check.ordered {
		if silent { // its entry has the times alone
			p.answers++
			answer = fmt.Sprintf("r%d", p.answers)
		}
		statements = answer + ".from = now()\n" + timed(statements, answer) + answer + ".to = now()\n"
	}
	c = called{op, p.literal(op, said, answer, silent)}
	return statements, c, nil
}

// timed keeps an answer that is stored as a whole from taking its times with it.
func timed(statements, answer string) string {
	if call, whole := strings.CutPrefix(statements, answer+" = "); whole {
		return answer + ".keep(" + strings.TrimSuffix(call, "\n") + ")\n"
	}
	return statements
}

// literal is the call as an element of the table that is checked.
func (p *program) literal(op history.Op, said, answer string, silent bool) string {
	name := meanings[op.Kind]
	if name == "" || !p.check.keys {
		return ""
	}
	p.uses[name] = true
	text := fmt.Sprintf("{call: %q, does: %s", said, name)
	if op.Kind == history.CompareAndSwap || op.Kind == history.CompareAndDelete {
		text += ", old: " + p.m.Value.named().literal("value", op.Old)
	}
	switch op.Kind {
	case history.Store, history.LoadOrStore, history.Swap, history.Compute, history.CompareAndSwap:
		text += ", value: " + p.m.Value.named().literal("value", op.Value)
	}
	if answer != "" {
		text += ", got: &" + answer
	}
	if p.check.ordered && silent {
		text += ", silent: true"
	}
	return text + "}"
}

// told reports whether the case's stores, or deletes, answered whether there was an entry.
func (p *program) told(kind history.Kind) bool {
	h, err := history.ParseText(p.c.History)
	return err == nil && slices.ContainsFunc(h.Events, func(e history.Event) bool { return e.Told && e.Kind == kind })
}

func answers(k history.Kind) bool {
	switch k {
	case history.Load, history.LoadOrStore, history.LoadAndDelete, history.Swap, history.CompareAndSwap, history.CompareAndDelete, history.Compute:
		return true
	}
	return false
}

// ranging writes a Range, whose keys are kept if they are checked, and that pauses now
// and then.
func (p *program) ranging(pause string) (text string, c called, err error) {
	begin, end, err := p.d.each(false)
	if err != nil {
		return "", c, err
	}
	if pause != "" {
		begin += "if rand.IntN(8) == 0 {\n" + pause + "}\n"
	}
	if !p.check.ranges {
		return begin + "_ = k\n" + end, c, nil
	}
	p.answers++ // its entry has the keys
	p.uses["entry"], p.uses["met"] = true, true
	answer := fmt.Sprintf("r%d", p.answers)
	return begin + answer + ".met = append(" + answer + ".met, k)\n" + end, c, nil
}
