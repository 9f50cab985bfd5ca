package reproducer

import (
	"fmt"
	"strings"

	"github.com/mapstress/mapstress/history"
)

// meanings names the function that says what a call means for an entry.
var meanings = map[history.Kind]string{
	history.Load: "load", history.Store: "store", history.LoadOrStore: "loadOrStore",
	history.LoadAndDelete: "loadAndDelete", history.Delete: "remove", history.Clear: "remove",
	history.Swap: "swap", history.Compute: "swap", history.CompareAndSwap: "compareAndSwap",
	history.CompareAndDelete: "compareAndDelete", history.Increment: "increment",
}

// meaning has the bodies of these functions, in the order in which they are written.
var meaning = []struct{ name, body string }{
	{"load", "return was, same(*c.got, was)"},
	{"store", "return entry{v: c.value, ok: true}, true"},
	{"loadOrStore", `if was.ok {
		return was, same(*c.got, was)
	}
	return entry{v: c.value, ok: true}, !c.got.ok && c.got.v == c.value`},
	{"loadAndDelete", "return entry{}, same(*c.got, was)"},
	{"remove", "return entry{}, true"},
	{"swap", "return entry{v: c.value, ok: true}, same(*c.got, was)"},
	{"compareAndSwap", `if was.ok && was.v == c.old {
		return entry{v: c.value, ok: true}, c.got.ok
	}
	return was, !c.got.ok`},
	{"compareAndDelete", `if was.ok && was.v == c.old {
		return entry{}, c.got.ok
	}
	return was, !c.got.ok`},
	{"increment", "return entry{v: was.v + 1, ok: true}, true"},
}

// explained writes the functions that look for an order of the calls on a key.
func (p *program) explained(key, value Type) string {
	var b strings.Builder
	b.WriteString(`func same(a, b entry) bool { return a.ok == b.ok && (!a.ok || a.v == b.v) }

// A call is one on some key.
type call struct {
	call string
	does func(c call, was entry) (is entry, fits bool) // on that key, and whether it could answer what it did
`)
	var operands []string
	if p.uses["compareAndSwap"] || p.uses["compareAndDelete"] {
		operands = append(operands, "old")
	}
	if p.uses["store"] || p.uses["loadOrStore"] || p.uses["swap"] || p.uses["compareAndSwap"] {
		operands = append(operands, "value")
	}
	if operands != nil {
		b.WriteString(strings.Join(operands, ", ") + " " + value.Name + "\n")
	}
	answered, unanswered := "c.got != nil", "c.got == nil"
	if p.check.ordered {
		answered, unanswered = "!c.silent", "c.silent"
		b.WriteString("got *entry // what it answered, and when\nsilent bool // it answers nothing\n}\n\n")
	} else {
		b.WriteString("got *entry // what it answered; nil if it answers nothing\n}\n\n")
	}
	for _, m := range meaning {
		if p.uses[m.name] {
			body := m.body
			if m.name == "store" && p.told(history.Store) || m.name == "remove" && p.told(history.Delete) {
				body = strings.TrimSuffix(body, "true") + unanswered + " || c.got.ok == was.ok"
			}
			fmt.Fprintf(&b, "func %s(c call, was entry) (is entry, fits bool) {\n%s\n}\n\n", m.name, body)
		}
	}
	order := "each goroutine's in the order in which it made them"
	if p.check.ordered {
		order = "none before one that was over when it began"
	}
	fmt.Fprintf(&b, "// explained reports whether the calls on one key could have come one after the other,\n// %s, with these answers, and to that end.\n", order)
	params, again := "was, end entry, calls [][]call", "is, end, rest"
	if p.check.many {
		params, again = params+", seen map[string]bool", again+", seen"
	}
	fmt.Fprintf(&b, "func explained(%s) bool {\n", params)
	if p.check.many {
		b.WriteString(`	state := fmt.Sprint(was.v, was.ok)
	for _, own := range calls {
		state += fmt.Sprint(" ", len(own))
	}
	if seen[state] {
		return false // from here it has been tried
	}
	seen[state] = true
`)
	}
	if p.m.Evicts {
		lost := strings.Replace(again, "is, end, rest", "entry{}, end, calls", 1)
		fmt.Fprintf(&b, "if was.ok && explained(%s) {\nreturn true // a cache may let go of it\n}\n", lost)
	}
	b.WriteString("over := true\nfor g, own := range calls {\nif len(own) == 0 {\ncontinue\n}\nover = false\n")
	if p.check.ordered {
		b.WriteString("if early(own[0], calls) {\ncontinue\n}\n")
	}
	fmt.Fprintf(&b, `if is, fits := own[0].does(own[0], was); fits {
	rest := slices.Clone(calls)
	rest[g] = own[1:]
	if explained(%s) {
		return true
	}
}
}
return over && same(was, end)
}

`, again)
	if p.check.ordered {
		b.WriteString(`// early reports whether another of the calls was over before this one began.
func early(c call, calls [][]call) bool {
	for _, own := range calls {
		if len(own) > 0 && own[0].got.to < c.got.from {
			return true
		}
	}
	return false
}

`)
	}
	if value.Name == nothing {
		fmt.Fprintf(&b, unexplainedSet, key.Name, answered)
		return b.String()
	}
	fmt.Fprintf(&b, `func unexplained(key %s, was, end entry, calls [][]call) string {
	text := fmt.Sprintf("no order of the calls on the key %%v explains this:\n  at first      %%v, %%t\n", key, was.v, was.ok)
	for g, own := range calls {
		for _, c := range own {
			text += fmt.Sprintf("  goroutine %%d   %%s", g, c.call)
			if %s {
				text += fmt.Sprintf(" = %%v, %%t", c.got.v, c.got.ok)
			}
			text += "\n"
		}
	}
	return text + fmt.Sprintf("  in the end    %%v, %%t", end.v, end.ok)
}

`, key.Name, answered)
	return b.String()
}

// unexplainedSet is the unexplained of sets, whose methods say whether a key was there.
const unexplainedSet = `func unexplained(key %s, was, end entry, calls [][]call) string {
	text := fmt.Sprintf("no order of the calls on the key %%v explains this:\n  at first      it is there: %%t\n", key, was.ok)
	for g, own := range calls {
		for _, c := range own {
			text += fmt.Sprintf("  goroutine %%d   %%s", g, c.call)
			if %s {
				text += fmt.Sprintf(", by which it was there: %%t", c.got.ok)
			}
			text += "\n"
		}
	}
	return text + fmt.Sprintf("  in the end    it is there: %%t", end.ok)
}

`
