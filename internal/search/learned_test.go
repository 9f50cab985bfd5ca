package search

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scenarios"
)

var swiss = history.Boundaries{Up: []int{8, 14, 28, 56, 112, 224, 448, 896}}

// learnt is a state that has learned something.
func learnt(t *testing.T) *state {
	t.Helper()
	m := mixOf(t, "striped")
	d := describe(t, "striped")
	st := &state{target: &d[0], mix: m, used: time.Minute}
	for seed := range uint64(40) {
		name, s := m.Generate(scenarios.Choice{}, seed)
		st.bandit.pay(m.Of(name, s), 0.5, 1)
		st.pool.add(name, s)
	}
	return st
}

func TestLearned(t *testing.T) {
	dir := t.TempDir()
	first := learnt(t)
	s := &search{Config: Config{Policy: Learning, Store: corpus.Open(dir)}}
	s.remember(first)
	second := &state{target: first.target, mix: first.mix}
	s.recall(second)
	if len(second.pool.kept) != poolSize || !reflect.DeepEqual(second.pool, first.pool) {
		t.Errorf("%d schedules recalled", len(second.pool.kept))
	}
	if !reflect.DeepEqual(second.bandit.arms, first.bandit.arms) {
		t.Errorf("recalled %v; want %v", second.bandit.arms, first.bandit.arms)
	}
	if second.bandit.total.Spent < 30 || second.bandit.total.Spent > 40 {
		t.Errorf("recalled %v tries' worth of time", second.bandit.total.Spent)
	}
	uniform := &state{target: first.target, mix: first.mix}
	s.Policy = Uniform
	s.recall(uniform)
	if uniform.pool.kept != nil {
		t.Error("a uniform search recalls something")
	}
}

// TestLearnedWeight: long experience is believed, up to a limit.
func TestLearnedWeight(t *testing.T) {
	var b bandit
	b.recall(map[string]map[string]arm{"scenario": {"churn": {Paid: 500, Spent: 10 * learnedWeight}, "drain": {Paid: -1, Spent: 1}}})
	if got, want := b.arms[scenarios.ByScenario]["churn"], (arm{50, learnedWeight}); got != want {
		t.Errorf("believes %+v; want %+v", got, want)
	}
	if _, ok := b.arms[scenarios.ByScenario]["drain"]; ok {
		t.Error("believes a negative payment")
	}
}

// TestLearnedDamaged: what cannot be read is told and gone on without, and is
// replaced, but for what a newer version has written.
func TestLearnedDamaged(t *testing.T) {
	for _, test := range []struct {
		text, want string
		stays      bool
	}{
		{"{", "unexpected end of JSON input; want what a search learned, as JSON: going on without it", false},
		{`{"version":0}`, "version 0 is not known", false},
		{`{"version":99}`, "version 99 is not known to this mapstress, which knows 1", true},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, ".learned", "striped.json")
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(test.text), 0o666); err != nil {
			t.Fatal(err)
		}
		var problems []string
		s := &search{Config: Config{Policy: Learning, Store: corpus.Open(dir), OnProblem: func(err error) { problems = append(problems, err.Error()) }}}
		st := learnt(t)
		s.recall(st)
		if len(problems) != 1 || !strings.Contains(problems[0], test.want) || !strings.HasPrefix(problems[0], path) {
			t.Errorf("%s: %q; want %q", test.text, problems, test.want)
		}
		s.remember(st)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if stays := string(data) == test.text; stays != test.stays {
			t.Errorf("%s: stays %v; want %v", test.text, stays, test.stays)
		}
		if !test.stays && !json.Valid(data) {
			t.Errorf("%s: replaced by %s", test.text, data)
		}
	}
}

// TestForgotten: schedules that the target cannot run any more are left out.
func TestForgotten(t *testing.T) {
	m := mixOf(t, "striped")
	const text = "mapstress schedule v1\nshape int/int\nw0 store k1 v2\nw1 load k1\n"
	for _, test := range []struct {
		k  keptText
		ok bool
	}{
		{keptText{"churn", text}, true},
		{keptText{"no-such-scenario", text}, false},
		{keptText{"churn", strings.Replace(text, "int/int", "int/gold", 1)}, false},
		{keptText{"churn", strings.Replace(text, "load", "lode", 1)}, false},
	} {
		if _, err := test.k.parse(m); (err == nil) != test.ok {
			t.Errorf("%+v: %v", test.k, err)
		}
	}
}

// TestShortSearchLeavesNothing: a search of a moment is not worth a file.
func TestShortSearchLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	st := learnt(t)
	st.used = learnedFrom / 2
	(&search{Config: Config{Policy: Learning, Store: corpus.Open(dir)}}).remember(st)
	if entries, _ := os.ReadDir(dir); len(entries) > 0 {
		t.Errorf("left %v", entries)
	}
}
