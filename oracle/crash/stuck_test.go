package crash

import (
	"reflect"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/oracle"
)

// dump makes a traceback of goroutines given as "state: innermost; ...; outermost".
func dump(goroutines ...string) string {
	var b strings.Builder
	b.WriteString("SIGQUIT: quit\nPC=0x47 m=0 sigcode=0\n\ngoroutine 0 [idle]:\nruntime.futex()\n\t/go/os.go:5 +0x21\n")
	for i, g := range goroutines {
		state, calls, _ := strings.Cut(g, ": ")
		b.WriteString("\ngoroutine " + string(rune('1'+i)) + " [" + state + "]:\n")
		for _, c := range strings.Split(calls, "; ") {
			b.WriteString(c + "(0x1)\n\t/src/x.go:5 +0x21\n")
		}
	}
	return b.String()
}

func TestStuck(t *testing.T) {
	const (
		locked = "sync.Mutex.Lock, 2 minutes: sync.(*Mutex).Lock; x.(*Map[...]).Store; main.worker"
		cond   = "sync.Cond.Wait: sync.(*Cond).Wait; x.(*Map[...]).Load; main.worker"
		main   = "semacquire: sync.(*WaitGroup).Wait; main.main"
		watch  = "sleep: time.Sleep; main.watch"
		pipe   = "IO wait: os.(*File).Read; main.commands"
	)
	for _, c := range []struct {
		name string
		dump string
		want string // signature
	}{
		{"all wait", dump(locked, cond, main, watch, pipe), "hang|deadlock|x.(*Map[...]).Load|x.(*Map[...]).Store"},
		{"channels", dump("chan send: x.Send; main.worker", "select (no cases): x.Close; main.worker"), "hang|deadlock|x.Close|x.Send"},
		{"one runs", dump(locked, "running: x.Spin; main.worker"), "unknown|no-progress"},
		{"one is ready", dump(locked, "runnable: runtime.Gosched; x.Spin; main.worker"), "unknown|no-progress"},
		{"one sleeps", dump(locked, "sleep: time.Sleep; x.Backoff; main.worker"), "unknown|no-progress"},
		{"one reads", dump(locked, "IO wait: x.Read; main.worker"), "unknown|no-progress"},
		{"one is in a state we do not know", dump(locked, "napping: x.Nap; main.worker"), "unknown|no-progress"},
		{"a helper of the target runs", dump(locked, "running: x.grow"), "unknown|no-progress"},
		{"a helper of the target sleeps", dump(locked, "sleep: time.Sleep; x.janitor"), "unknown|no-progress"},
		{"one waits to begin a garbage collection", dump("semacquire: x.Store; main.worker"), "unknown|no-progress"},
		{"the same with the runtime's frames", dump(locked, "semacquire: runtime.semacquire; runtime.gcStart; x.Store; main.worker"), "unknown|no-progress"},
		{"one waits by a semaphore of sync's", dump("semacquire: runtime.gopark; sync.runtime_Semacquire; sync.(*WaitGroup).Wait; x.Store; main.worker"), "hang|deadlock|x.Store"},
		{"no workers", dump(main, watch), "unknown|no-progress"},
		{"no dump", "", "unknown|no-progress"},
	} {
		if v := Stuck(Goroutines(c.dump), worker, nil); v.Signature() != c.want {
			t.Errorf("%s: got %s (%s), want %s", c.name, v.Signature(), v.Detail, c.want)
		}
	}
}

func TestStuckTellsWhere(t *testing.T) {
	lock := "sync.Mutex.Lock: sync.(*Mutex).Lock; x.Store; main.worker"
	v := Stuck(Goroutines(dump(lock, lock, "running: x.Spin; main.worker")), worker, nil)
	if want := "1 of 3 workers do not wait for another: running in x.Spin"; v.Detail != want {
		t.Errorf("got %q, want %q", v.Detail, want)
	}
	v = Stuck(Goroutines(dump(lock, lock)), worker, nil)
	if want := "all 2 workers wait for another goroutine: 2 times sync.Mutex.Lock in x.Store"; v.Detail != want || v.Class != oracle.Hang {
		t.Errorf("got %q, want %q", v.Detail, want)
	}
}

func TestGoroutines(t *testing.T) {
	const text = `noise
goroutine 7 gp=0xc0001 m=0 mp=0x5940a0 [chan receive (nil chan), 12 minutes, locked to thread]:
x.(*Map[...]).Store({0x1, 0x2}, ...)
	/src/x/map.go:12 +0x1d fp=0xc0002 sp=0xc0003 pc=0x4
RECOVERED (by somebody)
...additional frames elided...
main.worker(...)
	/src/main.go:3
created by main.two in goroutine 1
	/src/main.go:9 +0x87

goroutine 8 [running]:
	goroutine running on other thread; stack unavailable
created by main.two
	/src/main.go:9 +0x87

goroutine 9 [sleep]:
time.Sleep(0x1)
	/go/time.go:3 +0x1
main.wat`
	want := []Goroutine{
		{ID: 7, State: "chan receive (nil chan)", WaitMinutes: 12, Locked: true, CreatedBy: "main.two",
			Frames: []Frame{{"x.(*Map[...]).Store", "/src/x/map.go", 12}, {"main.worker", "/src/main.go", 3}}},
		{ID: 8, State: "running", CreatedBy: "main.two"},
		{ID: 9, State: "sleep", Frames: []Frame{{"time.Sleep", "/go/time.go", 3}}},
	}
	if got := Goroutines(text); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestNormal(t *testing.T) {
	for name, want := range map[string]string{
		"runtime.mapassign_fast64":                      "runtime.mapassign",
		"runtime.mapassign_fast64ptr":                   "runtime.mapassign",
		"runtime.mapaccess2_faststr":                    "runtime.mapaccess2",
		"x.(*Map[go.shape.string,[]go.shape.int]).f":    "x.(*Map[...]).f",
		"github.com/a/b.v2.(*Map[...]).Set.func1":       "github.com/a/b.v2.(*Map[...]).Set.func1",
		"x.f[go.shape.struct { A map[int]int }].func[]": "x.f[...].func[...]",
	} {
		if got := normal(name); got != want {
			t.Errorf("normal(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestPackageOf(t *testing.T) {
	for name, want := range map[string]string{
		"main.main.func1":                        "main",
		"github.com/a/b.(*Map[...]).Set":         "github.com/a/b",
		"gopkg.in/yaml%2ev3.f":                   "gopkg.in/yaml%2ev3",
		"x.f[github.com/a/b.T]":                  "x",
		"internal/runtime/maps.(*Iter).Next":     "internal/runtime/maps",
		"aeshashbody":                            "",
		"panic":                                  "",
		"stress/shardmap.(*Map[a/b.K,c/d.V]).Go": "stress/shardmap",
	} {
		if got := packageOf(name); got != want {
			t.Errorf("packageOf(%q) = %q, want %q", name, got, want)
		}
	}
}
