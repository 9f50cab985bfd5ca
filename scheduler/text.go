package scheduler

import (
	"bufio"
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// Header is the first line of a schedule's text form.
const Header = "mapstress schedule v1"

// idle stands where the op of a worker without ops would.
const idle = "idle"

// Text returns the schedule's text form: the header, then one setting or one op
// a line.
//
//	mapstress schedule v1
//	shape int/string
//	prefill 8
//	rounds 1000
//	timing start=spin procs=2 gosched=25 spin=255 seed=31 lock=1 stalled=w1
//	w0 store k9 v100
//	w0 load k9
//	w1 delete k9
//	w2 idle
//
// Settings that are zero are left out; a worker without ops is idle.
func (s *Schedule) Text() string {
	var b []byte
	b = append(b, Header+"\n"...)
	if s.Shape != (target.Shape{}) {
		b = fmt.Appendf(b, "shape %s\n", s.Shape)
	}
	switch {
	case s.Peak > s.Prefill:
		b = fmt.Appendf(b, "prefill %d peak=%d\n", s.Prefill, s.Peak)
	case s.Prefill > 0:
		b = fmt.Appendf(b, "prefill %d\n", s.Prefill)
	}
	if s.Rounds > 1 {
		b = fmt.Appendf(b, "rounds %d\n", s.Rounds)
	}
	if s.Timing != (Timing{}) {
		b = append(s.Timing.append(append(b, "timing "...)), '\n')
	}
	for w, ops := range s.Workers {
		if len(ops) == 0 {
			b = fmt.Appendf(b, "w%d %s\n", w, idle)
		}
		for _, op := range ops {
			b = fmt.Appendf(b, "w%d ", w)
			b = append(op.Append(b), '\n')
		}
	}
	return string(b)
}

// Parse reads the text form. Blank lines and lines that start with # are
// skipped; the lines of different workers may be mixed, and a worker's ops keep
// their order. Every error names the line.
func Parse(text string) (*Schedule, error) {
	s := &Schedule{}
	lines := bufio.NewScanner(strings.NewReader(text))
	lines.Buffer(nil, 1<<20)
	number, headed := 0, false
	seen := map[string]bool{}
	for lines.Scan() {
		number++
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		var err error
		if !headed {
			err, headed = parseHeader(string(line)), true
		} else {
			err = s.parseLine(string(line), seen)
		}
		if err != nil {
			return nil, fmt.Errorf("schedule line %d: %w", number, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("schedule line %d: %w", number+1, err)
	}
	if !headed {
		return nil, fmt.Errorf("schedule is empty; want a first line %q", Header)
	}
	for w, ops := range s.Workers {
		if ops == nil {
			return nil, fmt.Errorf("schedule has ops of worker w%d but none of w%d; number the workers from 0 without gaps", len(s.Workers)-1, w)
		}
	}
	if err := s.Validate(); err != nil {
		return nil, fmt.Errorf("schedule: %w", err)
	}
	return s, nil
}

func parseHeader(line string) error {
	if line == Header {
		return nil
	}
	if version, ok := strings.CutPrefix(line, "mapstress schedule v"); ok {
		return fmt.Errorf("format version %q is not known to this mapstress; want %q", version, Header)
	}
	return fmt.Errorf("got %q; want %q", cut(line), Header)
}

// parseLine reads a line after the header; seen has the settings so far.
func (s *Schedule) parseLine(line string, seen map[string]bool) error {
	word, rest, _ := strings.Cut(line, " ")
	if word != "shape" && word != "prefill" && word != "rounds" && word != "timing" {
		return s.parseOp(word, rest)
	}
	if seen[word] {
		return fmt.Errorf("a second %q; want one at most", word)
	}
	seen[word] = true
	rest = strings.TrimSpace(rest)
	switch word {
	case "shape":
		key, value, ok := strings.Cut(rest, "/")
		if !ok || key == "" || value == "" || strings.ContainsAny(rest, " \t") {
			return fmt.Errorf("shape %q; want KEY/VALUE such as %q", cut(rest), "int/string")
		}
		s.Shape = target.Shape{Key: key, Value: value}
	case "prefill":
		return s.parsePrefill(rest)
	case "rounds":
		return s.parseRounds(rest)
	case "timing":
		return s.Timing.parse(rest)
	}
	return nil
}

// parsePrefill reads "8", or "8 peak=40".
func (s *Schedule) parsePrefill(text string) (err error) {
	size, peak, hasPeak := strings.Cut(text, " peak=")
	if s.Prefill, err = parseSize(size); err != nil {
		return fmt.Errorf("prefill %q; want a number of entries, 0 to %d", cut(size), MaxPrefill)
	}
	if !hasPeak {
		return nil
	}
	if s.Peak, err = parseSize(peak); err != nil || s.Peak <= s.Prefill {
		return fmt.Errorf("peak %q of a prefill of %d; want a larger number of entries, to %d", cut(peak), s.Prefill, MaxPrefill)
	}
	return nil
}

// parseRounds reads "1000". 1 is what no line says, too.
func (s *Schedule) parseRounds(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > MaxRounds {
		return fmt.Errorf("rounds %q; want how many runs are made on one map, 1 to %d", cut(text), MaxRounds)
	}
	if n > 1 {
		s.Rounds = n
	}
	return nil
}

func parseSize(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err == nil && (n < 0 || n > MaxPrefill) {
		err = strconv.ErrRange
	}
	return n, err
}

// parseOp reads "w0 store k9 v100", split after the worker.
func (s *Schedule) parseOp(worker, op string) error {
	w, ok := parseWorker(worker)
	if !ok {
		return fmt.Errorf("unknown word %q; want shape, prefill, rounds, timing, or a worker: w0 to w%d", cut(worker), MaxWorkers-1)
	}
	for len(s.Workers) <= w {
		s.Workers = append(s.Workers, nil)
	}
	if strings.TrimSpace(op) == idle {
		if s.Workers[w] != nil {
			return fmt.Errorf("w%d is idle, but has another line", w)
		}
		s.Workers[w] = []history.Op{}
		return nil
	}
	if s.Workers[w] != nil && len(s.Workers[w]) == 0 {
		return fmt.Errorf("w%d has an op, but is idle", w)
	}
	parsed, err := history.ParseOp(op)
	if err != nil {
		return err
	}
	s.Workers[w] = append(s.Workers[w], parsed)
	return nil
}

// cut keeps a quoted piece of the input short.
func cut(s string) string {
	if len(s) > 60 {
		return s[:60] + "..."
	}
	return s
}
