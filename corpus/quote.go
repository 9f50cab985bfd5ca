package corpus

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// noNewline is the line after a text that does not end in a newline, as in a diff.
const noNewline = `\ no newline at the end`

// quote makes a section of a text, so that unquote gives it back byte by byte.
// A line that would not survive in a text file, or that txtar would take for the
// start of a section, becomes a Go string literal.
func quote(text string) []byte {
	var b []byte
	for text != "" {
		line, rest, ended := strings.Cut(text, "\n")
		if plain(line) {
			b = append(b, line...)
		} else {
			b = strconv.AppendQuote(b, line)
		}
		b = append(b, '\n')
		if !ended {
			b = append(b, noNewline+"\n"...)
		}
		text = rest
	}
	return b
}

// plain reports whether a line may stand as it is. Editors and git like to change
// white space at the end of lines.
func plain(line string) bool {
	switch {
	case strings.HasPrefix(line, "-- "), strings.HasPrefix(line, `"`), strings.HasPrefix(line, `\`),
		strings.HasSuffix(line, " "), strings.HasSuffix(line, "\t"):
		return false
	}
	for _, r := range line {
		if r != '\t' && !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return false
		}
	}
	return true
}

// unquote is the inverse of quote.
func unquote(section string) (string, error) {
	var b strings.Builder
	for number := 1; section != ""; number++ {
		line, rest, _ := strings.Cut(section, "\n")
		switch {
		case line == noNewline && rest == "" && number > 1:
			return strings.TrimSuffix(b.String(), "\n"), nil
		case strings.HasPrefix(line, `\`):
			return "", fmt.Errorf("line %d: %q; want %q, and only at the end", number, cut(line), noNewline)
		case strings.HasPrefix(line, `"`):
			text, err := strconv.Unquote(line)
			if err != nil {
				return "", fmt.Errorf("line %d: %q is not a quoted line", number, cut(line))
			}
			b.WriteString(text)
		default:
			b.WriteString(line)
		}
		b.WriteByte('\n')
		section = rest
	}
	return b.String(), nil
}

// MaxEvidence is how many bytes of Case.Evidence are kept in a file.
const MaxEvidence = 64 << 10

// capped leaves out the middle of a text that is too long. What killed a process
// comes first in its stderr, and what mapstress's side said of it last.
func capped(text string) string {
	if len(text) <= MaxEvidence {
		return text
	}
	const tail = MaxEvidence / 4
	const head = MaxEvidence - tail - 64 // room for the line in between
	left := len(text) - head - tail
	return fmt.Sprintf("%s\n[%d bytes left out]\n%s", text[:head], left, text[len(text)-tail:])
}

// cut keeps a quoted piece of the input short.
func cut(s string) string {
	if len(s) > 60 {
		return s[:60] + "..."
	}
	return s
}
