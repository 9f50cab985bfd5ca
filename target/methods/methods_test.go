package methods

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/target"
)

// A plain map with everyday names. It is for one goroutine, as all tests here are.
type plain map[string]int

func (m plain) Get(k string) (int, bool) { v, ok := m[k]; return v, ok }
func (m plain) Set(k string, v int)      { m[k] = v }
func (m plain) Remove(k string)          { delete(m, k) }
func (m plain) Count() int               { return len(m) }
func (m plain) IsEmpty() bool            { return len(m) == 0 }
func (m plain) Flush()                   { clear(m) }
func (m plain) Items() map[string]int    { return m }
func (m plain) Keys() []string           { return nil }
func (m plain) Pop(k string) (int, bool) { v, ok := m[k]; delete(m, k); return v, ok }
func (m plain) GetOrSet(k string, v int) (int, bool) {
	if old, ok := m[k]; ok {
		return old, true
	}
	m[k] = v
	return v, false
}

func TestOf(t *testing.T) {
	m, taken := Of[string, int](plain{})
	want := []string{"load: Get", "store: Set", "delete: Remove", "load-or-store: GetOrSet", "load-and-delete: Pop", "range: Items", "len: Count", "is-empty: IsEmpty", "clear: Flush"}
	if !slices.Equal(taken, want) {
		t.Errorf("took %q; want %q", taken, want)
	}
	m.Store("a", 1)
	if v, ok := m.Load("a"); !ok || v != 1 || m.Len() != 1 || m.IsEmpty() {
		t.Errorf("loaded %d, %v of %d", v, ok, m.Len())
	}
	if m.Swap != nil || m.CompareAndSwap != nil || m.Close != nil {
		t.Error("it has methods that the map lacks")
	}
	if _, taken := Of[string, string](plain{}); !slices.Equal(taken, []string{"delete: Remove", "len: Count", "is-empty: IsEmpty", "clear: Flush"}) {
		t.Errorf("of another value type it took %q", taken)
	}
}

// Other signatures: errors, variadic keys, and old values in place of flags.
type varied map[int]int

func (m varied) Get(k int) (int, error) {
	if v, ok := m[k]; ok {
		return v, nil
	}
	return 0, errors.New("absent")
}
func (m varied) Put(k, v int) error { m[k] = v; return nil }
func (m varied) Del(keys ...int) {
	for _, k := range keys {
		delete(m, k)
	}
}
func (m varied) Len() uintptr { return uintptr(len(m)) }
func (m varied) All() func(func(int, int) bool) {
	return func(yield func(int, int) bool) { yield(1, 2) }
}
func (m varied) Close() error                            { return nil }
func (m varied) CompareAndSwap(k int, old, new int) bool { return false }
func (m varied) Swap(k, v int) (int, bool) { // only if present
	old, ok := m[k]
	if ok {
		m[k] = v
	}
	return old, ok
}

func TestVaried(t *testing.T) {
	tgt, r, err := Target[int, int]("varied", func() any { return varied{} })
	if err != nil {
		t.Fatal(err)
	}
	if r.Key != "int" || !slices.Contains(r.Taken, "delete: Del") || !slices.Contains(r.Taken, "close: Close") || len(r.Unknown) > 0 {
		t.Errorf("%+v", r)
	}
	// What does not do what its name says is left out, and that is said.
	want := []string{"Swap: of an absent key it does not leave", "CompareAndSwap: of the value it answers false", "Range: of 2 entries it meets 1"}
	if len(r.Left) != len(want) {
		t.Fatalf("left out %q", r.Left)
	}
	for i := range want {
		if !strings.HasPrefix(r.Left[i], want[i]) {
			t.Errorf("left out %q; want %q", r.Left[i], want[i])
		}
	}
	m := tgt.Variants[0].New()
	m.Store(7, 8)
	if v, ok := m.Load(7); !ok || v != 8 || m.Len() != 1 || m.Swap != nil || m.Range != nil || m.CompareAndSwap != nil || m.Delete == nil {
		t.Errorf("loaded %d, %v; %+v", v, ok, m.Map)
	}
}

// TestBuiltin: nothing of the built-in targets' maps is left out.
func TestBuiltin(t *testing.T) {
	for _, tgt := range target.Builtin() {
		v := tgt.Variants[0]
		fresh := func() target.Map[uint64, uint64] { return v.New().Map }
		same := func(code uint64) uint64 { return code }
		if _, left := Settle(fresh(), fresh, same, same); len(left) > 0 && tgt.Name != "sync.Map" {
			t.Errorf("%s: left out %q", tgt.Name, left)
		}
	}
}

// A bounded map holds 100 entries, and forgets some one of them for each further one; a
// wrong one does not count that.
type bounded struct {
	m     map[int]int
	wrong bool
}

func (m *bounded) Get(k int) (int, bool) { v, ok := m.m[k]; return v, ok }
func (m *bounded) Set(k, v int) {
	if len(m.m) == 100 {
		for k := range m.m {
			delete(m.m, k)
			break
		}
	}
	m.m[k] = v
}
func (m *bounded) Len() int {
	if m.wrong {
		return many
	}
	return len(m.m)
}

// A late map shows what is stored later.
type late struct{ now, next map[int]int }

func (m *late) Get(k int) (int, bool) { v, ok := m.now[k]; return v, ok }
func (m *late) Set(k, v int)          { m.now, m.next = m.next, map[int]int{k: v} }

func TestCaches(t *testing.T) {
	for _, wrong := range []bool{false, true} {
		tgt, r, err := Target[int, int]("bounded", func() any { return &bounded{map[int]int{}, wrong} })
		if err != nil || r.Evicts == wrong || (tgt.Contract.Load.Level == target.Lossy) == wrong {
			t.Errorf("wrong %v: %+v, %v", wrong, r, err)
		}
	}
	_, r, err := Target[int, int]("late", func() any { return &late{} })
	if err != nil || len(r.Left) != 1 || r.Left[0] != "Store: it does not leave the value that it should" {
		t.Errorf("late: %+v, %v", r, err)
	}
	if _, varied, _ := Target[int, int]("varied", func() any { return varied{} }); r.Inserts() || !varied.Inserts() {
		t.Errorf("late inserts: %v; varied: %v", r.Inserts(), varied.Inserts())
	}
}

func TestNoCodec(t *testing.T) {
	if _, _, err := Target[bool, int]("m", func() any { return plain{} }); err == nil || !strings.HasPrefix(err.Error(), "keys: bool has no part") {
		t.Errorf("of keys without a codec: %v", err)
	}
}
