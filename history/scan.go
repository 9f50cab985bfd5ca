package history

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// A Scanner reads the text form event by event, so that a history need not fit in
// memory. Its prefill must come before its events; other lines may be where ParseText
// has them.
type Scanner struct {
	// History has the prefill once the first event is read, and what was read at rest
	// once there are no more. It holds no events but those that are not handed out yet.
	History History

	lines  *bufio.Scanner
	number int
	begun  bool
	event  Event
	err    error
}

// longestLine is how many bytes a line may have: a Range of a large map is one.
const longestLine = 1 << 28

// NewScanner returns a Scanner of a text.
func NewScanner(r io.Reader) *Scanner {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 1<<16), longestLine)
	return &Scanner{lines: lines}
}

// Scan goes on to the next event, and reports whether there is one.
func (s *Scanner) Scan() bool {
	for s.err == nil && len(s.History.Events) < 2 && s.lines.Scan() {
		s.number++
		if err := s.line(strings.TrimSpace(s.lines.Text())); err != nil {
			s.err = fmt.Errorf("history line %d: %w", s.number, err)
		}
	}
	if s.err == nil {
		s.err = s.lines.Err()
	}
	if s.err != nil || len(s.History.Events) == 0 {
		return false
	}
	s.begun = true
	s.event = s.History.Events[0]
	s.History.Events = append(s.History.Events[:0], s.History.Events[1:]...)
	return true
}

func (s *Scanner) line(line string) error {
	if line == "" || line[0] == '#' {
		return nil
	}
	if word, _, _ := strings.Cut(line, " "); s.begun && (word == prefillWord || word == earlierWord) {
		return fmt.Errorf("%q after an event; want it first", word)
	}
	return s.History.parseLine(line)
}

// Event returns the event that Scan came to. It is valid until the next Scan.
func (s *Scanner) Event() *Event { return &s.event }

// Err returns the error that ended the scan; nil at the end of the text.
func (s *Scanner) Err() error { return s.err }
