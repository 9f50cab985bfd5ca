package history

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// take adds what a record says to the history.
func (r *jsonReader) take(rec *jsonRecord) error {
	switch rec.Op {
	case prefillWord:
		e, err := r.entry(jsonEntry{rec.Key, rec.Value})
		r.history.Prefill = append(r.history.Prefill, e)
		return err
	case restLoad, restRange, restLen, restEmpty:
		return r.rest(rec)
	}
	return r.event(rec)
}

// entry reads a key and a value, neither of which may be missing.
func (r *jsonReader) entry(p jsonEntry) (e Entry, err error) {
	if e.Key, err = r.need("key", &r.keys, p[0]); err != nil {
		return e, err
	}
	e.Value, err = r.need("value", &r.values, p[1])
	return e, err
}

func (r *jsonReader) need(what string, n *interned, raw json.RawMessage) (uint64, error) {
	if raw == nil {
		return 0, fmt.Errorf("no %q", what)
	}
	return n.code(raw)
}

func (r *jsonReader) rest(rec *jsonRecord) (err error) {
	if r.history.Rest == nil {
		r.history.Rest = &Contents{}
	}
	c := r.history.Rest
	switch rec.Op {
	case restLoad:
		var reading Reading
		if reading.Key, err = r.need("key", &r.keys, rec.Key); err != nil {
			return err
		}
		reading.Value, reading.OK, err = r.found(rec)
		c.Loads = append(c.Loads, reading)
	case restRange:
		err = r.yield(c, rec)
	case restLen:
		c.HasLen = true
		c.Len, err = length(rec)
	case restEmpty:
		c.HasEmpty = true
		c.Empty, err = rec.whether("the map was empty")
	}
	return err
}

// yield reads what a Range met.
func (r *jsonReader) yield(c *Contents, rec *jsonRecord) error {
	c.Ranged = rec.Complete == nil || *rec.Complete
	c.Entries = []Entry{}
	for _, p := range rec.Entries {
		e, err := r.entry(p)
		if err != nil {
			return fmt.Errorf(`entries: %w; want pairs such as ["a",1]`, err)
		}
		c.Entries = append(c.Entries, e)
	}
	return nil
}

func length(rec *jsonRecord) (n int, err error) {
	if n, err = strconv.Atoi(string(rec.Out)); err != nil {
		return 0, fmt.Errorf(`"out" of %s is %s; want a number`, rec.Op, shown(rec.Out))
	}
	return n, nil
}

// whether reads "ok", which may not be missing.
func (rec *jsonRecord) whether(what string) (bool, error) {
	if rec.OK == nil {
		return false, fmt.Errorf(`no "ok": whether %s`, what)
	}
	return *rec.OK, nil
}

// found reads "out" and "ok" of an op that answers a value, or that there is none.
func (r *jsonReader) found(rec *jsonRecord) (value uint64, ok bool, err error) {
	if rec.OK == nil {
		return 0, false, fmt.Errorf(`no "ok": whether %s found a value`, rec.Op)
	}
	if !*rec.OK {
		return 0, false, nil
	}
	value, err = r.need("out", &r.values, rec.Out)
	return value, true, err
}

func (r *jsonReader) event(rec *jsonRecord) (err error) {
	e := Event{Ret: Pending}
	if e.Kind, err = ParseKind(rec.Op); err != nil {
		return fmt.Errorf("%w, %s, %s, %s, %s or %s", err, prefillWord, restLoad, restRange, restLen, restEmpty)
	}
	switch {
	case rec.Worker == nil || *rec.Worker < 0:
		return errors.New(`no "worker"; want the number of the goroutine that called, from 0`)
	case rec.Call == nil:
		return errors.New(`no "call"; want the time at which it was called, any integer`)
	}
	e.Worker, e.Inv = *rec.Worker, *rec.Call
	if rec.Return != nil {
		e.Ret = *rec.Return
	}
	if e.Ret < e.Inv {
		return fmt.Errorf("it returned at %d, before it was called at %d", e.Ret, e.Inv)
	}
	r.counting = r.counting || e.Kind == Increment
	if err = r.operands(&e, rec); err != nil {
		return err
	}
	if e.Ret != Pending {
		err = r.answer(&e, rec)
	}
	r.history.Events = append(r.history.Events, e)
	return err
}

func (r *jsonReader) operands(e *Event, rec *jsonRecord) (err error) {
	if e.Kind.Keyed() {
		if e.Key, err = r.need("key", &r.keys, rec.Key); err != nil {
			return err
		}
	}
	value, old := e.Kind.operands()
	if value {
		if e.Value, err = r.need("value", &r.values, rec.Value); err != nil {
			return err
		}
	}
	if old {
		e.Old, err = r.need("old", &r.values, rec.Old)
	}
	return err
}

func (r *jsonReader) answer(e *Event, rec *jsonRecord) (err error) {
	switch e.Kind {
	case Load, LoadAndDelete, Swap, Compute:
		e.Out, e.OK, err = r.found(rec)
		if e.Kind == Compute {
			e.Calls = 1
			if rec.Calls != nil {
				e.Calls = *rec.Calls
			}
		}
	case LoadOrStore:
		if rec.OK == nil {
			return errors.New(`no "ok": whether load-or-store loaded`)
		}
		if e.OK = *rec.OK; !e.OK && rec.Out == nil {
			e.Out = e.Value
			return nil
		}
		e.Out, err = r.need("out", &r.values, rec.Out)
	case CompareAndSwap, CompareAndDelete:
		e.OK, err = rec.whether(rec.Op + " did it")
	case IsEmpty:
		e.OK, err = rec.whether("the map was empty")
	case Delete:
		if e.Told = rec.OK != nil; e.Told {
			e.OK = *rec.OK
		}
	case Len:
		var n int
		n, err = length(rec)
		e.Out = uint64(int64(n))
	case Range, Clone:
		e.Seen = &Contents{}
		err = r.yield(e.Seen, rec)
	}
	return err
}

// shown is JSON for an error message.
func shown(raw json.RawMessage) string {
	if raw == nil {
		return "missing"
	}
	return cut(strings.TrimSpace(string(raw)))
}
