package build

import (
	"bytes"
	"context"
	"errors"
	"go/build"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/mapstress/mapstress/target/methods"
)

// A user's module: an old one, with an internal package that has a replaced one and a
// vendored one to import.
const user = `
-- go.mod --
module example.com/app

go 1.18

require example.com/kept v1.0.0

replace example.com/kept => ./elsewhere
-- elsewhere/go.mod --
module example.com/kept

go 1.18
-- elsewhere/kept.go --
package kept

type Entry struct{ N int }

const Shards = 8
-- a/internal/cache/cache.go --
package cache

import (
	"sync"

	"example.com/kept"
)

type Entry = kept.Entry

type Cache[K comparable, V any] struct {
	mu sync.Mutex
	m  map[K]V
}

type Option func(*int)

func WithShards(n int) Option { return func(p *int) { *p = n } }

func New[K comparable, V any](options ...Option) *Cache[K, V] { return &Cache[K, V]{m: map[K]V{}} }

func (c *Cache[K, V]) Get(k K) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.m[k]
	return v, ok
}

func (c *Cache[K, V]) Set(k K, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.m[k] = v
}

func (c *Cache[K, V]) Has(k K) bool { _, ok := c.Get(k); return ok }

// Each visits the entries. No key will be visited more than once.
func (c *Cache[K, V]) Each(f func(K, V) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k, v := range c.m {
		if err := f(k, v); err != nil {
			return err
		}
	}
	return nil
}
-- shapes/shapes.go --
package shapes

import (
	"context"
	"errors"
	"sync"
	"time"
)

// A Map has a method of each shape that a map of the world's was seen to have. It is not
// safe for concurrent use, it says.
type Map struct {
	mu sync.Mutex
	m  map[any]int
}

func New(hash func(any) uint64, capacity uint32) (*Map, func(), error) {
	return &Map{m: map[any]int{}}, func() {}, nil
}

func (m *Map) do(f func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f()
}

// A Key is any, by another name.
type Key interface{}

func (m *Map) Get(k Key) (v int, err error) {
	err = errors.New("not there")
	m.do(func() {
		if x, ok := m.m[k]; ok {
			v, err = x, nil
		}
	})
	return v, err
}

func (m *Map) GetIfPresent(k any) (v *int) {
	m.do(func() {
		if x, ok := m.m[k]; ok {
			v = &x
		}
	})
	return v
}

func (m *Map) Has(k any) (ok bool)                     { m.do(func() { _, ok = m.m[k] }); return ok }
func (m *Map) Contains(k any) (ok bool)                { return false }
func (m *Map) Set(k Key, lifetime time.Duration, v int) { m.do(func() { m.m[k] = v }) }
func (m *Map) Delete(keys ...any) {
	for _, k := range keys {
		m.Remove(k)
	}
}

func (m *Map) Copy() *Map {
	c := &Map{m: map[any]int{}}
	m.do(func() {
		for k, v := range m.m {
			c.m[k] = v
		}
	})
	return c
}

func (m *Map) Snapshot() *Map { return m }

type T interface{}

func (m *Map) Iter(f func(T, int) bool) {
	m.All()(func(k any, v int) bool { return f(k, v) })
}

func (m *Map) CopyData() map[any]int { return m.Items() }

func (m *Map) Clone() map[any]int { return m.m }

func (m *Map) Remove(k any) (was bool) { m.do(func() { _, was = m.m[k]; delete(m.m, k) }); return was }

func (m *Map) SetIfAbsent(k any, v int) (stored bool) {
	m.do(func() {
		if _, there := m.m[k]; !there {
			m.m[k], stored = v, true
		}
	})
	return stored
}

func (m *Map) ContainsKey(k any) (bool, error) { return m.Has(k), nil }

func (m *Map) PutIfAbsent(k any, v int) (before *int, err error) {
	m.do(func() {
		if x, there := m.m[k]; there {
			before = &x
		} else {
			m.m[k] = v
		}
	})
	return before, nil
}

func (m *Map) RemoveEntry(k any, v int) (removed bool, err error) {
	m.do(func() {
		if x, there := m.m[k]; there && x == v {
			delete(m.m, k)
			removed = true
		}
	})
	return removed, nil
}

type Held struct{ Value int }

type Option func(*Held)

func (m *Map) GetOrSetFunc(k any, f func() int, options ...Option) (*Held, bool) {
	before, _ := m.PutIfAbsent(k, f())
	if before != nil {
		return &Held{*before}, true
	}
	return m.held(k), false
}

func (m *Map) held(k any) *Held { v, _ := m.Get(k); return &Held{v} }

func (m *Map) ContainsOrAdd(k any, v int) (there, evicted bool) { return !m.SetIfAbsent(k, v), false }

func (m *Map) Add(k any, v int, _ time.Duration) error {
	if !m.SetIfAbsent(k, v) {
		return errors.New("it is there")
	}
	return nil
}

func (m *Map) GetOrCreate(k any, f func() int) (v int) {
	m.do(func() {
		var ok bool
		if v, ok = m.m[k]; !ok {
			v = f()
			m.m[k] = v
		}
	})
	return v
}

func (m *Map) GetOrFetch(_ context.Context, k any, f func(context.Context) (int, error)) (int, error) {
	return m.GetOrCreate(k, func() int { v, _ := f(context.Background()); return v }), nil
}

func (m *Map) LoadOrCompute(k any, f func() (int, bool)) (v int, loaded bool) {
	m.do(func() {
		if v, loaded = m.m[k]; !loaded {
			if x, cancel := f(); !cancel {
				v, m.m[k] = x, x
			}
		}
	})
	return v, loaded
}

func (m *Map) Pop(k any) (v int, ok bool) {
	m.do(func() { v, ok = m.m[k]; delete(m.m, k) })
	return v, ok
}

func (m *Map) Upsert(k any, f func(old int, there bool) int) {
	m.do(func() { old, ok := m.m[k]; m.m[k] = f(old, ok) })
}

func (m *Map) Update(k any, f func(old int, there bool) (v int, keep bool)) {
	m.do(func() {
		old, ok := m.m[k]
		if v, keep := f(old, ok); keep {
			m.m[k] = v
		} else {
			delete(m.m, k)
		}
	})
}

func (m *Map) All() func(func(any, int) bool) {
	return func(yield func(any, int) bool) {
		for k, v := range m.Items() {
			if !yield(k, v) {
				return
			}
		}
	}
}

func (m *Map) Items() map[any]int {
	all := map[any]int{}
	m.do(func() {
		for k, v := range m.m {
			all[k] = v
		}
	})
	return all
}

func (m *Map) Keys() (all []any) {
	for k := range m.Items() {
		all = append(all, k)
	}
	return all
}

func (m *Map) Values() []int         { return nil }
func (m *Map) Count() (n uint64)     { m.do(func() { n = uint64(len(m.m)) }); return n }
func (m *Map) EstimatedSize() int    { return 7 }
func (m *Map) Purge() error          { m.do(func() { m.m = map[any]int{} }); return nil }
func (m *Map) Replace(a, b, c, d int) {}
-- bad/bad.go --
package bad

import "os"

type None struct{}

type Map struct{}

func (Map) Get(k int) (int, bool) { return 0, false }
func (Map) Set(k, v int)          {}

func Sized(n int) *Map { return &Map{} }

type (
	Size    int64
	Options struct{ Size int }
)

var DefaultOptions = Options{8}

type Loop interface{ Loop() }

func DefaultLoop(l Loop) Loop   { return l }
func Looped(l Loop) *Map        { return &Map{} }
func Measured(n Size) *Map      { return &Map{} }
func Configured(o Options) *Map { return &Map{} }

type Once struct{ m map[int]int }

func (o *Once) Get(k int) (int, bool) { v, ok := o.m[k]; return v, ok }

func (o *Once) Put(k, v int) {
	if _, ok := o.m[k]; !ok {
		o.m[k] = v
	}
}

type Plain map[int]int

func (p Plain) Get(k int) (int, bool) { v, ok := p[k]; return v, ok }
func (p Plain) Set(k, v int)          { p[k] = v }

var Shared = Plain{}

func NewOnce() *Once { return &Once{map[int]int{}} }

type Flags struct{ m map[int]uint8 }

func (f *Flags) Get(k int) (uint8, error) { return f.m[k], nil }
func (f *Flags) Set(k int, v uint8) error { f.m[k] = v; return nil }

func NewFlags() *Flags { return &Flags{map[int]uint8{}} }

func Named(name string) *Map { return nil }
func Panics() *Map     { panic("no such luck") }
func Fails() (*Map, error) { return nil, os.ErrPermission }
func Blocks() *Map     { select {} }
func Exits() *Map      { os.Exit(0); return nil }

type Later struct{ Map }

func ExitsLater() *Later { return &Later{} }
func (*Later) Set(k, v int) { os.Stdout.WriteString("full"); os.Exit(3) }
func Prints() *Map     { os.Stdout.WriteString("{}\n"); return &Map{} }
-- loud/loud.go --
package loud

import (
	"fmt"
	"os"
	"sync"
	"time"
)

// Unread is a map without a way to read it.
type Unread struct{}

func (Unread) Set(k, v int) {}

// A Map prints and has goroutines, and is a map all the same.
type Map struct{ m sync.Map }

func New() *Map {
	fmt.Println("a {map}")
	fmt.Fprintln(os.Stderr, "panic: no, it is well")
	go func() {
		for {
			time.Sleep(time.Millisecond)
		}
	}()
	return &Map{}
}

func (m *Map) Get(k int) (int, bool) { v, ok := m.m.Load(k); n, _ := v.(int); return n, ok }
func (m *Map) Set(k, v int)          { fmt.Println(k, v); m.m.Store(k, v) }
-- stuck/stuck.go --
package stuck

import "sync"

func init() {
	var mu sync.Mutex
	mu.Lock()
	mu.Lock()
}

func New() int { return 1 }
-- fails/fails.go --
package fails

func init() { panic("no such file") }

func New() int { return 1 }
-- broken/broken.go --
package broken

func New() int { return "a" }
-- withcgo/cgo.go --
package withcgo

import "C"

func New() *Map { return nil }

type Map struct{}
-- main.go --
package main

func main() {}
`

