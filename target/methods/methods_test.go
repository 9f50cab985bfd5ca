package methods

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mapstress/mapstress/target"
)

// A plain map is for one goroutine, as all tests here are.
type plain map[int]int

func (m plain) load(k int) (int, bool) { v, ok := m[k]; return v, ok }
func (m plain) store(k, v int)         { m[k] = v }

// candidates of a plain map, some of which are of other meanings.
var candidates = Candidates{
	"Load": {"Count", "Bulk", "Get"}, "Store": {"Add", "Set"}, "Put": {"Set", "Set", "Set"}, "Delete": {"Del"}, "Remove": {"Del", "Del"},
	"LoadOrStore": {"GetOrSet", "GetOrSet"}, "Swap": {"Swap"}, "CompareAndSwap": {"CAS"},
	"Range": {"Each", "Each", "Items", "Items", "Bad"}, "Len": {"Len"}, "IsEmpty": {"IsEmpty"}, "Compute": {"Compute", "Compute"}, "Close": {"Close", "Shutdown"},
	"Clone": {"View", "Copy"},
}

func makePlain(use Choice) target.Map[int, int] { return adaptPlain(plain{}, use) }

func adaptPlain(m plain, use Choice) (t target.Map[int, int]) {
	switch use.Clone {
	case 1: // is not one
		t.Clone = func() target.Map[int, int] { return adaptPlain(m, use) }
	case 2:
		t.Clone = func() target.Map[int, int] { return adaptPlain(maps.Clone(m), use) }
	}
	switch use.Load {
	case 1:
		t.Load = func(int) (int, bool) { return len(m), true }
	case 2: // stores, and answers what was there
		t.Load = func(k int) (int, bool) {
			v, ok := m[k]
			m[k] = 0
			return v, ok
		}
	case 3:
		t.Load = m.load
	}
	switch use.Store {
	case 1: // only if absent
		t.Store = func(k, v int) {
			if _, ok := m[k]; !ok {
				m[k] = v
			}
		}
	case 2:
		t.Store = m.store
	}
	if use.Put > 0 { // the first says the contrary, the second whether it changed something
		t.Put = func(k, v int) bool {
			old, ok := m[k]
			m[k] = v
			return [...]bool{!ok, ok && old != v, ok}[use.Put-1]
		}
	}
	if use.Delete > 0 {
		t.Delete = func(k int) { delete(m, k) }
	}
	if use.Remove > 0 { // the first says the contrary
		t.Remove = func(k int) bool {
			_, ok := m[k]
			delete(m, k)
			return ok == (use.Remove == 2)
		}
	}
	if use.LoadOrStore > 0 { // the first says whether it stored
		t.LoadOrStore = func(k, v int) (int, bool) {
			old, ok := m[k]
			if !ok {
				m[k], old = v, v
			}
			return old, ok == (use.LoadOrStore == 2)
		}
	}
	if use.Swap > 0 { // only if present
		t.Swap = func(k, v int) (int, bool) {
			old, ok := m[k]
			if ok {
				m[k] = v
			}
			return old, ok
		}
	}
	if use.CompareAndSwap > 0 {
		t.CompareAndSwap = func(k, old, v int) bool { panic("not implemented") }
	}
	if use.Range > 0 { // the first goes on where it should not
		t.Range = func(yield func(int, int) bool) {
			for k, v := range m {
				if yield(k, v) != (use.Range%2 == 0) || use.Range == 5 {
					return
				}
			}
		}
	}
	if use.Compute > 0 { // the first never deletes
		t.Compute = func(k int, f func(int, bool) (int, bool)) (int, bool) {
			old, ok := m[k]
			v, remove := f(old, ok)
			if remove && use.Compute == 2 {
				delete(m, k)
				return 0, false
			}
			m[k] = v
			return v, true
		}
	}
	t.Len = func() int { return len(m) }
	t.IsEmpty = func() bool { return len(m) == 0 }
	t.Close = func() {}
	return t
}

