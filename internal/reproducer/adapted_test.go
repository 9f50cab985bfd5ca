package reproducer

import (
	"strings"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/match"
	"github.com/mapstress/mapstress/oracle"
)

// around is the planted map with methods that a program cannot call as they are.
const around = `package planted

import (
	"context"
	"errors"
	"time"
)

type Around struct{ m *Map[string, int] }

func NewAround() (*Around, func() error, error) {
	m := New[string, int](Small)
	return &Around{m}, func() error { m.Close(); return nil }, nil
}

func (a *Around) Fetch(_ context.Context, k string) (int, bool) { return a.m.Get(k) }

func (a *Around) Add(k string, v int, ttl time.Duration) (stored bool, err error) {
	if ttl == 0 {
		return false, errors.New("over at once")
	}
	_, loaded := a.m.GetOrSet(k, v)
	return !loaded, nil
}

func (a *Around) Put(_ context.Context, v int, k string, ttl time.Duration) { a.m.Set(k, v, 0) }

func (a *Around) Forget(k string) (int, error) {
	a.m.Remove(k)
	return 1, nil
}

func (a *Around) Names() []string { return nil }
`

// adapted is a case of that map. Its Add is called by two others, of which one loads.
func adapted(t *testing.T) sample {
	m := plantedMap("string", "int")
	m.Expr, m.Rest = "NewAround()", []string{"stop", "err"}
	m.Others = map[string]string{"time": "time", "io": "io", "example.com/unused": "unused"}
	m.Methods = map[history.Kind]Method{
		history.Load:        {Name: "Fetch", Signature: "func(context.Context, string) (int, bool)", Code: "func(k string) (v int, ok bool) { return m.Fetch(context.Background(), k) }"},
		history.Store:       {Name: "Put", Signature: "func(context.Context, int, string, time.Duration)", Code: "func(k string, v int) { m.Put(context.Background(), v, k, time.Hour) }"},
		history.LoadOrStore: {Name: "Add", Code: "func(k string, v int) (int, bool) {\nstored, _ := m.Add(k, v, time.Hour)\nif stored {\nreturn v, false\n}\nx, _ := load(k)\nreturn x, true\n}"},
		history.Delete:      {Name: "Forget", Signature: "func(string) (int, error)", Code: "unused.None()"},
		history.Range:       {Name: "Names", Code: "func(yield func(string, int) bool) {\nfor _, k := range m.Names() {\nif v, ok := load(k); ok && !yield(k, v) {\nreturn\n}\n}\n}"},
	}
	m.Remove = Method{Name: "Forget", Code: "func(k string) bool {\nn, _ := m.Forget(k)\nreturn n > 0\n}"}
	return sample{m, caseOf(t, oracle.SilentCorruption, oracle.LostUpdate, "prefill 1\nw0 load-or-store k2 v3\nw0 load k2\nw1 load-or-store k2 v4\nw1 range\nw1 delete k1\n",
		"prefill k1=v1\nw0 [1..5] load-or-store k2 v3 -> v3 stored\nw1 [2..6] load-or-store k2 v4 -> v4 stored\nw0 [7..8] load k2 -> v4\nw1 [9..10] delete k1 -> true\nrest load k1 -> absent\nrest load k2 -> v4\n", 0, 1),
		`mAdd("2...2", 3) = 3, false`}
}

// TestAdapted: which functions are written, and which methods are called as they are.
func TestAdapted(t *testing.T) {
	s := adapted(t)
	source, err := Write(s.c, s.m, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"m, stop, err := planted.NewAround()\n\tif err != nil {\n\t\tpanic(err)\n\t}\n\tdefer stop()\n",
		"\tmAdd := func(", "\tmNames := func(", "\tmForget := func(", "\tmPut := func(", "x, _ := mFetch(k)", "mFetch := func(", ".ok = mForget(", "m.Fetch(context.Background(), ",
	} {
		if !strings.Contains(string(source), want) {
			t.Errorf("%q is not in\n%s", want, source)
		}
	}
}

// standIns is a case of the planted map with values that are interfaces, for which numbers stand.
func standIns(t *testing.T) sample {
	m := plantedMap("int", "int")
	m.Expr, m.Others = "New[int,io.Closer](Small)", map[string]string{"io": "io"}
	a := match.Adapter{ValueOf: match.Type{Text: "io.Closer", Kind: "interface", Methods: []match.Method{{Name: "Close", Out: []match.Type{{Text: "error", Kind: "interface"}}}}}}
	m.StandIns = a.StandIns()
	m.Methods = map[history.Kind]Method{
		history.Load:        {Name: "Get", Code: "func(k int) (v int, ok bool) {\nx, found := m.Get(k)\nif found {\nv, ok = itsValue(x), true\n}\nreturn v, ok\n}"},
		history.LoadOrStore: {Name: "GetOrSet", Code: "func(k int, v int) (int, bool) {\nx, found := m.GetOrSet(k, aValue(v))\nreturn itsValue(x), found\n}"},
	}
	return sample{m, caseOf(t, oracle.SilentCorruption, oracle.LostUpdate, "w0 load-or-store k2 v3\nw1 load-or-store k2 v4\n",
		"w0 [1..5] load-or-store k2 v3 -> v3 stored\nw1 [2..6] load-or-store k2 v4 -> v4 stored\nrest load k2 -> v4\n", 0, 1),
		"mGetOrSet(2, 3) = 3, false"}
}
