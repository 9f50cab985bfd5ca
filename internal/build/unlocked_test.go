package build

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/internal/match"
)

// TestSynchronizes: whatever may synchronize is seen, wherever a method has it from; and of what does
// not, that it does not.
func TestSynchronizes(t *testing.T) {
	const get, set = "func (m *Map) Get(k int) int { return m.m[k] }\n", "func (m *Map) Set(k, v int) { m.m[k] = v }\n"
	for name, test := range map[string]struct {
		imports, fields, rest string
		other, assembly       string // of a package that it may import, and its own
		want                  bool
	}{
		"nothing":          {rest: get + set},
		"a list":           {imports: "container/list", fields: "l *list.List", rest: get + set + "func (m *Map) Push(v int) { m.l.PushFront(v) }\n"},
		"a hash":           {fields: "hash func(int) int", rest: get + "func (m *Map) Set(k, v int) { m.m[m.hash(k)] = v }\n"},
		"an own interface": {fields: "s store", rest: get + set + "type store interface{ put() }\ntype one struct{}\nfunc (one) put() {}\nfunc (m *Map) Put() { m.s.put() }\n"},
		"a copy":           {imports: "sync", rest: get + set + "var mu sync.Mutex\nfunc (m *Map) Copy() *Map { mu.Lock(); defer mu.Unlock(); return new(Map) }\n"},
		"a pool":           {imports: "sync", rest: get + set + "var pool sync.Pool\nfunc (m *Map) Print() { x := pool.Get(); pool.Put(x) }\n"},
		"its own kind":     {imports: "reflect", rest: get + set + "func (m *Map) Kind(x any) (k reflect.Kind) { return reflect.TypeOf(x).Kind() }\n"},
		"sums":             {rest: get + "func sum(p *int)\nfunc (m *Map) Set(k, v int) { sum(&v) }\n", assembly: "TEXT ·sum(SB), 0, $0-8\n\tRET\n"},
		"another package":  {imports: "cache/other", rest: get + "func (m *Map) Set(k, v int) { m.m[other.Hash(k)] = v; new(other.List).Push(v) }\n", other: "func Hash(k int) int { return k }\ntype List struct{ all []int }\nfunc (l *List) Push(v int) { l.all = append(l.all, v) }\n"},
		"another's lock":   {imports: "sync", rest: get + set + "type Other struct{ sync.Mutex }\nfunc (o *Other) Get() { o.Lock() }\n"},

		"a lock":           {imports: "sync", fields: "mu sync.Mutex", rest: get + "func (m *Map) Set(k, v int) { m.mu.Lock(); defer m.mu.Unlock(); m.m[k] = v }\n", want: true},
		"an embedded lock": {imports: "sync", fields: "sync.Mutex", rest: get + set, want: true},
		"a global lock":    {imports: "sync", rest: get + "var mu sync.Mutex\nfunc lock() { mu.Lock() }\nfunc (m *Map) Set(k, v int) { lock(); m.m[k] = v; mu.Unlock() }\n", want: true},
		"in a closure":     {imports: "sync", fields: "mu sync.Mutex", rest: set + "func (m *Map) All() func() { return func() { m.mu.Lock() } }\n", want: true},
		"a locker":         {imports: "sync", fields: "l sync.Locker", rest: get + "func (m *Map) Set(k, v int) { m.l.Lock(); m.m[k] = v; m.l.Unlock() }\n", want: true},
		"a lock's func":    {fields: "lock func()", rest: get + "func (m *Map) Set(k, v int) { m.lock(); m.m[k] = v }\n", want: true},
		"an atomic":        {imports: "sync/atomic", fields: "p atomic.Pointer[int]", rest: get + "func (m *Map) Set(k, v int) { m.p.Store(&v) }\n", want: true},
		"an atomic's func": {imports: "sync/atomic", fields: "n int64", rest: get + "func (m *Map) Set(k, v int) { atomic.AddInt64(&m.n, 1) }\n", want: true},
		"a channel":        {fields: "c chan int", rest: get + "func (m *Map) Set(k, v int) { m.c <- v }\n", want: true},
		"a goroutine":      {rest: get + "func (m *Map) Set(k, v int) { go m.Get(k) }\n", want: true},
		"an interface":     {fields: "s interface{ put() }", rest: get + "func (m *Map) Set(k, v int) { m.s.put() }\n", want: true},
		"locked stores":    {imports: "sync", fields: "s store", rest: get + "type store interface{ put() }\ntype one struct{ sync.Mutex }\nfunc (o *one) put() { o.Lock() }\nfunc (m *Map) Set(k, v int) { m.s.put() }\n", want: true},
		"assembly":         {rest: get + "func swap(p *int)\nfunc (m *Map) Set(k, v int) { swap(&v) }\n", want: true},
		"locked swaps":     {rest: get + "func swap(p *int)\nfunc (m *Map) Set(k, v int) { swap(&v) }\n", assembly: "TEXT ·swap(SB), 0, $0-8\n\tLOCK\n\tXCHGQ AX, (BX)\n\tRET\n", want: true},
		"a locked package": {imports: "cache/other", rest: get + "func (m *Map) Set(k, v int) { new(other.List).Push(v) }\n", other: "import \"sync\"\ntype List struct{ sync.Mutex }\nfunc (l *List) Push(v int) { l.Lock() }\n", want: true},
		"a reflected call": {imports: "reflect", rest: get + "func (m *Map) Set(f any, v int) { reflect.ValueOf(f).Call(nil) }\n", want: true},
		"no method":        {rest: "func Get() {}\n", want: true},
	} {
		dir := t.TempDir()
		source := "package cache\n\n"
		if test.imports != "" {
			source += "import \"" + test.imports + "\"\n\n"
		}
		source += "type Map struct {\n\tm map[int]int\n\t" + test.fields + "\n}\n\n" + test.rest
		for file, text := range map[string]string{"go.mod": "module cache\n\ngo 1.23\n", "cache.go": source, "cache.s": test.assembly, "other/other.go": "package other\n\n" + test.other} {
			if err := os.MkdirAll(filepath.Join(dir, "other"), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		g := newCommand("")
		g.env = append(g.env, "GOFLAGS=", "GOWORK=off")
		all, err := g.allCompiled(context.Background(), dir, ".")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got, err := synchronizes(all, match.Dynamic{Path: "cache", Name: "Map"}); got != test.want || err != nil {
			t.Errorf("%s: %v, %v; want %v", name, got, err, test.want)
		}
	}
}

// TestSilentDocs: any word of concurrency in what is said of a map leaves it to that.
func TestSilentDocs(t *testing.T) {
	for _, test := range []struct {
		pkg, typ, new, path, expr string
		want                      bool
	}{
		{path: "example.com/btree", expr: "New()", want: true},
		{path: "example.com/btree", typ: "Map is an ordered map.", new: "New makes a map.", pkg: "Package btree has trees.", expr: "New()", want: true},
		{path: "example.com/concurrent-map", expr: "New()"},
		{path: "example.com/btree", expr: "NewSync()"},
		{path: "example.com/btree", typ: "Map may be used by several goroutines.", expr: "New()"},
		{path: "example.com/btree", new: "New makes a thread-safe map.", expr: "New()"},
		{path: "example.com/btree", pkg: "Package btree has lock-free trees.", expr: "New()"},
	} {
		d := docs{pkg: test.pkg, types: map[string]string{"Map": test.typ}, funcs: map[string]string{"New": test.new, "Other": "Other makes a thread-safe map."}}
		if got := silent(&d, test.path, "Map", test.expr); got != test.want {
			t.Errorf("%+v: %v", test, got)
		}
	}
}

// TestLeaves: a documentation may leave the locks to callers, unless it says that the map is safe.
func TestLeaves(t *testing.T) {
	for _, test := range []struct{ pkg, typ, want string }{
		{typ: "Concurrency. One can use a\nsync.Mutex to wrap those calls if they are to be invoked concurrently.", want: "One can use a sync.Mutex to wrap those calls if they are to be invoked concurrently."},
		{pkg: "Callers must synchronize access.", want: "Callers must synchronize access."},
		{typ: "External locking is required.", want: "External locking is required."},
		{typ: "It has no locks."},
		{typ: "Map is safe for concurrent use. Callers must not hold locks."},
		{typ: "Locks should be held by callers of a map that is not safe for concurrent use.", want: "Locks should be held by callers of a map that is not safe for concurrent use."},
	} {
		d := docs{pkg: test.pkg, types: map[string]string{"Map": test.typ}}
		if got := leaves(&d, "Map", "New()"); got != test.want {
			t.Errorf("%+v: %q", test, got)
		}
	}
}

// TestUnlockedMap: of a map that has no lock, in a module that the user's requires, that is told with
// all else that is; of one whose documentation speaks of concurrency, or of the user's own, it is not.
func TestUnlockedMap(t *testing.T) {
	if testing.Short() {
		t.Skip("it calls the compiler")
	}
	ownCache(t)
	const source = `type Tree struct{ m map[int]int }

func New() *Tree { return &Tree{map[int]int{}} }

func (t *Tree) Get(k int) (int, bool) { v, ok := t.m[k]; return v, ok }
func (t *Tree) Set(k, v int)          { t.m[k] = v }
func (t *Tree) Delete(k int)          { delete(t.m, k) }
`
	tree := "package tree\n\n" + comment("Tree is ordered.") + source
	for _, test := range []struct{ pkg, theirs, want string }{
		{"example.com/tree", tree, unlocked},
		{"example.com/tree", "package tree\n\n" + comment("Tree is for several goroutines.") + source, ""},
		{"./own", tree, ""},
		{"example.com/tree", "package tree\n\n" + strings.NewReplacer("New() *Tree", "New() Map", "type Tree", "type tree", "&Tree", "&tree", "*Tree", "*tree").Replace(source) + "\ntype Map interface {\n\tGet(int) (int, bool)\n\tSet(int, int)\n}\n", unlocked},
	} {
		root, module := t.TempDir(), t.TempDir()
		for file, text := range map[string]string{
			filepath.Join(module, "go.mod"):    "module example.com/tree\n\ngo 1.23\n",
			filepath.Join(module, "tree.go"):   test.theirs,
			filepath.Join(root, "go.mod"):      "module example.com/user\n\ngo 1.23\n\nrequire example.com/tree v0.0.0\n\nreplace example.com/tree => " + module + "\n",
			filepath.Join(root, "user.go"):     "package user\n\nimport _ \"example.com/tree\"\n",
			filepath.Join(root, "own/tree.go"): tree,
		} {
			write(t, file, text)
		}
		if err := os.Chdir(root); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.Chdir(startedIn) })
		c, err := New(context.Background(), only(os.DirFS(checkoutPath(t))), Spec{Package: test.pkg, Expr: "New()"})
		if err != nil {
			t.Fatal(err)
		}
		if c.Report.Unsafe != test.want {
			t.Errorf("%+v: unsafe by %q", test, c.Report.Unsafe)
		}
	}
}
