package oracle

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// parse reads a history from lines, one event each and in order of Inv:
//
//	0 1-4 load k1 = v7        worker, Inv-Ret, op, answer
//	1 5-  delete k1           never returned
//	0 6-7 swap k1 v8 = none   found absent
//	0 6-7 compare-and-swap k1 v8 v9 = true
//	0 8-9 range = k1:v7 k2:v3
//	prefill k1:v7
//	rest k1:v7 k2:none | k1:v7 | 1     loads, entries, len; "-" for none
//	foreign what it was
//
// A load-or-store is answered "= new" or "= v7", a store or delete "= true" if it answers, a clone as rest is, and a
// compute that did not call its function once with the number of calls behind, and one
// that kept its function's panic to itself with "swallowed".
func parse(t *testing.T, text string) *history.History {
	t.Helper()
	h := &history.History{}
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case "prefill":
			h.Prefill = parseEntries(rest)
		case "rest":
			h.Rest = parseContents(rest)
		case "foreign":
			h.Foreign = append(h.Foreign, rest)
		default:
			h.Events = append(h.Events, parseEvent(t, word, rest))
		}
	}
	return h
}

func parseEvent(t *testing.T, worker, text string) (e history.Event) {
	t.Helper()
	e.Worker, _ = strconv.Atoi(worker)
	text, answer, _ := strings.Cut(text, "=")
	span, op, _ := strings.Cut(text, " ")
	from, to, _ := strings.Cut(span, "-")
	e.Inv, _ = strconv.ParseInt(from, 10, 64)
	e.Ret = history.Pending
	if to != "" {
		e.Ret, _ = strconv.ParseInt(to, 10, 64)
	}
	var err error
	if e.Op, err = history.ParseOp(op); err != nil {
		t.Fatal(err)
	}
	answer = strings.TrimSpace(answer)
	switch e.Kind {
	case history.Range:
		e.Seen = &history.Contents{Entries: parseEntries(answer), Ranged: true}
	case history.Clone:
		e.Seen = parseContents(answer)
	case history.Len:
		n, _ := strconv.ParseInt(answer, 10, 64)
		e.Out = uint64(n)
	case history.Store, history.Delete:
		e.Told, e.OK = answer != "", answer == "true"
	case history.CompareAndSwap, history.CompareAndDelete, history.IsEmpty:
		e.OK = answer == "true"
	case history.Compute:
		answer, e.Swallowed = strings.CutSuffix(answer, " swallowed")
		value, calls, counted := strings.Cut(answer, " calls=")
		if e.Calls = 1; counted {
			e.Calls, _ = strconv.Atoi(calls)
		}
		e.Out, e.OK = parseValue(value)
	default:
		e.Out, e.OK = parseValue(answer)
		if answer == "new" {
			e.Out = e.Value
		}
	}
	return e
}

func parseContents(text string) *history.Contents {
	c := &history.Contents{}
	parts := strings.Split(text, "|")
	for _, e := range strings.Fields(parts[0]) {
		if key, value, ok := strings.Cut(e, ":"); ok {
			r := history.Reading{}
			r.Key, _ = parseValue(key)
			r.Value, r.OK = parseValue(value)
			c.Loads = append(c.Loads, r)
		}
	}
	if len(parts) > 1 && strings.TrimSpace(parts[1]) != "-" {
		c.Entries, c.Ranged = parseEntries(parts[1]), true
	}
	if len(parts) > 2 {
		c.Len, _ = strconv.Atoi(strings.TrimSpace(parts[2]))
		c.HasLen = true
	}
	if len(parts) > 3 {
		c.Empty, c.HasEmpty = strings.TrimSpace(parts[3]) == "true", true
	}
	return c
}

func parseEntries(text string) (entries []history.Entry) {
	for _, word := range strings.Fields(text) {
		key, value, _ := strings.Cut(word, ":")
		e := history.Entry{}
		e.Key, _ = parseValue(key)
		e.Value, _ = parseValue(value)
		entries = append(entries, e)
	}
	return entries
}

func parseValue(word string) (uint64, bool) {
	if word == "foreign" {
		return target.Foreign, true
	}
	if len(word) < 2 {
		return 0, false
	}
	n, err := strconv.ParseUint(word[1:], 10, 64)
	return n, err == nil
}

func weakContract() target.Contract {
	return target.Contract{
		Range:   target.Promise{Level: target.Weak, Quote: "range quote"},
		Clone:   target.Promise{Level: target.Weak, Quote: "clone quote"},
		Len:     target.Promise{Level: target.Bounds, Quote: "len quote"},
		IsEmpty: target.Promise{Level: target.Bounds, Quote: "is-empty quote"},
		Clear:   target.Promise{Level: target.PerKey},
	}
}

// A ruleTest has a history that breaks a rule and siblings that do not.
type ruleTest struct {
	name     string
	contract target.Contract
	bad      string
	want     string // class rule events, detail
	good     []string
}

func TestRules(t *testing.T) {
	for _, test := range ruleTests {
		j := Judge{Contract: test.contract}
		v := j.Judge(parse(t, test.bad))
		got := fmt.Sprintf("%v %s %v %s", v.Class, v.Rule, v.Events, v.Detail)
		if got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.name, got, test.want)
		}
		if again := j.Judge(parse(t, test.bad)); !reflect.DeepEqual(v, again) {
			t.Errorf("%s: then %+v, now %+v", test.name, v, again)
		}
		for i, good := range test.good {
			if v := j.Judge(parse(t, good)); v.Class != Clean {
				t.Errorf("%s: good sibling %d: %+v", test.name, i, v)
			}
		}
	}
}

func TestPromiseIsQuoted(t *testing.T) {
	j := Judge{Contract: weakContract()}
	v := j.Judge(parse(t, "prefill k1:v1\n0 1-2 range ="))
	if v.Promise != "range quote" {
		t.Errorf("got %+v", v)
	}
}

// Values that are put in twice, and a last Load that found none: there are more
// orders than a small budget can refute.
func TestBudgetIsNeverAPass(t *testing.T) {
	h := &history.History{}
	for i := uint64(0); i < 20; i++ {
		h.Events = append(h.Events,
			history.Event{Op: history.Op{Kind: history.Store, Key: 3, Value: i}, Inv: 1, Ret: 9},
			history.Event{Op: history.Op{Kind: history.CompareAndSwap, Key: 3, Old: i, Value: i * i % 20}, OK: true, Inv: 1, Ret: 9})
	}
	h.Events = append(h.Events, history.Event{Op: history.Op{Kind: history.Load, Key: 3}, Inv: 10, Ret: 11})
	j := Judge{}
	j.Budget.Steps = 100
	if v := j.Judge(h); v.Class != Unknown || !strings.HasPrefix(v.Detail, "k3") {
		t.Errorf("got %+v", v)
	}
}

func TestUnordered(t *testing.T) {
	var j Judge
	stale := parse(t, "0 1-2 store k1 v7\n0 3-4 store k1 v8\n1 5-6 load k1 = v7")
	if v := j.Judge(stale); v.Rule != StaleRead {
		t.Errorf("with its clock: %+v", v)
	}
	if v := j.Judge(Unordered(stale)); v.Class != Clean {
		t.Errorf("without: %+v", v)
	}
	lost := parse(t, "0 1-2 store k1 v7\n0 3- store k1 v8\nrest k1:none")
	if v := j.Judge(Unordered(lost)); v.Rule != LostKey {
		t.Errorf("lost without a clock: %+v", v)
	}
	if lost.Events[0].Inv != 1 {
		t.Error("Unordered changed its argument")
	}
}
