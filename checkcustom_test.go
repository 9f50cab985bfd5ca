package mapstress_test

import (
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/target"
)

// Totals count by name. Careless ones add up in two steps, and forget one by one.
type totals struct {
	mu       sync.Mutex
	of       map[string]int
	careless bool
}

func (t *totals) get(name string) (int, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n, ok := t.of[name]
	return n, ok
}

func (t *totals) set(name string, n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.of[name] = n
}

func (t *totals) add(name string, n int) int {
	if t.careless {
		old, _ := t.get(name)
		t.set(name, old+n)
		return old + n
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.of[name] += n
	return t.of[name]
}

// drop forgets all that are as large, and says how many. Careless totals may be changed
// between what it looks at and what it does.
func (t *totals) drop(least int) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	var large []string
	for name, n := range t.of {
		if n >= least {
			large = append(large, name)
		}
	}
	for _, name := range large {
		if t.careless {
			t.mu.Unlock()
			runtime.Gosched()
			t.mu.Lock()
		}
		delete(t.of, name)
	}
	return len(large)
}

var (
	addAndGet = func(t *totals) target.Custom[string, int] {
		return target.Custom[string, int]{
			Name: "AddAndGet",
			Call: func(name string, n int) any { return t.add(name, n) },
			Model: func(m map[string]int, name string, n int) any {
				m[name] += n
				return m[name]
			},
		}
	}
	dropLarge = func(t *totals) target.Custom[string, int] {
		return target.Custom[string, int]{
			Name: "DropLarge", Whole: true,
			Call: func(_ string, n int) any { return []any{t.drop(n), "dropped"} },
			Model: func(m map[string]int, _ string, n int) any {
				before := len(m)
				for name := range m {
					if m[name] >= n {
						delete(m, name)
					}
				}
				return []any{before - len(m), "dropped"}
			},
		}
	}
)

func newTotals(careless bool, own ...func(*totals) target.Custom[string, int]) func() mapstress.Map[string, int] {
	return func() mapstress.Map[string, int] {
		t := &totals{of: map[string]int{}, careless: careless}
		m := mapstress.Map[string, int]{Load: t.get, Store: t.set}
		for _, custom := range own {
			m.Custom = append(m.Custom, custom(t))
		}
		return m
	}
}

// TestCheckCustom: what a map's own method answers is held to its model, alone and
// together with the usual methods. Odds: the window of careless totals is as that of m[k]++
// under a lock, which a search meets within some seconds of CPU.
func TestCheckCustom(t *testing.T) {
	for _, c := range []struct {
		name, op string
		own      func(*totals) target.Custom[string, int]
	}{
		{"of one key", "custom:AddAndGet k", addAndGet},
		{"of the whole map", "custom:DropLarge k", dropLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			if testing.Short() && c.name != "of one key" {
				t.Skip("the other one will do")
			}
			dir := t.TempDir()
			found := check(t, func(taken *taken) {
				mapstress.Check(taken, newTotals(true, c.own), mapstress.For(time.Minute), mapstress.Corpus(dir), mapstress.Trying("custom-ops"))
			})
			if len(found.errors) != 1 || !strings.Contains(found.errors[0], c.op) || !strings.Contains(found.errors[0], "non-linearizable") {
				t.Errorf("errors %q, logs %q", found.errors, found.logs)
			}
		})
	}
	alone := func(careless bool) func() mapstress.Map[string, int] {
		full := newTotals(careless, addAndGet)
		return func() mapstress.Map[string, int] { return mapstress.Map[string, int]{Custom: full().Custom} }
	}
	t.Run("with no other methods", func(t *testing.T) {
		found := check(t, func(taken *taken) {
			mapstress.Check(taken, alone(true), mapstress.For(time.Minute), mapstress.Corpus(""))
		})
		if len(found.errors) != 1 || !strings.Contains(found.errors[0], "custom:AddAndGet k") || strings.Contains(strings.Join(found.logs, "\n"), "inserts") {
			t.Errorf("errors %q, logs %q", found.errors, found.logs)
		}
	})
	t.Run("as they must", func(t *testing.T) {
		clean := check(t, func(taken *taken) {
			mapstress.Check(taken, newTotals(false, addAndGet, dropLarge), mapstress.For(2*time.Second), mapstress.Corpus(""))
		})
		for _, err := range clean.errors {
			if !strings.Contains(err, "want more time") { // the machine may be busy
				t.Error(err)
			}
		}
	})
}

// TestCheckCustomRefuses: a model that is no good is an error, and no finding.
func TestCheckCustomRefuses(t *testing.T) {
	calls := 0
	for want, model := range map[string]func(m map[string]int, name string, n int) any{
		"the model of custom:Own panics: no such name": func(map[string]int, string, int) any {
			panic("no such name")
		},
		"the model of custom:Own is not the same each time": func(m map[string]int, name string, n int) any {
			calls++
			return calls
		},
		"the model of custom:Own puts in an entry that is none of the codecs'": func(m map[string]int, name string, n int) any {
			m[name] = -n
			return nil
		},
		"the model of custom:Own puts in a key that is not its own; want Whole to be set": func(m map[string]int, name string, n int) any {
			m[keyOf(7)] = n
			return nil
		},
		"custom:Own has no model": nil,
	} {
		own := func(*totals) target.Custom[string, int] {
			return target.Custom[string, int]{Name: "Own", Call: func(string, int) any { return nil }, Model: model}
		}
		refused := check(t, func(taken *taken) {
			mapstress.Check(taken, newTotals(false, own), mapstress.For(time.Second), mapstress.Corpus(""))
		})
		if len(refused.errors) != 1 || !strings.HasPrefix(refused.errors[0], "mapstress: "+want) {
			t.Errorf("got %q; want %s", refused.errors, want)
		}
	}
	named := func(*totals) target.Custom[string, int] { return target.Custom[string, int]{Name: "add and get"} }
	refused := check(t, func(taken *taken) { mapstress.Check(taken, newTotals(false, named), mapstress.Corpus("")) })
	if len(refused.errors) != 1 || !strings.HasPrefix(refused.errors[0], "mapstress: a method called custom:add and get; want a letter") {
		t.Errorf("of a bad name: %q", refused.errors)
	}
}

// keyOf is the key of a code, as Check has it.
func keyOf(code uint64) string {
	codec, err := target.CodecOf[string]()
	if err != nil {
		panic(err)
	}
	return codec.Encode(code)
}