// unpack writes the user's module, goes there, and returns what is in it.
func unpack(t *testing.T) (state func() string) {
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(user)).Files {
		file := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chdir(dir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chdir(startedIn) })
	return func() string {
		var all strings.Builder
		err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(name)
			all.WriteString(name + "\n" + string(data))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return all.String()
	}
}

// TestInside: an internal package of the user's own module is reached, and one that it imports,
// and nothing is written there, although the go command was told that it may.
func TestInside(t *testing.T) {
	if testing.Short() {
		t.Skip("it calls the compiler")
	}
	ownCache(t)
	state := unpack(t)
	before := state()
	t.Setenv("GOFLAGS", "-mod=mod -cover") // neither of which is for the child
	sources := only(os.DirFS(checkoutPath(t)))
	spec := Spec{Package: "./a/internal/cache", Expr: "New[string,*Entry](cache.WithShards(kept.Shards))"}
	c, err := New(context.Background(), sources, spec)
	if err != nil {
		t.Fatal(err)
	}
	if after := state(); after != before {
		t.Errorf("the module was changed:\n%s\nwant\n%s", after, before)
	}
	if once := c.Report.Once["Each"]; once != "No key will be visited more than once" {
		t.Errorf("of Each it is documented that %q", once)
	}
	if want := []string{"load: Get", "load: Has", "store: Set", "range: Each"}; !slices.Equal(c.Report.Taken, want) || !c.Local {
		t.Errorf("took %q; want %q", c.Report.Taken, want)
	}
	if want := "example.com/app/a/internal/cache New[string,*Entry](cache.WithShards(kept.Shards))"; c.Spec.String() != want || c.Report.Value != "*kept.Entry" {
		t.Errorf("%s, with values of type %s; want %s", c.Spec, c.Report.Value, want)
	}
	if !Fixed(context.Background(), c.Spec) || !Fixed(context.Background(), spec) || Fixed(context.Background(), Spec{Package: "example.com/other"}) {
		t.Error("what is of the module at hand has its version, and nothing else")
	}
	// By its import path it is the same, until the sources change.
	again, err := New(context.Background(), sources, c.Spec)
	if err != nil || again.Command[0] != c.Command[0] {
		t.Errorf("built again: %v", err)
	}
	hooked(t, c)
	vetted(t, c)
	edit(t, "elsewhere/kept.go", "N int", "N, M int")
	if b, err := c.begin(context.Background(), sources); err != nil || b.kept == filepath.Dir(c.Command[0]) {
		t.Errorf("not built again after a change: %v", err)
	}
}

