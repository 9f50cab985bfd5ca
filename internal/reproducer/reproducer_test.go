package reproducer

import (
	"bytes"
	"context"
	"errors"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/match"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler"
)

// planted is a map with a bug in each method, if the environment says so.
const planted = `package planted

import (
	"os"
	"runtime"
	"sync"
)

var buggy = os.Getenv("PLANTED") == "buggy"

type Map[K comparable, V any] struct {
	mu     sync.Mutex
	m      map[K]V
	hidden map[K]V // what Store has put in, until the first Get has missed it
	n      int
}

type Entry struct{ N int }

type Place struct {
	Host string
	Port uint16
	Addr [4]byte
}

type Digest [16]byte

func New[K comparable, V any](size int) *Map[K, V] {
	if size != Small {
		panic("size")
	}
	return &Map[K, V]{m: map[K]V{}, hidden: map[K]V{}}
}

const Small = 8

func (m *Map[K, V]) Get(k K) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.m[k]
	if v, later := m.hidden[k]; later {
		m.m[k] = v
		delete(m.hidden, k)
	}
	return v, ok
}

// Put can hide what it puts in from one Get.
func (m *Map[K, V]) Put(k K, v V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if buggy {
		m.hidden[k] = v
	} else {
		m.m[k] = v
	}
}

func (m *Map[K, V]) Set(k K, v V, cost int) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, had := m.m[k]; !had {
		m.n++
	}
	m.m[k] = v
	return nil
}

// GetOrSet can look, and store without a second look.
func (m *Map[K, V]) GetOrSet(k K, v V) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if old, ok := m.m[k]; ok {
		return old, true
	}
	if buggy {
		m.mu.Unlock()
		runtime.Gosched()
		m.mu.Lock()
	}
	m.m[k] = v
	m.n++
	return v, false
}

// Assign stores, and reports whether the key is new: of which it can ask too early.
func (m *Map[K, V]) Assign(k K, v V) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, had := m.m[k]
	if buggy {
		m.mu.Unlock()
		runtime.Gosched()
		m.mu.Lock()
	}
	m.m[k] = v
	return !had
}

// Remove can count an entry that another Remove has counted.
func (m *Map[K, V]) Remove(k K) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, had := m.m[k]
	if buggy {
		m.mu.Unlock()
		runtime.Gosched()
		m.mu.Lock()
	} 
	if had {
		m.n--
	}
	delete(m.m, k)
}

func (m *Map[K, V]) Len() uintptr { return uintptr(m.n) }

// All can meet the first key twice.
func (m *Map[K, V]) All() map[K]V { return m.m }

func (m *Map[K, V]) Range(f func(K, V) bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for k, v := range m.m {
		if !f(k, v) || buggy && !f(k, v) {
			return
		}
	}
}

// Upsert can call its function twice.
func (m *Map[K, V]) Upsert(k K, f func(V, bool) (V, bool)) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	old, ok := m.m[k]
	v, gone := f(old, ok)
	if buggy {
		v, gone = f(old, ok)
	}
	if m.m[k] = v; gone {
		delete(m.m, k)
	}
	return v, !gone
}

// Clear can leave its lock held, if it meets another.
func (m *Map[K, V]) Clear() {
	m.mu.Lock()
	clear(m.m)
	if !buggy {
		m.mu.Unlock()
	}
}

// Close can leave a goroutine behind, and Flush dies.
func (m *Map[K, V]) Close() {
	if buggy {
		go func() { select {} }()
	}
}

func (m *Map[K, V]) Flush() {
	if buggy {
		panic("planted: flushed")
	}
	m.Clear()
}
`

