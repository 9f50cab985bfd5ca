package crash

import (
	"strings"
)

// A kind is what announces a message.
type kind uint8

const (
	fatal     kind = iota // "fatal error: ": the runtime gave up
	panicked              // "panic: "
	signalled             // "SIGQUIT: quit" and a line "PC=...": a signal nobody handled
)

// A headline is a message that may have been a process's last, and where it
// stands in the text.
type headline struct {
	kind    kind
	text    string // from the marker to the traceback; the message alone if there is none
	trace   string // the rest of the text from the traceback on; "" if none belongs to the message
	direct  bool   // only lines of the message itself stand before the traceback
	ownLine bool   // the marker begins its line
	last    bool   // no goroutine's stack follows, nor an unhandled signal
}

// foreignLines is how many lines that are no part of a fatal error's message
// may stand between it and its traceback. Two goroutines that die together
// have been seen to put three there.
const foreignLines = 8

// The words that begin a message. The fault's address and the stack's size come
// on a line before the "fatal error: " that they explain.
var markers = []struct {
	word string
	kind kind
}{
	{"unexpected fault address ", fatal},
	{"runtime: goroutine stack exceeds ", fatal},
	{"runtime: morestack on g0", fatal},
	{"fatal: morestack on g0", fatal},
	{"fatal error: ", fatal},
	{"panic: ", panicked},
}

var (
	signalLine = pattern(`^SIG[A-Z0-9]+: `)
	traceLine  = pattern(`^(goroutine \d+ (gp=\S+ )?(m=\S+ )?(mp=\S+ )?\[.*\]:|runtime stack:)$`)
)

// headlines finds every headline in the text, in its order. It looks at each
// line a few times at most: a target may log "panic: ..." by the thousand.
func headlines(text string) (heads []headline) {
	lines := strings.SplitAfter(text, "\n")
	lastStop := 0 // the last line that begins a goroutine's stack or tells of a signal
	for i, l := range lines {
		if traceLine().MatchString(trimEOL(l)) || signalLine().MatchString(l) {
			lastStop = i
		}
	}
	for i, rest := 0, text; i < len(lines); {
		h, own := headlineAt(lines[i:], rest)
		if own > 0 {
			h.last = i+own > lastStop
			heads = append(heads, h)
		}
		for end := i + max(own, 1); i < end; i++ {
			rest = rest[len(lines[i]):]
		}
	}
	return heads
}

// headlineAt reads the headline that begins in the first line of the text, and
// how many lines are its own: none if there is none.
func headlineAt(lines []string, text string) (h headline, own int) {
	at := -1
	if signalLine().MatchString(lines[0]) && (cutOff(lines) || strings.HasPrefix(lines[1], "PC=")) {
		h.kind, at = signalled, 0
	} else if at, h.kind = marked(lines[0]); at < 0 {
		return h, 0
	}
	h.ownLine = at == 0
	end, own := h.extent(lines)
	if end == len(lines) {
		h.text = text[at:span(lines[:own])]
		return h, own
	}
	n := span(lines[:end])
	h.text, h.trace, h.direct = text[at:n], text[n:], own == end
	return h, own // a foreign line may hold a headline too
}

func span(lines []string) (n int) {
	for _, l := range lines {
		n += len(l)
	}
	return n
}

// cutOff reports whether nothing follows the first line.
func cutOff(lines []string) bool { return len(lines) == 1 || len(lines) == 2 && lines[1] == "" }

// marked finds the first marker in a line. The second panic of a chain,
// "\tpanic: ", belongs to the first and does not count.
func marked(line string) (at int, k kind) {
	at = -1
	for _, m := range markers {
		i := strings.Index(line, m.word)
		if i < 0 || at >= 0 && i >= at || m.kind == panicked && strings.HasPrefix(line, "\tpanic: ") {
			continue
		}
		at, k = i, m.kind
	}
	return at, k
}

// extent returns the index of the line where the traceback begins, len(lines)
// if none does, and of the first line that is no part of the message.
func (h headline) extent(lines []string) (end, own int) {
	foreign := 0
	for i, l := range lines[1:] {
		i++
		switch {
		case traceLine().MatchString(trimEOL(l)):
			if own == 0 {
				own = i
			}
			return i, own
		case h.kind != signalled && signalLine().MatchString(l):
			foreign = foreignLines // a dump follows that has nothing to do with h
		case h.continues(l):
			continue
		}
		if own == 0 {
			own = i
		}
		if foreign++; foreign > foreignLines || h.kind != fatal {
			return len(lines), own
		}
	}
	if own == 0 {
		own = len(lines)
	}
	return len(lines), own
}

// continues reports whether a line may follow the first of a message.
func (h headline) continues(line string) bool {
	for _, p := range []string{"\n", "\t", "[signal ", "runtime: "} {
		if strings.HasPrefix(line, p) {
			return true
		}
	}
	switch h.kind {
	case fatal: // begun by the line that says why
		return strings.HasPrefix(line, "fatal error: ")
	case signalled:
		return strings.HasPrefix(line, "PC=") || strings.HasPrefix(line, "signal arrived")
	}
	return false
}

// selfPrinted reports whether the target printed the headline's traceback: it
// asked for it, or it stands in a deferred function while a panic is under way,
// which an unrecovered panic's traceback does only if a second panic follows,
// and then the headline tells of that.
func selfPrinted(h headline) bool {
	chained := h.then() != "" || strings.Contains(h.text, "[recovered")
	for rest, more := h.trace, true; more; {
		var part string
		part, rest, more = strings.Cut(rest, "\n\n")
		if gs := Goroutines(part); len(gs) > 0 {
			return askedFor(gs[0], chained)
		}
	}
	return false
}

// askedFor reports whether a goroutine's stack was printed on its own demand.
func askedFor(g Goroutine, chained bool) bool {
	for i, f := range g.Frames {
		switch {
		case i == 0 && (f.Func == "runtime/debug.Stack" || f.Func == "runtime/debug.PrintStack"):
			return true
		case f.Func == "panic" && !chained:
			return i > 0 && !machinery(g.Frames[0].Func)
		}
	}
	return false
}

func trimEOL(line string) string { return strings.TrimRight(line, "\r\n") }
