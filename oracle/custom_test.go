package oracle

import (
	"errors"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/target"
)

// addAndGet adds to its key; dropLarge deletes all that is as large, and counts.
var ownModels = []target.Model{
	{Name: "AddAndGet", Do: func(m map[uint64]uint64, key, value uint64) (string, error) {
		m[key] += value
		return "v" + itoa(m[key]), nil
	}},
	{Name: "DropLarge", Whole: true, Do: func(m map[uint64]uint64, _, value uint64) (string, error) {
		before := len(m)
		for k, v := range m {
			if v >= value {
				delete(m, k)
			}
		}
		return itoa(uint64(before - len(m))), nil
	}},
	{Name: "Add", Do: func(m map[uint64]uint64, key, value uint64) (string, error) {
		m[key] += value
		return "", nil
	}},
	{Name: "Copy", Whole: true, Do: func(m map[uint64]uint64, key, value uint64) (string, error) {
		m[100+key] = value
		return "", nil
	}},
}

func itoa(n uint64) string { return history.Op{Kind: history.Load, Key: n}.String()[len("load k"):] }

// TestCustom: what a target's own methods answer is explained by their models, or not, on
// one key and on all.
func TestCustom(t *testing.T) {
	exact, weak := target.Contract{}, target.Usual()
	for _, c := range []struct {
		name     string
		contract target.Contract
		history  string
		want     string
	}{
		{"one after the other", exact, `
			w0 [1..2] custom:AddAndGet k1 v5 -> "v5"
			w0 [3..4] custom:AddAndGet k1 v2 -> "v7"
			rest load k1 -> v7`, "clean"},
		{"in the other order of two that overlap", exact, `
			w0 [1..8] custom:AddAndGet k1 v5 -> "v7"
			w1 [2..9] custom:AddAndGet k1 v2 -> "v2"
			rest load k1 -> v7`, "clean"},
		{"a lost update", exact, `
			w0 [1..8] custom:AddAndGet k1 v5 -> "v5"
			w1 [2..9] custom:AddAndGet k1 v2 -> "v2"
			w1 [10..11] load k2 -> absent
			rest load k1 -> v5
			rest load k2 -> absent`, "silent-corruption non-linearizable [0 1] k1: no order of these 2 ops explains their answers, as the model of custom:AddAndGet has it"},
		{"a lost update, told by no reading", exact, `
			w0 [1..8] custom:AddAndGet k1 v5 -> "v5"
			w1 [2..9] custom:AddAndGet k1 v2 -> "v2"`, "silent-corruption non-linearizable [0 1] k1: no order of these 2 ops explains their answers, as the model of custom:AddAndGet has it"},
		{"one that never returned may have been, or not", exact, `
			w0 [1..] custom:AddAndGet k1 v5
			w1 [2..9] custom:AddAndGet k1 v2 -> "v7"
			w1 [10..11] store k1 v3
			w1 [12..13] custom:AddAndGet k1 v2 -> "v5"`, "clean"},
		{"among others, on a key that it has to itself", exact, `
			prefill k1=v1
			w0 [1..8] custom:AddAndGet k1 v5 -> "v6"
			w1 [2..3] swap k1 v9 -> v6
			w1 [4..5] store k2 v4
			w1 [6..7] load k2 -> absent
			rest load k1 -> v9
			rest load k2 -> v4`, "silent-corruption lost-key [2 3] k2 read absent by w1, though store k2 v4 had completed"},
		{"of the whole map", exact, `
			prefill k1=v1 k2=v20
			w0 [1..8] custom:DropLarge k1 v10 -> "2"
			w1 [2..3] store k3 v30
			w1 [9..9] range -> k1=v1
			rest load k1 -> v1
			rest load k2 -> absent
			rest load k3 -> absent`, "clean"},
		{"a whole op that missed one", exact, `
			prefill k1=v1 k2=v20
			w1 [2..3] store k3 v30
			w0 [4..8] custom:DropLarge k1 v10 -> "1"
			rest load k1 -> v1
			rest load k2 -> absent
			rest load k3 -> v30`, "silent-corruption non-linearizable [0 1] all keys together: no order of these 2 ops explains their answers, as the model of custom:DropLarge has it"},
		{"no instant at which all was dropped", exact, `
			prefill k1=v11 k2=v22
			w0 [1..9] custom:DropLarge k9 v10 -> "2"
			w1 [2..3] load k1 -> absent
			w1 [4..5] load k2 -> v22
			rest load k1 -> absent
			rest load k2 -> absent
			rest load k9 -> absent`, "silent-corruption non-linearizable [0 1 2] all keys together: no order of these 3 ops explains their answers, as the model of custom:DropLarge has it"},
		{"where a range goes from key to key", weak, `
			prefill k1=v11 k2=v22
			w0 [1..9] custom:DropLarge k9 v10 -> "2"
			w1 [1..9] range -> k2=v22
			rest load k1 -> absent
			rest load k2 -> absent
			rest load k9 -> absent`, "clean"},
		{"where a clear does", target.Contract{Clear: target.Promise{Level: target.PerKey}}, `
			prefill k1=v11 k2=v22
			w0 [1..9] custom:DropLarge k9 v10 -> "1"
			w1 [1..9] clear
			w2 [2..3] custom:AddAndGet k1 v30 -> "v41"
			rest load k1 -> absent
			rest load k2 -> absent
			rest load k9 -> absent`, "clean"},
		{"a model goes beyond what was looked at", exact, `
			w0 [1..2] custom:Copy k1 v5 -> ""
			w0 [3..4] custom:DropLarge k1 v1 -> "2"`, "unknown"},
		{"a cache may drop what it likes", target.Contract{Load: target.Promise{Level: target.Lossy}}, `
			w0 [1..2] custom:AddAndGet k1 v5 -> "v9"`, "clean"},
		{"a method that has no model", exact, `
			w0 [1..2] custom:Other k1 v5 -> "v9"
			w0 [3..4] load k1 -> v12`, "clean"},
		{"an unchecked writer", target.Contract{Store: target.Promise{Level: target.Unchecked}}, `
			w0 [1..2] store k1 v5
			w0 [3..4] custom:AddAndGet k1 v5 -> "v99"`, "clean"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, err := history.ParseText(c.history)
			if err != nil {
				t.Fatal(err)
			}
			j := Judge{Contract: c.contract, Models: ownModels}
			for range 2 { // what is left of the first must not matter
				v := j.Judge(h)
				got := strings.TrimSpace(strings.Join([]string{v.Class.String(), v.Rule, sprint(v.Events), v.Detail}, " "))
				if v.Class == Clean || v.Class == Unknown {
					got = v.Class.String()
				}
				if got != c.want || j.Err() != nil {
					t.Errorf("got  %s, %v\nwant %s", got, j.Err(), c.want)
				}
			}
		})
	}
}

