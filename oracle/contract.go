package oracle

import (
	"fmt"
	"strings"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// ParseContract reads a contract that relaxes some methods: a list such as
// "range=weak,len=bounds,clear=per-key". All others are linearizable, and so is
// everything if the text is empty. What the functions of compute and range may do is
// told by in-compute and in-range: "in-range=calls,in-compute=panics+again".
func ParseContract(text string) (c target.Contract, err error) {
	for _, word := range strings.Split(text, ",") {
		if strings.TrimSpace(word) == "" {
			continue
		}
		method, name, _ := strings.Cut(strings.TrimSpace(word), "=")
		if f := inside(&c, method); f != nil {
			if err := parseCallback(f, name); err != nil {
				return c, fmt.Errorf("%s: %w", method, err)
			}
			continue
		}
		kind, err := history.ParseKind(method)
		if err != nil {
			return c, fmt.Errorf("%w, in-compute or in-range", err)
		}
		level, err := target.ParseLevel(name)
		if err != nil {
			return c, fmt.Errorf("%s: %w", method, err)
		}
		if means := levels(kind); !strings.Contains(means+" ", " "+name+" ") {
			return c, fmt.Errorf("%s has no level %q; want one of%s", method, name, means)
		}
		promise(&c, kind).Level = level
	}
	return c, nil
}

// inside returns what a word is about that tells of a method's function, if it does.
func inside(c *target.Contract, word string) *target.Callback {
	switch word {
	case "in-compute":
		return &c.InCompute
	case "in-range":
		return &c.InRange
	}
	return nil
}

func parseCallback(f *target.Callback, text string) error {
	for _, word := range strings.Split(text, "+") {
		switch word {
		case "calls":
			f.Calls = true
		case "panics":
			f.Panics = true
		case "again":
			f.Again = true
		default:
			return fmt.Errorf("unknown word %q; want calls, panics or again, with + between them", word)
		}
	}
	return nil
}

// levels returns the levels that mean something for a method, each after a space.
func levels(kind history.Kind) string {
	all := " linearizable"
	switch kind {
	case history.Range:
		all += " per-key weak per-entry repeating"
	case history.Clone:
		all += " per-key weak"
	case history.Len, history.IsEmpty:
		all += " bounds at-rest"
	case history.Clear:
		all += " per-key"
	case history.Load:
		all += " lossy"
	}
	return all + " unchecked"
}
