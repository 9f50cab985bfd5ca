package scheduler

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// append appends the plan's text form. The settings that came later are written
// only if they are set, so that a schedule without them has the text, and the
// name, that it always had.
func (t *Timing) append(b []byte) []byte {
	b = fmt.Appendf(b, "start=%s procs=%d gosched=%d spin=%d seed=%d", t.Start, t.Procs, t.Gosched, t.Spin, t.Seed)
	if t.Lock {
		b = append(b, " lock=1"...)
	}
	if t.GC {
		b = append(b, " gc=1"...)
	}
	if t.NoPreempt {
		b = append(b, " nopreempt=1"...)
	}
	if t.Stalled > 0 {
		b = fmt.Appendf(b, " stalled=w%d", t.Stalled-1)
	}
	if t.Noise > 0 {
		b = fmt.Appendf(b, " noise=1/%d", t.Noise)
	}
	return b
}

// parse reads "start=spin procs=2": any of the plan's settings, in any order.
func (t *Timing) parse(text string) error {
	for _, setting := range strings.Fields(text) {
		name, value, ok := strings.Cut(setting, "=")
		if !ok {
			return fmt.Errorf("timing %q; want NAME=VALUE", cut(setting))
		}
		if err := t.set(name, value); err != nil {
			return fmt.Errorf("timing %q: %w", cut(setting), err)
		}
	}
	return t.validate()
}

func (t *Timing) set(name, value string) (err error) {
	switch name {
	case "start":
		t.Start, err = parseStart(value)
	case "procs":
		t.Procs, err = parseNumber(value)
	case "gosched":
		t.Gosched, err = parseNumber(value)
	case "spin":
		t.Spin, err = parseNumber(value)
	case "seed":
		if t.Seed, err = strconv.ParseUint(value, 10, 64); err != nil {
			err = notNumber(value)
		}
	case "lock":
		t.Lock, err = parseSwitch(value)
	case "gc":
		t.GC, err = parseSwitch(value)
	case "nopreempt":
		t.NoPreempt, err = parseSwitch(value)
	case "stalled":
		w, ok := parseWorker(value)
		if !ok {
			return fmt.Errorf("%q is not a worker; want w0 to w%d", cut(value), MaxWorkers-1)
		}
		t.Stalled = w + 1
	case "noise":
		t.Noise, err = parseOneOf(value)
	default:
		return errors.New("want start, procs, gosched, spin, seed, lock, gc, nopreempt, stalled or noise")
	}
	return err
}

func parseNumber(value string) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil {
		return 0, notNumber(value)
	}
	return n, nil
}

// parseOneOf reads "1/64": one of so many; 0 is none.
func parseOneOf(value string) (int, error) {
	if value == "0" {
		return 0, nil
	}
	digits, ok := strings.CutPrefix(value, "1/")
	if n, err := strconv.Atoi(digits); ok && err == nil && n > 0 {
		return n, nil
	}
	return 0, fmt.Errorf("%q; want a share such as 1/64, or 0 for none", cut(value))
}

func notNumber(value string) error {
	return fmt.Errorf("%q is not a number, or too large", cut(value))
}

func parseSwitch(value string) (bool, error) {
	switch value {
	case "0":
		return false, nil
	case "1":
		return true, nil
	}
	return false, fmt.Errorf("%q; want 1 for on or 0 for off", cut(value))
}

// parseWorker reads "w3".
func parseWorker(word string) (int, bool) {
	w, err := strconv.Atoi(strings.TrimPrefix(word, "w"))
	return w, err == nil && w >= 0 && w < MaxWorkers && word == fmt.Sprintf("w%d", w)
}