// plantedMap is that map, with methods by kind.
func plantedMap(key, value string, kinds ...string) Map {
	kindOf := map[string]string{"int": "int", "string": "string", "*planted.Entry": "ptr", "interface {}": "interface", "planted.Place": "struct", "planted.Digest": "array"}
	of := map[string]*match.Type{"planted.Place": &place, "planted.Digest": &digest}
	m := Map{
		Package: "example.com/planted", Local: true, Expr: "New[" + key + "," + strings.TrimPrefix(value, "planted.") + "](Small)",
		Key: Type{Name: key, Kind: kindOf[key], Of: of[key]}, Value: Type{Name: value, Kind: kindOf[value], Of: of[value]}, Methods: map[history.Kind]Method{},
	}
	m.Expr = strings.ReplaceAll(m.Expr, "planted.", "")
	signatures := map[string]string{
		"Get": "func(K) (V, bool)", "Assign": "func(K, V) bool", "Put": "func(K, V)", "Set": "func(K, V, int) error", "GetOrSet": "func(K, V) (V, bool)",
		"Remove": "func(K)", "Len": "func() uintptr", "Range": "func(func(K, V) bool)", "Clear": "func()", "Flush": "func()",
		"Upsert": "func(K, func(V, bool) (V, bool)) (V, bool)",
	}
	for _, k := range kinds {
		what, name, _ := strings.Cut(k, ":")
		kind, err := history.ParseKind(what)
		if err != nil {
			m.Close = Method{Name: name, Signature: "func()"}
			continue
		}
		m.Methods[kind] = Method{Name: name, Signature: strings.NewReplacer("K", key, "V", value).Replace(signatures[name])}
	}
	return m
}

func caseOf(t *testing.T, class oracle.Class, rule, schedule, h string, events ...int) *corpus.Case {
	t.Helper()
	s, err := scheduler.Parse(scheduler.Header + "\n" + schedule)
	if err != nil {
		t.Fatal(err)
	}
	return &corpus.Case{
		Target: "planted", Verdict: oracle.Verdict{Class: class, Rule: rule, Events: events}, Schedule: s, History: h,
		Reproduced: corpus.Rate{Failed: 40, Runs: 80}, Found: corpus.Here(),
	}
}

// A sample is a case, and what its program must say of the planted bug.
type sample struct {
	m    Map
	c    *corpus.Case
	says string
}

// assigned is a case of a method that answers the contrary of what is told of a store.
func assigned(t *testing.T) sample {
	m := plantedMap("int", "int", "load:Get", "store:Assign")
	m.Put = Method{Name: "Assign", Code: "func(k int, v int) bool {\nyes := m.Assign(k, v)\nreturn !yes\n}"}
	return sample{m, caseOf(t, oracle.SilentCorruption, oracle.LostUpdate, "prefill 1\nw0 store k2 v3\nw1 store k2 v4\nw1 store k1 v5\n",
		"prefill k1=v1\nw0 [1..5] store k2 v3 -> absent\nw1 [2..6] store k2 v4 -> absent\nw1 [7..8] store k1 v5 -> present\nrest load k1 -> v5\nrest load k2 -> v4\n", 0, 1),
		"mAssign(2, 3) = 0, false"}
}