// TestSomeAnswer: of several methods that store or delete some may answer, and some not, in any order: each is
// tried, in a shape of its own, and those that answer with that.
func TestSomeAnswer(t *testing.T) {
	names := Candidates{"Load": {"Get"}, "Store": {"Set", "Put"}, "Put": {"Set"}, "Delete": {"Remove", "Del"}, "Remove": {"Del"}}
	r, err := Examine[int, int](names, func(use Choice) (t target.Map[int, int]) {
		m := plain{}
		t.Load, t.Store, t.Delete = m.load, m.store, func(k int) { delete(m, k) }
		if use.Put > 0 {
			t.Put = func(k, v int) bool { _, had := m[k]; m[k] = v; return had }
		}
		if use.Remove > 0 {
			t.Remove = func(k int) bool { _, had := m[k]; delete(m, k); return had }
		}
		return t
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"load: Get", "store: Put", "store that answers: Set", "delete: Remove", "delete that answers: Del"}; !slices.Equal(r.Taken, want) {
		t.Errorf("took %q; want %q", r.Taken, want)
	}
	if c := r.Choice; c.Put != 1 || c.Remove != 0 || len(r.Others) != 1 || r.Others[0].Put != 0 || r.Others[0].Remove != 1 {
		t.Errorf("chose %+v, and of others %+v", c, r.Others)
	}
}

// TestCounter: what adds to what is there stores in an empty map alone; nothing is tried by it then.
func TestCounter(t *testing.T) {
	names := Candidates{"Load": {"Get"}, "Store": {"Add"}, "LoadOrStore": {"Add"}, "Delete": {"Reset"}, "Range": {"Each"}}
	_, err := Examine[int, int](names, func(use Choice) (t target.Map[int, int]) {
		m := plain{}
		add := func(k, v int) int { m[k] += v; return m[k] }
		if use.Load > 0 {
			t.Load = m.load
		}
		if use.Store > 0 {
			t.Store = func(k, v int) { add(k, v) }
		}
		if use.LoadOrStore > 0 {
			t.LoadOrStore = func(k, v int) (int, bool) { return add(k, v), true }
		}
		if use.Delete > 0 {
			t.Delete = func(k int) { delete(m, k) }
		}
		t.Range = func(yield func(int, int) bool) {}
		return t
	}, "")
	const want = "no method stores as it should:\n" +
		"  Add: as store, of a present key it does not leave the value that it should: there is another\n" +
		"  Add: as load-or-store, of an absent key it does not answer the value and false\n" +
		"  mapstress.Check takes methods that do something else as Custom, with a model of it"
	if err == nil || err.Error() != want {
		t.Errorf("got %v; want %s", err, want)
	}
}

// TestMaking: how long a map takes to make and to close is told, the least of what was seen.
func TestMaking(t *testing.T) {
	n, closed := 0, 0
	got := making(func() target.Map[int, int] {
		if n++; n != 2 {
			time.Sleep(50 * time.Millisecond)
		}
		time.Sleep(time.Millisecond)
		return target.Map[int, int]{Close: func() { time.Sleep(time.Millisecond); closed++ }}
	})
	if got < 2*time.Millisecond || n != closed || n < 2 {
		t.Errorf("%v, and %d of %d maps closed", got, closed, n)
	}
}

// TestLoadThatStores: what loads by the words of its answer, and stores besides, is left out.
func TestLoadThatStores(t *testing.T) {
	names := Candidates{"Load": {"Bulk", "Get"}, "Store": {"Set"}}
	for field, want := range map[string]int{"Load": 2, "Other": 1} {
		use, others, left := Settle(names, func(use Choice) target.Map[int, int] {
			if field == "Other" && use.Load > 0 { // the right one first
				use.Load = 3 - use.Load
			}
			if use.Load > 0 {
				use.Load++
			}
			use.Store *= 2
			return makePlain(use)
		}, func(k uint64) int { return int(k) }, func(v uint64) int { return int(v) })
		if use.Load != want || len(others) > 0 || len(left) > 1 {
			t.Errorf("%s: chose %+v, others %+v, left %q", field, use, others, left)
		}
		if field == "Other" && !slices.Equal(left, []string{"Get: as load, it changes what is there"}) {
			t.Errorf("left out %q", left)
		}
	}
}

// TestExamine: of several candidates that are right is taken; what does not do what its name
// says is left out, and that is said.
func TestExamine(t *testing.T) {
	r, err := Examine[int, int](candidates, makePlain, "")
	if err != nil {
		t.Fatal(err)
	}
	want := Choice{Load: 3, Store: 2, Put: 3, Delete: 1, Remove: 2, LoadOrStore: 2, Range: 2, Len: 1, IsEmpty: 1, Compute: 2, Clone: 2, Close: 1}
	if r.Choice != want {
		t.Errorf("chose %+v; want %+v", r.Choice, want)
	}
	if want := []string{"load: Get", "store that answers: Set", "delete that answers: Del", "load-or-store: GetOrSet", "compute: Compute", "range: Each", "range: Items", "len: Len", "is-empty: IsEmpty", "clone: Copy", "close: Close"}; !slices.Equal(r.Taken, want) {
		t.Errorf("took %q; want %q", r.Taken, want)
	}
	left := []string{
		"Count: as load, of a fresh map it answers that a key is there", "Bulk: as load, it does not leave the value that it should: there is another", "Add: as store, of a present key it does not leave the value that it should: there is another",
		"Swap: as swap, of an absent key it does not leave the value that it should: there is none", "CAS: as compare-and-swap, it panics: not implemented", "Bad: as range, of 2 entries it meets 1",
		"View: as clone, what is deleted later is not in it either",
	}
	if !slices.Equal(r.Left, left) {
		t.Errorf("left out %q; want %q", r.Left, left)
	}
	other := want
	other.Range = 4
	if len(r.Others) != 1 || r.Others[0] != (Other{other, "Items"}) || r.In("int-by-Items") != other || r.In("int") != want {
		t.Errorf("others: %v; want the fourth Range", r.Others)
	}
	if unused := []Unused{{Name: "Shutdown", Why: spare}}; !slices.Equal(r.Unused, unused) || r.Evicts || r.Key != "int" {
		t.Errorf("of %s: unused %q, evicts %v; want %q", r.Key, r.Unused, r.Evicts, unused)
	}
	tgt, err := Target("plain", r, candidates, makePlain)
	if err != nil {
		t.Fatal(err)
	}
	if got := tgt.Shapes(); len(got) != 2 || got[1].String() != "int/int-by-Items" {
		t.Errorf("shapes: %v", got)
	}
	m := tgt.Variants[0].New()
	m.Store(6, 7)
	if !m.Remove(6) || m.Remove(6) {
		t.Error("Del does not answer true of a key that is there, and then false")
	}
	m.Store(7, 8)
	if v, ok := m.Load(7); !ok || v != 8 || m.Len() != 1 || m.Swap != nil {
		t.Errorf("loaded %d, %v; %+v", v, ok, m.Map)
	}
}

// TestInts: a map of values of any type that does not give all types back is tried with ints.
func TestInts(t *testing.T) {
	names := Candidates{"Load": {"Get"}, "Store": {"Set"}}
	for name, test := range map[string]struct {
		copied func(any) any // what becomes of a value
		ints   bool
	}{
		"it keeps them": {func(v any) any { return v }, false},
		"it knows strings and numbers": {func(v any) any {
			switch v.(type) {
			case int, int64, string, float64:
				return v
			}
			return nil
		}, true},
		"it makes numbers int": {func(v any) any {
			if n, ok := v.(int64); ok {
				return int(n)
			}
			return v
		}, true},
		"it panics": {func(v any) any {
			if _, ok := v.(float64); ok {
				panic("what is that?")
			}
			return v
		}, true},
	} {
		make := func(Choice) target.Map[string, any] {
			m := map[string]any{}
			return target.Map[string, any]{
				Load:  func(k string) (any, bool) { v, ok := m[k]; return v, ok },
				Store: func(k string, v any) { m[k] = test.copied(v) },
			}
		}
		r, err := Examine(names, make, "")
		if err != nil || r.Ints != test.ints || r.Choice.Store != 1 {
			t.Fatalf("%s: %+v, %v", name, r, err)
		}
		tgt, err := Target("any", r, names, make)
		if err != nil {
			t.Fatal(err)
		}
		m := tgt.Variants[0].New()
		for code := uint64(1); code < 20; code++ {
			m.Store(code, code)
			if v, ok := m.Load(code); !ok || v != code {
				t.Errorf("%s: %d comes back as %d, %v", name, code, v, ok)
			}
		}
	}
}

// TestEvictsSlow: a map that takes long to fill is looked at as far as patience goes.
func TestEvictsSlow(t *testing.T) {
	defer func(usual time.Duration) { patience = usual }(patience)
	patience = 5 * time.Millisecond
	m := plain{}
	slow := target.Map[int, int]{
		Load:  m.load,
		Store: func(k, v int) { time.Sleep(time.Millisecond); m[k] = v },
		Len:   func() int { return len(m) },
	}
	number := func(code uint64) int { return int(code) }
	if Evicts(slow, number, number) != "" {
		t.Error("a map that keeps all is taken for a cache")
	}
	if len(m) == 0 || len(m) == many {
		t.Errorf("stored %d entries; want some, and not all of %d", len(m), many)
	}
}

// A bounded map holds 100 entries, and forgets some one of them for each further one; a
// wrong one does not count that.
func makeBounded(wrong bool) Maker[int, int] {
	return func(Choice) target.Map[int, int] {
		m := plain{}
		return target.Map[int, int]{
			Load: m.load,
			Store: func(k, v int) {
				if len(m) == 100 {
					for k := range m {
						delete(m, k)
						break
					}
				}
				m[k] = v
			},
			Len: func() int {
				if wrong {
					return many
				}
				return len(m)
			},
		}
	}
}

func TestCaches(t *testing.T) {
	names := Candidates{"Load": {"Get"}, "Store": {"Set"}}
	for _, wrong := range []bool{false, true} {
		r, err := Examine[int, int](names, makeBounded(wrong), "")
		if err != nil || r.Evicts == wrong {
			t.Fatalf("wrong %v: %+v, %v", wrong, r, err)
		}
		tgt, err := Target("bounded", r, names, makeBounded(wrong))
		if err != nil || (tgt.Contract.Load.Level == target.Lossy) == wrong {
			t.Errorf("wrong %v: %v, %v", wrong, tgt.Contract.Load, err)
		}
	}
}

// TestRing: a cache that lets go of an entry for each that is deleted and stored again is one; a map
// that loses them and counts them still, or has no Len, or hangs or panics, is not.
func TestRing(t *testing.T) {
	for _, test := range []struct {
		name    string
		deleted func(m plain, k int)
		length  func(m plain) int
		evicts  bool
	}{
		{"ring", func(m plain, k int) { delete(m, k); delete(m, len(m)) }, func(m plain) int { return len(m) }, true},
		{"lost", func(m plain, k int) { delete(m, k); delete(m, len(m)) }, func(plain) int { return many }, false},
		{"no length", func(m plain, k int) { delete(m, k); delete(m, len(m)) }, nil, false},
		{"plain", func(m plain, k int) { delete(m, k) }, func(m plain) int { return len(m) }, false},
		{"panics", func(m plain, k int) { panic("no such luck") }, func(m plain) int { return len(m) }, false},
	} {
		m := plain{}
		mapped := target.Map[int, int]{Load: m.load, Store: m.store, Delete: func(k int) { test.deleted(m, k) }}
		if test.length != nil {
			mapped.Len = func() int { return test.length(m) }
		}
		number := func(n uint64) int { return int(n) }
		if got := Evicts(mapped, number, number); (got != "") != test.evicts || test.evicts && !strings.HasSuffix(got, " of 4000") {
			t.Errorf("%s: %q stay", test.name, got)
		}
	}
}

func TestUnfit(t *testing.T) {
	late := func(Choice) target.Map[int, int] { // shows what is stored later
		now, next := plain{}, plain{}
		return target.Map[int, int]{
			Load:  func(k int) (int, bool) { v, ok := now[k]; return v, ok },
			Store: func(k, v int) { now, next = next, plain{k: v} },
		}
	}
	for want, names := range map[string]Candidates{
		"no method loads what another one stores:\n  Set: with Get, it does not leave the value": {"Load": {"Get"}, "Store": {"Set"}},
		"no method that loads":  {"Store": {"Set"}},
		"no method that stores": {"Load": {"Get"}},
	} {
		if r, err := Examine[int, int](names, late, ""); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v: %+v, %v; want %q", names, r, err, want)
		}
	}
	slow := func(Choice) target.Map[int, int] { // a load of its own is too early
		m, loads := plain{}, 0
		return target.Map[int, int]{
			Load: func(k int) (int, bool) {
				if loads++; loads < 4 {
					return 0, false
				}
				return m.load(k)
			},
			Store: m.store,
		}
	}
	one := plain{}
	same := func(Choice) target.Map[int, int] { return target.Map[int, int]{Load: one.load, Store: one.store} }
	for want, make := range map[string]Maker[int, int]{
		"no method loads what another one stores:\n  Set: with Get, the value is there only some time later: ": slow,
		"the expression gives the same map each time":                                                          same,
	} {
		if r, err := Examine(Candidates{"Load": {"Get"}, "Store": {"Set"}}, make, ""); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%+v, %v; want %q", r, err, want)
		}
	}
	if _, err := Examine[bool, int](nil, nil, ""); err == nil || !strings.HasPrefix(err.Error(), "keys: bool has no part") {
		t.Errorf("of keys without a codec: %v", err)
	}
}
