package history

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// Names are the keys and values that codes of a history stand for, as JSON.
// Integers from 0 to MaxCode are their own codes, and have no name.
type Names struct {
	Keys, Values map[uint64]string
}

// A jsonRecord is a line of the JSON form. See docs/history.md, which has the schema.
type jsonRecord struct {
	Op       string          `json:"op"`
	Worker   *int            `json:"worker"`
	Call     *int64          `json:"call"`
	Return   *int64          `json:"return"` // missing or null: it never returned
	Key      json.RawMessage `json:"key"`
	Value    json.RawMessage `json:"value"`
	Old      json.RawMessage `json:"old"`
	Out      json.RawMessage `json:"out"`
	OK       *bool           `json:"ok"`
	Calls    *int            `json:"calls"`
	Entries  []jsonEntry     `json:"entries"`
	Complete *bool           `json:"complete"`

	line int
}

// A jsonEntry is a key and its value.
type jsonEntry [2]json.RawMessage

// The words of the JSON form for what is no op of a worker.
const (
	restLoad  = "rest-load"
	restRange = "rest-range"
	restLen   = "rest-len"
	restEmpty = "rest-is-empty"
)

// ReadJSON reads the JSON form, one object a line; blank lines are skipped. The
// events may be in any order. Every error names the line.
//
// Keys and values may be any JSON. Integers from 0 to MaxCode are codes as they
// are, and others get the codes above the largest of those, by which Names has them.
func ReadJSON(r io.Reader) (*History, Names, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, Names{}, err
	}
	var reader jsonReader
	if err := reader.decode(text); err != nil {
		return nil, Names{}, err
	}
	for i := range reader.records {
		if err := reader.take(&reader.records[i]); err != nil {
			return nil, Names{}, fmt.Errorf("history line %d: %w", reader.records[i].line, err)
		}
	}
	h := &reader.history
	slices.SortStableFunc(h.Events, func(a, b Event) int { return cmp.Compare(a.Inv, b.Inv) })
	slices.SortFunc(h.Prefill, func(a, b Entry) int { return cmp.Compare(a.Key, b.Key) })
	for i := 1; i < len(h.Prefill); i++ {
		if h.Prefill[i].Key == h.Prefill[i-1].Key {
			return nil, Names{}, fmt.Errorf("the prefill has the key %s twice", reader.keys.name(h.Prefill[i].Key))
		}
	}
	if reader.counting {
		for _, name := range reader.values.names {
			return nil, Names{}, fmt.Errorf("the history has increments, and the value %s; want values that are integers from 0 to %d", cut(name), MaxCode)
		}
	}
	if h.Rest != nil {
		slices.SortFunc(h.Rest.Loads, func(a, b Reading) int { return cmp.Compare(a.Key, b.Key) })
	}
	return h, Names{reader.keys.names, reader.values.names}, nil
}

type jsonReader struct {
	records      []jsonRecord
	history      History
	keys, values interned
	counting     bool // there are increments
}

// decode reads the lines, and notes which integers are in use as codes.
func (r *jsonReader) decode(text []byte) error {
	for number := 1; len(text) > 0; number++ {
		var line []byte
		line, text, _ = bytes.Cut(text, []byte("\n"))
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		rec := jsonRecord{line: number}
		if err := rec.decode(line); err != nil {
			return fmt.Errorf("history line %d: %w", number, err)
		}
		r.records = append(r.records, rec)
		r.keys.note(rec.Key)
		for _, raw := range []json.RawMessage{rec.Value, rec.Old, rec.Out} {
			r.values.note(raw)
		}
		for _, e := range rec.Entries {
			r.keys.note(e[0])
			r.values.note(e[1])
		}
	}
	return nil
}

func (rec *jsonRecord) decode(line []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(rec); err != nil {
		return fmt.Errorf("%w; want an object such as %s", err, `{"op":"load","worker":0,"call":1,"return":2,"key":"a","ok":false}`)
	}
	if decoder.More() {
		return errors.New("more than one object; want one a line")
	}
	return nil
}

// interned gives codes to names, above those of the integers.
type interned struct {
	largest uint64
	codes   map[string]uint64
	names   map[uint64]string
}

// integer returns the code that the JSON is, if it is one.
func integer(raw json.RawMessage) (code uint64, ok bool) {
	code, err := strconv.ParseUint(string(raw), 10, 64)
	return code, err == nil && code <= MaxCode
}

func (n *interned) note(raw json.RawMessage) {
	if code, ok := integer(raw); ok {
		n.largest = max(n.largest, code)
	}
}

// code returns the code of a key or value.
func (n *interned) code(raw json.RawMessage) (uint64, error) {
	if code, ok := integer(raw); ok {
		return code, nil
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, raw); err != nil {
		return 0, err
	}
	name := compact.String()
	code, known := n.codes[name]
	if !known {
		if n.codes == nil {
			n.codes, n.names = map[string]uint64{}, map[uint64]string{}
		}
		code = n.largest + 1 + uint64(len(n.codes))
		n.codes[name], n.names[code] = code, name
	}
	return code, nil
}

func (n *interned) name(code uint64) string {
	if name, ok := n.names[code]; ok {
		return name
	}
	return strconv.FormatUint(code, 10)
}