func samples(t *testing.T) map[string]sample {
	return map[string]sample{
		"adapted":  adapted(t),
		"assigned": assigned(t),
		"standins": standIns(t),
		"lostupdate": {
			plantedMap("int", "int", "load:Get", "load-or-store:GetOrSet"),
			caseOf(t, oracle.SilentCorruption, oracle.LostUpdate, "prefill 1\nw0 load-or-store k2 v3\nw0 load k2\nw1 load-or-store k2 v4\n",
				"prefill k1=v1\nw0 [1..5] load-or-store k2 v3 -> v3 stored\nw1 [2..6] load-or-store k2 v4 -> v4 stored\nw0 [7..8] load k2 -> v4\nrest load k1 -> v1\nrest load k2 -> v4\n", 0, 1),
			"no order of the calls on the key 2 explains this",
		},
		"staleread": { // that needs the clock: the load may have come first
			plantedMap("string", "*planted.Entry", "load:Get", "store:Put"),
			caseOf(t, oracle.SilentCorruption, oracle.StaleRead, "timing start=spin procs=0 gosched=50 spin=900 seed=1\nw0 store k1 v3\nw1 load k1\n",
				"w0 [1..2] store k1 v3\nw1 [3..4] load k1 -> absent\nrest load k1 -> v3\n", 0, 1),
			`no order of the calls on the key 1..1 explains this`,
		},
		"many": { // calls on one key
			plantedMap("interface {}", "interface {}", "load:Get", "load-or-store:GetOrSet", "delete:Remove", "store:Set"),
			caseOf(t, oracle.SilentCorruption, oracle.LostUpdate, "prefill 2 peak=4\nw0 load-or-store k3 v4\nw1 load-or-store k3 v5\nw0 load k3\nw1 load k3\n"+strings.Repeat("w0 store k3 v6\nw1 store k3 v7\n", 5),
				"prefill k1=v1 k2=v2\nw0 [1..5] load-or-store k3 v4 -> v4 stored\nw1 [2..6] load-or-store k3 v5 -> v5 stored\nw0 [7..8] load k3 -> v5\nw1 [9..10] load k3 -> v5\n"+
					strings.Repeat("w0 [11..20] store k3 v6\n", 5)+strings.Repeat("w1 [12..20] store k3 v7\n", 5)+"rest load k1 -> v1\nrest load k2 -> v2\nrest load k3 -> v7\n", 0, 1),
			"no order of the calls on the key 3 explains this",
		},
		"structkeys": {
			plantedMap("planted.Place", "planted.Digest", "load:Get", "load-or-store:GetOrSet"),
			caseOf(t, oracle.SilentCorruption, oracle.LostUpdate, "prefill 1\nw0 load-or-store k2 v3\nw1 load-or-store k2 v4\n",
				"prefill k1=v1\nw0 [1..5] load-or-store k2 v3 -> v3 stored\nw1 [2..6] load-or-store k2 v4 -> v4 stored\nrest load k1 -> v1\nrest load k2 -> v4\n", 0, 1),
			`m.GetOrSet(planted.Place{Host: "2", Port: 2, Addr: [4]uint8{2}}, planted.Digest{3})`,
		},
		"pointerkeys": {
			plantedMap("*planted.Entry", "int", "load:Get", "store:Set", "delete:Remove", "len:Len"),
			caseOf(t, oracle.SilentCorruption, oracle.WrongLen, "prefill 3\nw0 delete k2\nw1 delete k2\n", "prefill k1=v1\nrest load k1 -> v1\nrest len -> 0\n"),
			"the length is 1, and 2 keys are there",
		},
		"wronglen": {
			plantedMap("int", "string", "load:Get", "store:Set", "delete:Remove", "len:Len"),
			caseOf(t, oracle.SilentCorruption, oracle.WrongLen, "prefill 3\nw0 delete k2\nw1 delete k2\n", "prefill k1=v1\nrest load k1 -> v1\nrest len -> 0\n"),
			"the length is 1, and 2 keys are there",
		},
		"duplicate": {
			plantedMap("int", "int", "load:Get", "store:Set", "range:Range"),
			caseOf(t, oracle.SilentCorruption, oracle.DuplicateKey, "prefill 3\ntiming start=spin procs=0 gosched=50 spin=9 seed=1\nw0 range\nw1 store k4 v5\n", "prefill k1=v1 k2=v2 k3=v3\nw0 [1..2] range -> k1=v1 k1=v1\nw1 [1..2] store k4 v5\n", 0),
			"twice",
		},
		"callback": {
			plantedMap("int", "int", "load:Get", "store:Set", "compute:Upsert"),
			caseOf(t, oracle.Contract, oracle.CallbackCount, "w0 compute k1 v2\nw0 load k1\nw1 compute k1 v3\n", "w0 [1..2] compute k1 v2 -> absent calls=2\n", 0),
			"a function was called 2 times; want once",
		},
		"hang": {
			plantedMap("int", "int", "load:Get", "store:Set", "clear:Clear"),
			caseOf(t, oracle.Hang, "deadlock", "prefill 1\nw0 clear\nw1 load k1\n", ""),
			"does not end: these goroutines are left",
		},
		"leak": {
			plantedMap("int", "int", "load:Get", "store:Set", "close:Close"),
			caseOf(t, oracle.GoroutineLeak, "left behind", "w0 store k1 v2\nw1 load k1\n", ""),
			"1 goroutines outlive their map",
		},
		"panics": {
			plantedMap("int", "int", "load:Get", "store:Set", "clear:Flush"),
			caseOf(t, oracle.Panic, "panic", "w0 store k1 v2\nw1 clear\n", ""),
			"planted: flushed",
		},
	}
}

