package history

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ParseText reads the text form. Blank lines and lines that start with # are
// skipped. Every error names the line; among them is a history whose events are
// not in order of Inv, or whose prefill is not in order of its keys.
func ParseText(text string) (*History, error) {
	h := &History{}
	for number := 1; text != ""; number++ {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if err := h.parseLine(line); err != nil {
			return nil, fmt.Errorf("history line %d: %w", number, err)
		}
	}
	return h, nil
}

func (h *History) parseLine(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case earlierWord:
		n, err := strconv.ParseUint(strings.TrimSpace(rest), 10, 31)
		if err != nil {
			return fmt.Errorf("earlier %q; want how many runs there were before on the same map", cut(rest))
		}
		h.Earlier = int(n)
		return nil
	case prefillWord:
		return h.parsePrefill(rest)
	case restWord:
		if h.Rest == nil {
			h.Rest = &Contents{}
		}
		return h.Rest.parsePart(rest)
	case heldWord:
		return h.parseHeld(rest)
	case foreignWord:
		what, err := strconv.Unquote(strings.TrimSpace(rest))
		if err != nil {
			return fmt.Errorf("foreign %q; want a quoted text", cut(rest))
		}
		h.Foreign = append(h.Foreign, what)
		return nil
	}
	return h.parseEvent(word, rest)
}

func (h *History) parsePrefill(text string) error {
	entries, err := parseEntries(strings.Fields(text))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if n := len(h.Prefill); n > 0 && e.Key <= h.Prefill[n-1].Key {
			return fmt.Errorf("prefill has k%d after k%d; want ascending keys", e.Key, h.Prefill[n-1].Key)
		}
		h.Prefill = append(h.Prefill, e)
	}
	return nil
}

// parseHeld reads a part of what the clone on the line above held.
func (h *History) parseHeld(text string) error {
	if len(h.Events) == 0 || h.Events[len(h.Events)-1].Kind != Clone {
		return errors.New(`"held" without a clone above it`)
	}
	e := &h.Events[len(h.Events)-1]
	if e.Seen == nil {
		e.Seen = &Contents{}
	}
	return e.Seen.parsePart(text)
}

// parseEvent reads "w0 [120..180] load k9 -> v100", split after the worker.
func (h *History) parseEvent(worker, text string) error {
	var e Event
	var err error
	if e.Worker, err = parseWorker(worker); err != nil {
		return err
	}
	stamps, text, _ := strings.Cut(strings.TrimSpace(text), " ")
	if e.Inv, e.Ret, err = parseStamps(stamps); err != nil {
		return err
	}
	op, answer, answered := strings.Cut(text, "->")
	if e.Op, err = ParseOp(strings.TrimSpace(op)); err != nil {
		return err
	}
	if err = e.parseAnswer(strings.TrimSpace(answer), answered); err != nil {
		return err
	}
	if n := len(h.Events); n > 0 && e.Inv < h.Events[n-1].Inv {
		return fmt.Errorf("an event of %d after one of %d; want them in order of their calls", e.Inv, h.Events[n-1].Inv)
	}
	h.Events = append(h.Events, e)
	return nil
}

func parseWorker(word string) (int, error) {
	digits, ok := strings.CutPrefix(word, "w")
	n, err := strconv.ParseUint(digits, 10, 31)
	if !ok || err != nil {
		return 0, fmt.Errorf("unknown word %q; want earlier, prefill, rest, held, foreign, or a worker such as w0", cut(word))
	}
	return int(n), nil
}

// parseStamps reads "[120..180]", or "[120..]" for an op that never returned.
func parseStamps(word string) (inv, ret int64, err error) {
	inner, opened := strings.CutPrefix(word, "[")
	inner, closed := strings.CutSuffix(inner, "]")
	from, to, dots := strings.Cut(inner, "..")
	inv, err = strconv.ParseInt(from, 10, 64)
	ret = Pending
	if err == nil && to != "" {
		ret, err = strconv.ParseInt(to, 10, 64)
	}
	if err != nil || !opened || !closed || !dots {
		return 0, 0, fmt.Errorf("stamps %q; want [CALLED..RETURNED], or [CALLED..] if it never returned", cut(word))
	}
	return inv, ret, nil
}
