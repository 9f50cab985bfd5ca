package history

import (
	"fmt"
	"strconv"
	"strings"
)

// answers says what each kind's answer looks like, for kinds that answer.
var answers = [kinds]string{
	Load: "vN or absent", LoadAndDelete: "vN or absent", Swap: "vN or absent",
	Compute:        "vN or absent; calls=N at the end if it did not call its function once",
	LoadOrStore:    "vN loaded, or vN stored",
	CompareAndSwap: "true or false", CompareAndDelete: "true or false",
	Store: "present or absent, or nothing", Delete: "true or false, or nothing",
	Range: "entries such as k1=v1, or nothing; ... at the end if it did not run to its end",
	Len:   "a number", IsEmpty: "true or false",
}

func (e *Event) parseAnswer(answer string, answered bool) (err error) {
	want := "what it answered, quoted"
	if e.Kind != Custom {
		want = answers[e.Kind]
	}
	if answer, e.Swallowed = strings.CutSuffix(answer, swallowedWord); e.Swallowed && !e.Panics {
		return fmt.Errorf("%q of an op whose function does not panic", strings.TrimSpace(swallowedWord))
	}
	switch {
	case e.Kind == Range && answered:
		e.Seen = &Contents{}
		err = e.Seen.parseYield(answer)
	case e.Kind == Range || !answered && (want == "" || e.Kind == Store || e.Kind == Delete || e.Ret == Pending):
		return nil
	case e.Kind == Clone:
		return fmt.Errorf("answer %q of a clone; want what it held on lines below it, such as held range -> k1=v1", cut(answer))
	case want == "":
		return fmt.Errorf("answer %q, but %s answers nothing", cut(answer), e.Kind)
	case e.Ret == Pending:
		return fmt.Errorf("answer %q of an op that never returned", cut(answer))
	default:
		err = e.parseOut(answer)
	}
	if err != nil {
		return fmt.Errorf("answer %q; %s answers %s", cut(answer), e.Kind, want)
	}
	return nil
}

// parseOut reads Out, OK and Calls. Its error is without a text: whoever calls it
// knows what was wanted.
func (e *Event) parseOut(answer string) (err error) {
	switch e.Kind {
	case LoadOrStore:
		value, how, _ := strings.Cut(answer, " ")
		if e.OK = how == "loaded"; !e.OK && how != "stored" {
			return strconv.ErrSyntax
		}
		e.Out, err = parseCode(value, 'v')
	case Store:
		e.Told, e.OK = true, answer == presentWord
		if !e.OK && answer != absentWord {
			return strconv.ErrSyntax
		}
	case CompareAndSwap, CompareAndDelete, Delete, IsEmpty:
		e.Told = e.Kind == Delete
		e.OK, err = parseBool(answer)
	case Custom:
		e.Answer, err = strconv.Unquote(answer)
	case Len:
		var n int64
		n, err = strconv.ParseInt(answer, 10, 64)
		e.Out = uint64(n)
	case Compute:
		e.Calls = 1
		if value, calls, counted := strings.Cut(answer, " "+callsWord); counted {
			var n uint64
			n, err = strconv.ParseUint(calls, 10, 31)
			answer, e.Calls = value, int(n)
		}
		if err == nil {
			e.Out, e.OK, err = parseFound(strings.TrimSpace(answer))
		}
	default:
		e.Out, e.OK, err = parseFound(answer)
	}
	return err
}

// parseBool reads true or false, and nothing else.
func parseBool(answer string) (bool, error) {
	if answer != "true" && answer != "false" {
		return false, strconv.ErrSyntax
	}
	return answer == "true", nil
}

// parsePart reads one part: "load k1 -> v1", "range -> k1=v1", "len -> 1",
// "is-empty -> false"; no text is no part.
func (c *Contents) parsePart(text string) error {
	part, answer, _ := strings.Cut(text, "->")
	part, answer = strings.TrimSpace(part), strings.TrimSpace(answer)
	key, load := strings.CutPrefix(part, "load ")
	var err error
	switch {
	case load:
		var r Reading
		if r.Key, err = parseCode(key, 'k'); err == nil {
			r.Value, r.OK, err = parseFound(answer)
		}
		c.Loads = append(c.Loads, r)
	case part == "range" && !c.Ranged && c.Entries == nil:
		err = c.parseYield(answer)
	case part == "len" && !c.HasLen:
		c.HasLen = true
		c.Len, err = strconv.Atoi(answer)
	case part == "is-empty" && !c.HasEmpty:
		c.HasEmpty = true
		c.Empty, err = parseBool(answer)
	case text != "":
		err = strconv.ErrSyntax
	}
	if err != nil {
		return fmt.Errorf(`%q; want "load kN -> vN", "load kN -> absent", one "range -> kN=vN ...", one "len -> N" or one "is-empty -> true"`, cut(text))
	}
	return nil
}

// parseYield reads what a Range yielded: "k1=v1 k2=v2", "k1=v1 ...", "nothing".
func (c *Contents) parseYield(text string) (err error) {
	words := strings.Fields(text)
	c.Ranged = true
	if n := len(words); n > 0 && words[n-1] == openWord {
		c.Ranged, words = false, words[:n-1]
	} else if n == 1 && words[0] == nothingWord {
		return nil
	} else if n == 0 {
		return strconv.ErrSyntax
	}
	c.Entries, err = parseEntries(words)
	return err
}

func parseEntries(words []string) (entries []Entry, err error) {
	for _, word := range words {
		var e Entry
		key, value, ok := strings.Cut(word, "=")
		if e.Key, err = parseCode(key, 'k'); err == nil {
			e.Value, err = parseCode(value, 'v')
		}
		if err != nil || !ok {
			return nil, fmt.Errorf("%q is not an entry; want one such as k1=v1", cut(word))
		}
		entries = append(entries, e)
	}
	return entries, nil
}

func parseFound(answer string) (value uint64, ok bool, err error) {
	if answer == absentWord {
		return 0, false, nil
	}
	value, err = parseCode(answer, 'v')
	return value, err == nil, err
}

// parseCode reads a code that a map answered. It may be any, unlike those that
// a schedule names, which ParseCode reads.
func parseCode(word string, prefix byte) (uint64, error) {
	if word == foreignWord {
		return foreignCode, nil
	}
	if word == "" || word[0] != prefix {
		return 0, strconv.ErrSyntax
	}
	return strconv.ParseUint(word[1:], 10, 64)
}

// cut keeps a quoted piece of the input short.
func cut(s string) string {
	if len(s) > 60 {
		return s[:60] + "..."
	}
	return s
}