// TestPrograms builds the program of each sample, and starts it: with the bug it must
// fail, and say so; with the map repaired it must not. Odds: a try in two meets the bug,
// or all do, and the clock's one in ten: of 5,000 tries none does once in 10^228 times.
func TestPrograms(t *testing.T) {
	if testing.Short() {
		t.Skip("it calls the compiler")
	}
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module example.com/planted\n\ngo 1.23.0\n")
	write("planted.go", planted)
	write("around.go", around)
	all, silent := samples(t), 0
	for name, s := range all {
		source, err := Write(s.c, s.m, &Trial{Rate: corpus.Rate{Failed: 3, Runs: 5}})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if again, err := format.Source(source); err != nil || !bytes.Equal(again, source) {
			t.Errorf("%s: it is not formatted: %v", name, err)
		}
		text, ignored := strings.CutPrefix(string(source), "//go:build ignore\n\n")
		if !ignored || strings.Contains(text, "github.com/mapstress") || !strings.Contains(text, "// There it failed in 3 of 5 starts") {
			t.Errorf("%s: its head is wrong:\n%s", name, source)
		}
		text = strings.Replace(text, "const tries = 100000\n", "const tries = 5000\n", 1)
		if name == "hang" {
			text = strings.Replace(text, "time.Sleep(10 * time.Second)", "time.Sleep(pace)", 1) +
				"\nvar pace = map[bool]time.Duration{true: time.Second, false: time.Minute}[os.Getenv(\"PLANTED\") == \"buggy\"]\n"
		}
		silent += strings.Count(text, "silent: true")
		write(name+"/main.go", text)
	}
	if silent == 0 {
		t.Error("no sample with a clock has a call that answers nothing")
	}
	inDir(t, dir, "go", "vet", "./...")
	inDir(t, dir, "go", "build", "-o", "bin"+string(filepath.Separator), "./...")
	for name, s := range all {
		program := filepath.Join(dir, "bin", name)
		if runtime.GOOS == "windows" {
			program += ".exe"
		}
		output, code := startOf(t, program, "buggy")
		want := 1
		if s.c.Verdict.Class == oracle.Panic {
			want = 2
		}
		if code != want || !strings.Contains(output, s.says) {
			t.Errorf("%s: exit code %d; want %d and %q:\n%s", name, code, want, s.says, output)
		}
		if answered := regexp.MustCompile(`m\.(Set|Remove|Clear)\(.*\) = .*`).FindString(output); answered != "" {
			t.Errorf("%s: %q, which answers nothing", name, answered)
		}
		if output, code := startOf(t, program, "repaired"); code != 0 || output != "nothing wrong in 5000 tries\n" {
			t.Errorf("%s, repaired: exit code %d:\n%s", name, code, output)
		}
	}
}

func inDir(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, output)
	}
}

func startOf(t *testing.T, program, how string) (output string, code int) {
	t.Helper()
	failed, output, over, err := start(context.Background(), program, t.TempDir(), append(os.Environ(), "PLANTED="+how), 1<<40)
	if err != nil || !over {
		t.Fatalf("%s: over %v, %v", program, over, err)
	}
	if failed {
		code = 1
		if strings.Contains(output, "goroutine ") && strings.Contains(output, "panic:") {
			code = 2
		}
	}
	return output, code
}

