package crash

import (
	"strconv"
	"strings"
)

// searched is the part of the headline that catalogue entries are looked for
// in. For panics it is the first of a chain alone: the others came of it.
func (h headline) searched() string {
	if h.kind == panicked {
		return h.message()
	}
	return h.text
}

// message returns what the headline says, without its marker, as one line.
func (h headline) message() string {
	first, rest, _ := strings.Cut(h.text, "\n")
	if h.kind == fatal {
		return h.fatalMessage(first)
	}
	if h.kind == panicked {
		first = strings.TrimPrefix(first, "panic: ")
		first, _, _ = strings.Cut(first, " [recovered")
		for strings.HasPrefix(rest, "\t") && !strings.HasPrefix(rest, "\tpanic: ") {
			var line string
			line, rest, _ = strings.Cut(rest, "\n")
			first += " " + strings.TrimSpace(line)
		}
	}
	return strings.TrimSpace(strings.TrimPrefix(first, "runtime error: "))
}

// showing returns the message, or if two goroutines printed into one another and
// tore want out of it, want alone.
func (h headline) showing(want string) string {
	if m := h.message(); strings.Contains(m, want) || h.direct {
		return m
	}
	return want
}

// fatalMessage is what follows "fatal error: ", wherever two goroutines that
// printed at once have left it.
func (h headline) fatalMessage(first string) string {
	if !strings.Contains(first, "fatal error: ") {
		return strings.TrimSpace(first)
	}
	for _, part := range strings.Split(first, "fatal error: ") {
		if part = strings.TrimSpace(part); part != "" {
			return part
		}
	}
	return ""
}

// then returns the last panic of a chain if it differs from the first.
func (h headline) then() string {
	i := strings.LastIndex(h.text, "\n\tpanic: ")
	if h.kind != panicked || i < 0 {
		return ""
	}
	last := headline{kind: panicked, text: h.text[i+2:]}.message()
	if last == h.message() {
		return ""
	}
	return last
}

// varying finds what differs between two deaths of the same bug, and the type
// names that only look so.
var varying = pattern(`\b(?:u?int|float|complex)(?:8|16|32|64|128)\b|0x[0-9a-fA-F]+|[0-9]+(?:\.[0-9]+)?(?:e[-+][0-9]+)?`)

// ruleOf makes a rule of a message: one line, numbers replaced by N, and
// nothing that a signature uses to part its fields.
func ruleOf(message string) string {
	message = varying().ReplaceAllStringFunc(message, func(s string) string {
		if s[0] >= '0' && s[0] <= '9' {
			return "N"
		}
		return s
	})
	message = strings.Join(strings.FieldsFunc(message, unprintable), " ")
	message = clip(strings.ReplaceAll(message, "|", "/"), 100)
	if message == "" {
		return "no message"
	}
	return message
}

func unprintable(r rune) bool { return r == ' ' || !strconv.IsPrint(r) }

// quote shows a message in a Detail.
func quote(message string) string { return strconv.Quote(clip(message, 200)) }

// clip shortens s to n bytes or a little less: never within a character.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "..."
}

var faultLine = pattern(`\[signal SIG(?:SEGV|BUS)[^\]]* code=(\S+) addr=(\S+)`)

// wildPointer says why the fault in the text is not a nil dereference, or "".
func wildPointer(text string) string {
	m := faultLine().FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	code, addr := m[1], m[2]
	if code == "0x80" && addr == "0x0" {
		return "addr=0x0 with code=0x80 is an address that no pointer can hold, a wild pointer and not nil"
	}
	// Go calls a fault below 4096 a nil dereference: a field of a nil struct.
	if n, err := strconv.ParseUint(strings.TrimPrefix(addr, "0x"), 16, 64); err == nil && n >= 4096 {
		return "a wild pointer, to " + addr
	}
	return ""
}
