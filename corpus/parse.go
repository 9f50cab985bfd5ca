package corpus

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"

	"golang.org/x/tools/txtar"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scheduler"
)

// Parse reads a case's file. Errors begin with the file's name, and name the
// section and, where there is one, the line in it.
//
// Each section but the decisions must be there, the last one included: that is
// how a file is seen to be cut short.
func Parse(name string, data []byte) (*Case, error) {
	c, err := parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	c.File = name
	return c, nil
}

func parse(data []byte) (*Case, error) {
	// A line that ends in a carriage return of its own is quoted, so these are
	// a checkout's.
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // an editor's mark of UTF-8
	if err := checkHeader(data); err != nil {
		return nil, err
	}
	sections, err := split(data)
	if err != nil {
		return nil, err
	}
	c := &Case{}
	if err := c.parseMeta(sections[metaSection]); err != nil {
		return nil, err
	}
	if c.Schedule, err = scheduler.Parse(sections[scheduleSection]); err != nil {
		return nil, err
	}
	if text, ok := sections[originalSection]; ok {
		if c.Original, err = scheduler.Parse(text); err != nil {
			return nil, fmt.Errorf("%s %w", originalSection, err)
		}
	}
	for _, quoted := range []struct {
		section string
		text    *string
	}{{decisionsSection, &c.Decisions}, {historySection, &c.History}, {evidenceSection, &c.Evidence}} {
		if *quoted.text, err = unquote(sections[quoted.section]); err != nil {
			return nil, fmt.Errorf("%s %w", quoted.section, err)
		}
	}
	if _, err := history.ParseText(c.History); err != nil {
		return nil, err
	}
	return c, nil
}

func checkHeader(data []byte) error {
	line, _, _ := strings.Cut(string(data[:min(len(data), 200)]), "\n")
	digits, ok := strings.CutPrefix(strings.TrimRight(line, " \t"), header)
	n, err := strconv.Atoi(digits)
	switch {
	case len(data) == 0:
		return fmt.Errorf("empty file; want a first line %q", header+strconv.Itoa(version))
	case !ok || err != nil || n < 1:
		return fmt.Errorf("line 1: %q; want %q", cut(line), header+strconv.Itoa(version))
	case n > version:
		return fmt.Errorf("case format v%d is newer than this mapstress knows (v%d)", n, version)
	case data[len(data)-1] != '\n':
		return errors.New("the last line does not end; is the file cut short?")
	}
	return nil
}

// split returns the text of each section.
func split(data []byte) (map[string]string, error) {
	sections := map[string]string{}
	for _, f := range txtar.Parse(data).Files {
		switch f.Name {
		case metaSection, scheduleSection, originalSection, decisionsSection, historySection, evidenceSection:
		default:
			return nil, fmt.Errorf("unknown section %q; want %s, %s, %s, %s, %s and %s", cut(f.Name),
				metaSection, scheduleSection, originalSection, decisionsSection, historySection, evidenceSection)
		}
		if _, again := sections[f.Name]; again {
			return nil, fmt.Errorf("a second section %q", f.Name)
		}
		sections[f.Name] = string(f.Data)
	}
	for _, name := range []string{metaSection, scheduleSection, historySection, evidenceSection} {
		if _, ok := sections[name]; !ok {
			return nil, fmt.Errorf("no section %q; is the file cut short?", name)
		}
	}
	return sections, nil
}

func (c *Case) parseMeta(text string) error {
	m := meta{Case: c}
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return describeJSON(err, text)
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("%s line %d: more after the end of the object", metaSection, lineAt(text, d.InputOffset()))
	}
	var err error
	r := c.Reproduced
	switch c.Seed, err = strconv.ParseUint(m.Seed, 10, 64); {
	case err != nil:
		return fmt.Errorf("%s: seed %q; want a number in quotes", metaSection, cut(m.Seed))
	case c.Target == "":
		return fmt.Errorf("%s: no target", metaSection)
	case !c.Verdict.Class.Finding():
		return fmt.Errorf("%s: class %q is not a finding", metaSection, c.Verdict.Class)
	case r.Failed < 0 || r.Runs < r.Failed:
		return fmt.Errorf("%s: reproduced %d of %d", metaSection, r.Failed, r.Runs)
	case c.Shrunk.Rate != nil && (c.Shrunk.Rate.Failed < 0 || c.Shrunk.Rate.Runs < c.Shrunk.Rate.Failed):
		return fmt.Errorf("%s: shrunk from a rate of %d of %d", metaSection, c.Shrunk.Rate.Failed, c.Shrunk.Rate.Runs)
	case c.Shrunk.Least < 0:
		return fmt.Errorf("%s: shrunk to a share of %v", metaSection, c.Shrunk.Least)
	}
	return nil
}

// describeJSON says what is wrong with the case.json section, and where.
func describeJSON(err error, text string) error {
	var syntax *json.SyntaxError
	var typed *json.UnmarshalTypeError
	field, unknown := strings.CutPrefix(err.Error(), "json: unknown field ")
	switch {
	case unknown:
		return fmt.Errorf("%s line %d: unknown field %s; is it misspelt, or the file from a newer mapstress?",
			metaSection, lineAt(text, int64(strings.Index(text, field))), field)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%s: the object does not end", metaSection)
	case errors.As(err, &syntax):
		return fmt.Errorf("%s line %d: %w", metaSection, lineAt(text, syntax.Offset), err)
	case errors.As(err, &typed):
		return fmt.Errorf("%s line %d: a %s; want %s", metaSection, lineAt(text, typed.Offset), typed.Value, kindOf(typed.Type))
	}
	return fmt.Errorf("%s: %w", metaSection, err)
}

// kindOf names what JSON has for a type.
func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Struct, reflect.Map, reflect.Pointer:
		return "an object"
	case reflect.Slice:
		return "an array"
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Uint, reflect.Uint8, reflect.Uint64:
		return "a whole number that is not negative"
	}
	return "a number"
}

// lineAt returns the number of the line that has the byte at an offset.
func lineAt(text string, offset int64) int {
	return 1 + strings.Count(text[:max(0, min(offset, int64(len(text))))], "\n")
}