// TestCannot: what no program can tell is refused, and it is said why.
func TestCannot(t *testing.T) {
	ok := samples(t)["lostupdate"]
	for want, change := range map[string]func(*corpus.Case, *Map){
		"no method that inserts": func(_ *corpus.Case, m *Map) { delete(m.Methods, history.LoadOrStore) },
		"a call of swap": func(c *corpus.Case, _ *Map) {
			c.Schedule = c.Schedule.Clone()
			c.Schedule.Workers[0][0].Kind = history.Swap
		},
		"a map that has to last for 7 rounds": func(c *corpus.Case, _ *Map) {
			c.Schedule = c.Schedule.Clone()
			c.Schedule.Rounds = 7
		},
		"values of type [3]int":               func(_ *corpus.Case, m *Map) { m.Value = Type{Name: "[3]int", Kind: "array"} },
		"a map that was not read back":        func(c *corpus.Case, _ *Map) { c.History = "w0 [1..5] load-or-store k2 v3 -> v3 stored\n" },
		"only if all keys are taken together": func(c *corpus.Case, _ *Map) { c.History = "rest load k1 -> absent\n" },
		"a wrong length while others write":   func(c *corpus.Case, _ *Map) { c.Verdict.Rule = oracle.WrongLen },
		"what GetOrSet answers: chan int": func(_ *corpus.Case, m *Map) {
			m.Methods[history.LoadOrStore] = Method{Name: "GetOrSet", Signature: "func(int, int) chan int"}
		},
		"a call of Get: a parameter of type chan int": func(_ *corpus.Case, m *Map) {
			m.Methods[history.Load] = Method{Name: "Get", Signature: "func(int, chan int) (int, bool)"}
		},
		"a range that is wrong only by when it ran": func(c *corpus.Case, _ *Map) { // k1 was another entry then
			c.Verdict.Rule, c.Verdict.Events = oracle.DuplicateKey, []int{0}
			c.History = "prefill k1=v1\nw0 [1..9] range -> k1=v1 k1=v2\nw1 [2..3] delete k1\nw1 [4..5] store k1 v2\n"
		},
	} {
		c, m := *ok.c, ok.m
		m.Methods = map[history.Kind]Method{}
		for k, method := range ok.m.Methods {
			m.Methods[k] = method
		}
		change(&c, &m)
		if _, err := Write(&c, m, nil); !errors.Is(err, ErrCannot) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want %s", err, want)
		}
	}
}

func TestConstruct(t *testing.T) {
	for _, c := range [][3]string{
		{"github.com/puzpuzpuz/xsync/v3", "NewMapOf[int, int]()", "xsync.NewMapOf[int, int]()"},
		{"github.com/patrickmn/go-cache", "New(0, NoExpiration)", "cache.New(0, cache.NoExpiration)"},
		{"example.com/cache", "New[string,*Entry](cache.WithShards(8))", "cache.New[string, *cache.Entry](cache.WithShards(8))"},
		{"gopkg.in/lru.v2", "&Map{Size: Small}", "&lru.Map{Size: lru.Small}"},
		{"sync", "new(Map)", "new(sync.Map)"},
	} {
		p := program{m: Map{Package: c[0], Expr: c[1]}}
		if got := p.construct(); got != c[2] {
			t.Errorf("%s %s: got %s; want %s", c[0], c[1], got, c[2])
		}
	}
}

// TestWithin: a program of a map that is internal to the user's module is built as if it were
// there, and nothing is written there.
func TestWithin(t *testing.T) {
	if testing.Short() {
		t.Skip("it calls the compiler")
	}
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, "a", "internal", "planted"), 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"go.mod": "module example.com/app\n\ngo 1.23.0\n", "a/internal/planted/planted.go": planted} {
		if err := os.WriteFile(filepath.Join(root, filepath.FromSlash(name)), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	s := samples(t)["lostupdate"]
	s.m.Package, s.m.Root, s.m.Below = "example.com/app/a/internal/planted", root, "a"
	source, err := Write(s.c, s.m, nil)
	if err != nil || !strings.Contains(string(source), "// In a directory below a of the map's module, as main.go:\n//\n//\tgo run main.go\n") {
		t.Fatalf("%v, %s", err, source)
	}
	dir := t.TempDir()
	if err := Build(context.Background(), dir, source, s.m, false); err != nil {
		t.Fatal(err)
	}
	if output, code := startOf(t, filepath.Join(dir, executable), "buggy"); code != 1 || !strings.Contains(output, s.says) {
		t.Errorf("exit code %d; want 1 and %q:\n%s", code, s.says, output)
	}
	if left, err := os.ReadDir(filepath.Join(root, "a")); err != nil || len(left) != 1 {
		t.Errorf("in the module: %v, %v", left, err)
	}
}