// hooked: the child for controlled runs takes what the plain one has found out of the methods, unless
// that does not compile.
func hooked(t *testing.T, plain *Child) {
	t.Helper()
	file := filepath.Join(filepath.Dir(plain.Command[0]), adapterFile)
	found, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	spec, sources := plain.Spec, only(os.DirFS(checkoutPath(t)))
	spec.Controlled = true
	for expr, want := range map[string]string{plain.Adapter.Expr + " /* found out */": " /* found out */", "cache.None()": ""} {
		if err := os.WriteFile(file, bytes.ReplaceAll(found, []byte(plain.Adapter.Expr), []byte(expr)), 0o666); err != nil {
			t.Fatal(err)
		}
		c, err := New(context.Background(), sources, spec)
		if err != nil {
			t.Fatal(err)
		}
		if want := plain.Adapter.Expr + want; c.Adapter.Expr != want || !slices.Equal(c.Report.Taken, plain.Report.Taken) {
			t.Errorf("made by %s, with %q; want %s, and %q", c.Adapter.Expr, c.Report.Taken, want, plain.Report.Taken)
		}
		if err := os.RemoveAll(filepath.Dir(c.Command[0])); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(file, found, 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestShapes: what each of the shapes of a method is taken for, and what is said of others.
func TestShapes(t *testing.T) {
	if testing.Short() {
		t.Skip("it calls the compiler")
	}
	ownCache(t)
	unpack(t)
	c, err := New(context.Background(), only(os.DirFS(checkoutPath(t))), Spec{Package: "./shapes", Expr: "New(nil, 8)"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"load: Get", "load: GetIfPresent", "load: Has", "load: ContainsKey", "store: Set", "delete: Delete", "delete that answers: Remove",
		"load-or-store: PutIfAbsent", "load-or-store: SetIfAbsent", "load-or-store: ContainsOrAdd", "load-or-store: Add", "load-or-store: LoadOrCompute", "load-or-store: GetOrCreate", "load-or-store: GetOrSetFunc",
		"load-and-delete: Pop", "swap: Upsert", "compare-and-delete: RemoveEntry", "compute: Update", "range: All", "range: Items", "range: Keys", "len: Count", "clear: Purge", "clone: Copy", "clone: CopyData", "close: the function that comes with it"}
	if !slices.Equal(c.Report.Taken, want) {
		t.Errorf("took\n%q; want\n%q", c.Report.Taken, want)
	}
	const said = "It is not safe for concurrent use, it says."
	again, err := New(context.Background(), only(os.DirFS(checkoutPath(t))), Spec{Package: "./shapes", Expr: "New(nil, 8)"})
	if err != nil || c.Report.Unsafe != said || again.Report.Unsafe != said {
		t.Errorf("unsafe by %q, and when it is found again by %q, %v; want %q", c.Report.Unsafe, again.Report.Unsafe, err, said)
	}
	if source, err := c.TestFile(); err != nil || strings.Contains(string(source), "Copy()") || !strings.Contains(string(source), "\tcontract.Unsafe = true // it is not for concurrent use") || !strings.Contains(string(source), "mapstress.Promising(contract)") {
		t.Errorf("%v, and no word of it in\n%s", err, source)
	} else if made := "m, stop, err := shapes.New(nil, 8)\n\t\tif err != nil {\n\t\t\tt.Fatal(err)\n"; !strings.Contains(string(source), made) || !strings.Contains(string(source), "func() { stop() },\n") {
		t.Errorf("want %q, and it stopped, in\n%s", made, source)
	}
	// Only the shape that deletes by Remove looks at what that answers.
	if remove := func(o methods.Other) bool { return o.Remove > 0 }; c.Report.Choice.Remove > 0 || !slices.ContainsFunc(c.Report.Others, remove) {
		t.Errorf("chose %+v, and of others %+v", c.Report.Choice, c.Report.Others)
	}
	if want := []string{"Contains: as load, it does not leave the value that it should: there is none", "Clone: as clone, what is deleted later is not in it either", "Snapshot: as clone, what is deleted later is not in it either"}; !slices.Equal(c.Report.Left, want) {
		t.Errorf("left out\n%q; want\n%q", c.Report.Left, want)
	}
	var unused []string
	for _, u := range c.Report.Unused {
		unused = append(unused, u.String())
	}
	if want := []string{"EstimatedSize (an estimate)", "GetOrFetch (callers may share what one of them loads)", "Iter(func(any, int) (bool)) (an argument is of a type that cannot be named)",
		"Replace(int, int, int, int) (a swap takes a key and a value, and answers what was there)", "Values (no keys in the answer)"}; !slices.Equal(unused, want) {
		t.Errorf("not used\n%q; want\n%q", unused, want)
	}
}

// vetted has go vet look at the adapter as a test of the user's module, which requires
// mapstress then.
func vetted(t *testing.T, c *Child) {
	t.Helper()
	source, err := c.TestFile()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"package cache_test\n", "\t\"testing\"\n\n\t\"example.com/app/a/internal/cache\"\n", "m := cache.New[string, *cache.Entry](cache.WithShards(kept.Shards))\n", "mapstress.Map[string, *kept.Entry]{\n", "Load:  m.Get,\n", "Range: func(yield func(string, *kept.Entry) bool) {\n", "contract.Range = target.Promise{Level: target.Weak, Quote: \"No key will be visited more than once\"}\n"} {
		if !strings.Contains(string(source), want) {
			t.Errorf("want %q in the adapter:\n%s", want, source)
		}
	}
	own, err := os.ReadFile(filepath.Join(checkoutPath(t), "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	_, requires, _ := strings.Cut(string(own), "\n") // all but the module's name
	requires = "module example.com/app\n" + requires + "\nrequire (\n\t" + ours + " v0.0.0\n\texample.com/kept v1.0.0\n)\n\nreplace (\n\t" + ours + " => " + checkoutPath(t) + "\n\texample.com/kept => ./elsewhere\n)\n"
	sums, err := os.ReadFile(filepath.Join(checkoutPath(t), "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	for file, data := range map[string]string{"go.mod": requires, "go.sum": string(sums), "a/internal/cache/stress_test.go": string(source)} {
		if err := os.WriteFile(file, []byte(data), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	g := newCommand("")
	if _, err := g.run(context.Background(), "", "vet", "./a/internal/cache"); err != nil {
		t.Errorf("%v\n%s", err, source)
	}
}

func edit(t *testing.T, file, old, new string) {
	data, err := os.ReadFile(file)
	if err == nil {
		err = os.WriteFile(file, []byte(strings.Replace(string(data), old, new, 1)), 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func checkoutPath(t *testing.T) string {
	path, err := filepath.Abs(startedIn + "/../..")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// startedIn is the package's directory, which tests leave.
var startedIn, _ = os.Getwd()

// TestBadInput: each has one clear error.
func TestBadInput(t *testing.T) {
	if testing.Short() {
		t.Skip("it calls the compiler")
	}
	ownCache(t)
	unpack(t)
	t.Setenv("CGO_ENABLED", "0")
	sources := only(os.DirFS(checkoutPath(t)))
	defer func(usual time.Duration) { patience = usual }(patience)
	for _, test := range []struct {
		pkg, expr string
		want      string
		compiler  bool
	}{
		{"./nothere", "New()", "nothere", false},
		{"syncc", "Map", "package syncc is not in std", false},
		{".", "New()", "package . is a program, which cannot be imported", false},
		{"./broken", "New()", `cannot use "a"`, true},
		{"./withcgo", "New()", "build constraints exclude all Go files", true},
		{"./bad", "NoSuch()", "undefined: NoSuch", true},
		{"./bad", "Sized", "no method loads what another one stores:\n  Set: with Get, it does not leave the value that it should: there is none\n  the map was made by Sized(8192): give the whole expression", false},
		{"./bad", "Measured", "no method loads what another one stores:\n  Set: with Get, it does not leave the value", false},
		{"./bad", "Configured", "no method loads what another one stores:\n  Set: with Get, it does not leave the value", false},
		{"./bad", "NewOnce", "no method stores as it should:\n  Put: as store, of a present key it does not leave the value", false},
		{"./bad", "NewFlags", "values: uint8 has no part that can hold a number of 31 bits, by which each is told from all others; want another type", false},
		{"./bad", "Named", "not enough arguments in call to Named", true},
		{"./bad", "Looped", "not enough arguments in call to Looped", true},
		{"./bad", "DefaultOptions", "type bad.Options has no methods", false},
		{"./bad", "Shared", "the expression gives the same map each time, with what is in it; want one that makes a new map", false},
		{"./bad", "Absent", "\n  Absent was taken for Absent() or new(Absent): give the whole expression if it is another", true},
		{"./loud", "Unread{}", "no method that loads: want one such as Load(key) (value, bool)", false},
		{"./stuck", "New()", "the process died (exit status 2) as its packages were initialized; it printed:\nfatal error: all goroutines are asleep - deadlock!", false},
		{"./fails", "New()", "the process died (exit status 2) as its packages were initialized; it printed:\npanic: no such file", false},
		{"./bad", "None", "type *bad.None has no methods", false},
		{"./bad", "Panics()", "as Panics() made a map; it printed:\npanic: no such luck", false},
		{"./bad", "Fails()", "permission denied", false},
		{"./bad", "Exits()", "the process ended as Exits() made a map: it must not call os.Exit; it printed nothing", false},
		{"./bad", "ExitsLater()", "the process ended (exit status 3) as its methods were tried, one by one: it must not call os.Exit; it printed:\nfull", false},
		{"./bad", "Blocks()", "all goroutines are asleep - deadlock!", false},
		{"./bad", "Prints()", "no method loads what another one stores:\n  Set: with Get, it does not leave the value", false},
	} {
		_, err := New(context.Background(), sources, Spec{Package: test.pkg, Expr: test.expr})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s %s: got %v; want %s", test.pkg, test.expr, err, test.want)
		}
		var said *CommandError
		if errors.As(err, &said) != test.compiler {
			t.Errorf("%s %s: said by the compiler: %v, %v", test.pkg, test.expr, !test.compiler, err)
		}
	}
	if runtime.GOARCH == "amd64" { // else there are no controlled runs
		_, err := New(context.Background(), sources, Spec{Package: "./withcgo", Expr: "New()", Controlled: true})
		if err == nil || !strings.Contains(err.Error(), "for controlled runs it is built without cgo, which leaves no file of example.com/app/withcgo: ") {
			t.Errorf("with cgo, to be controlled: %v", err)
		}
	}
	if _, err := New(context.Background(), sources, Spec{Package: "./loud", Expr: "New()"}); err != nil {
		t.Errorf("of a map that prints and has goroutines: %v", err)
	}
	t.Run("nowhere", func(t *testing.T) {
		t.Setenv("GOPROXY", "off")
		_, err := New(context.Background(), sources, Spec{Package: "example.com/none", Version: "3.0.0", Expr: "New()"})
		if err == nil || !strings.Contains(err.Error(), "go get example.com/none@3.0.0 failed:") || !strings.HasSuffix(err.Error(), "\n  did you mean example.com/none@v3.0.0?") {
			t.Errorf("a version that is not there: %v", err)
		}
	})
	// As of Go 1.26 new(Named) points to a function.
	if slices.Contains(build.Default.ReleaseTags, "go1.26") {
		edit(t, "go.mod", "go 1.18", "go 1.26")
		if _, err := New(context.Background(), sources, Spec{Package: "./bad", Expr: "Named"}); err == nil || !strings.Contains(err.Error(), "not enough arguments in call to Named") {
			t.Errorf("of a function that wants an argument: %v", err)
		}
	}
	// One that has goroutines of its own never ends.
	patience = 100 * time.Millisecond
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("MAPSTRESS_TEST_BLOCKS", "1")
	err = (&Child{}).try(context.Background(), program, filepath.Join(t.TempDir(), "x"), "as it began")
	if err == nil || !strings.Contains(err.Error(), "nothing came of it in 100ms, as it began: it blocks, or") {
		t.Errorf("of what never ends: %v", err)
	}
}

// TestSilent: a go command that dies without a word, as one does that is killed for want of
// memory, is said to have.
func TestSilent(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	g := goCommand{program: program, env: append(os.Environ(), "MAPSTRESS_TEST_SILENT=1")}
	_, err = g.run(context.Background(), "", "build")
	var said *CommandError
	if !errors.As(err, &said) || said.Error() != "go build failed:\nexit status 7" {
		t.Errorf("got %v", err)
	}
}

func TestMain(m *testing.M) {
	if os.Getenv("MAPSTRESS_TEST_SILENT") != "" {
		os.Exit(7)
	}
	if os.Getenv("MAPSTRESS_TEST_BLOCKS") != "" {
		time.Sleep(time.Hour)
	}
	os.Exit(m.Run())
}