func sprint(events []int) string {
	words := make([]string, len(events))
	for i, e := range events {
		words[i] = itoa(uint64(e))
	}
	return "[" + strings.Join(words, " ") + "]"
}

// TestCustomBudget: too much overlap is neither a pass nor a finding.
func TestCustomBudget(t *testing.T) {
	h := &history.History{}
	for n := range 60 { // any of 2^60 sums may be there before the last one returns
		h.Events = append(h.Events, history.Event{Op: history.Op{Kind: history.Custom, Name: "Add", Key: 1, Value: 1 << n}, Worker: n, Ret: 1})
	}
	h.Events = append(h.Events, history.Event{Op: history.Op{Kind: history.Load, Key: 1}, Worker: 60, Ret: 1, Out: 1 << 62, OK: true})
	j := Judge{Models: ownModels}
	if v := j.Judge(h); v.Class != Unknown {
		t.Errorf("%+v", v)
	}
	h.Events = append(h.Events, h.Events...) // more than a configuration has bits for
	if v := j.Judge(h); v.Class != Unknown {
		t.Errorf("of more: %+v", v)
	}
}

// TestCustomModelFails: an error of a model is no verdict on the map.
func TestCustomModelFails(t *testing.T) {
	broken := errors.New("broken")
	j := Judge{Models: []target.Model{{Name: "A", Do: func(map[uint64]uint64, uint64, uint64) (string, error) { return "", broken }}}}
	h, err := history.ParseText(`w0 [1..2] custom:A k1 v5 -> "v9"`)
	if err != nil {
		t.Fatal(err)
	}
	if v := j.Judge(h); v.Class != Unknown || j.Err() != broken {
		t.Errorf("%+v, %v", v, j.Err())
	}
	stray := Judge{Models: []target.Model{{Name: "A", Do: func(m map[uint64]uint64, k, _ uint64) (string, error) { m[k+1] = 1; return "v9", nil }}}}
	if v := stray.Judge(h); v.Class != Unknown || stray.Err() == nil {
		t.Errorf("of one that goes to another key: %+v, %v", v, stray.Err())
	}
}
