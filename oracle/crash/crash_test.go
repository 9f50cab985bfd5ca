package crash

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/oracle"
)

const (
	stack     = "\ngoroutine 7 [running]:\nx.(*Map[...]).Store(0xc0001)\n\t/src/x/map.go:12 +0x1d\nmain.worker()\n\t/src/main.go:3 +0x1d\n"
	asked     = "goroutine 7 [running]:\nruntime/debug.Stack()\n\t/go/debug/stack.go:26 +0x5e\nx.guard()\n\t/src/x/map.go:9 +0x1d\n"
	recovered = "\ngoroutine 7 [running]:\nx.guard.func1()\n\t/src/x/map.go:9 +0x1d\npanic({0x1?, 0x2?})\n\t/go/panic.go:860 +0x13a\nx.Store()\n\t/src/x/map.go:12 +0x1d\n"
	quit      = "SIGQUIT: quit\nPC=0x47 m=0 sigcode=0\n\ngoroutine 0 [idle]:\nruntime.futex()\n\t/go/sys_linux_amd64.s:558 +0x21\n"
	report    = "==================\nWARNING: DATA RACE\nWrite at 0x00c000012345 by goroutine 8:\n  x.(*Map[go.shape.string,go.shape.int]).Store()\n      /src/x/map.go:51 +0x90\n  main.worker()\n      /src/main.go:3 +0x1\n\nPrevious read at 0x00c000012345 by main goroutine:\n  runtime.mapaccess1_faststr()\n      /go/x.go:3 +0x0\n  x.(*Map[go.shape.string,go.shape.int]).Load()\n      /src/x/map.go:50 +0x90\n\nGoroutine 8 (running) created at:\n  main.main()\n      /src/main.go:1 +0x1\n==================\n"
)

// What a process prints that lives on, or is ended by somebody else, is never a
// finding.
func TestNoFalseAlarm(t *testing.T) {
	ok, killed, two := Death{}, Death{ExitCode: -1, Signal: "killed"}, Death{ExitCode: 2}
	for _, c := range []struct {
		name, text string
		end        Death
	}{
		{"nothing", "", ok},
		{"zero code, runtime's own text", "fatal error: concurrent map writes\n" + stack, ok},
		{"zero code, recovered panic", "RECOVERED runtime error: " + nilText + "\n", ok},
		{"zero code, words of a race", "we look for WARNING: DATA RACE\nlines\n", ok},
		{"killed, silent", "", killed},
		{"killed, log line", "panic: just a log line\n", killed},
		{"killed, words of a fatal error", "fatal error: concurrent map writes\n", killed},
		{"killed, recovered nil dereference", "RECOVERED runtime error: " + nilText + "\n", killed},
		{"killed, logged with its stack", "panic: x\n" + asked, killed},
		{"killed, logged from a deferred function", "panic: x\n" + recovered, killed},
		{"terminated", "panic: x\n", Death{ExitCode: -1, Signal: "terminated"}},
		{"too much CPU", "", Death{ExitCode: -1, Signal: "cpu time limit exceeded"}},
		{"aborted, silent", "", Death{ExitCode: -1, Signal: "aborted"}},
		{"killed, as a shell says it", "", Death{ExitCode: 137}},
		{"stacks asked for", quit, two},
		{"log line, then stacks asked for", "panic: x\n" + quit, two},
		{"fatal log line, then stacks asked for", "fatal error: cannot read config\n" + quit, two},
		{"log line, stacks asked for, head cut", "panic: x\nthe cut is here\n" + stack, two},
		{"log line, stacks asked for, tail cut", "panic: x\nSIGQUIT: quit\n", two},
		{"stacks without a message", stack, two},
		{"frames without a message", "\t/src/x/map.go:12 +0x1d\n", two},
		{"kill -SEGV", "SIGSEGV: segmentation violation\nPC=0x40 m=0 sigcode=0 addr=0x1604\n" + stack, two},
		{"no threads", "runtime: failed to create new OS thread\nfatal error: newosproc\n" + stack, two},
		{"no address space", "fatal error: failed to reserve page summary memory\n" + stack, two},
		{"race detector out of memory", "==5==ERROR: ThreadSanitizer failed to allocate 0x1000\n", Death{ExitCode: 66}},
		{"nothing known", "garbage \x00\xff", Death{ExitCode: -1}},
	} {
		c.end.Stderr = c.text
		if v := Classify(c.end); v.Class != oracle.Unknown {
			t.Errorf("%s: got %v %q: %s; want unknown", c.name, v.Class, v.Rule, v.Detail)
		}
	}
}

func TestClassify(t *testing.T) {
	two := Death{ExitCode: 2}
	for _, c := range []struct {
		name, text string
		end        Death
		want       string // signature
	}{
		{"words of a fatal error in the log of a panic", "concurrent map writes are bad\npanic: boom\n" + stack, two,
			"panic|boom|x.(*Map[...]).Store|main.worker"},
		{"fatal error in the message of a panic", "panic: no concurrent map writes please\n" + stack, two,
			"panic|no concurrent map writes please|x.(*Map[...]).Store|main.worker"},
		{"log line before the panic", "panic: logged\npanic: boom\n" + stack, two,
			"panic|boom|x.(*Map[...]).Store|main.worker"},
		{"logged stack before the panic", "panic: logged\n" + asked + "\npanic: boom\n" + stack, two,
			"panic|boom|x.(*Map[...]).Store|main.worker"},
		{"fatal log line before the panic", "fatal error: logged\npanic: boom\n" + stack, two,
			"panic|boom|x.(*Map[...]).Store|main.worker"},
		{"printed behind an unfinished line", "1 2 3 panic: boom\n" + stack, two,
			"panic|boom|x.(*Map[...]).Store|main.worker"},
		{"panic beside a fatal error", "fatal error: concurrent map writes\npanic: boom\n" + stack, two,
			"fatal-error|concurrent map writes"},
		{"known text beats unknown", "fatal error: weird\n" + stack + "\nfatal error: bad map state\n" + stack, two,
			"fatal-error|bad map state"},
		{"unknown fatal error", "fatal error: p12 has |3| holes at 0xc0012\n" + stack, two,
			"fatal-error|pN has /N/ holes at N|x.(*Map[...]).Store|main.worker"},
		{"no traceback", "fatal error: concurrent map writes\n", two,
			"fatal-error|concurrent map writes"},
		{"killed while it printed its stacks", "fatal error: concurrent map writes\n" + stack, Death{ExitCode: -1, Signal: "killed"},
			"fatal-error|concurrent map writes"},
		{"died again while dying", "panic: boom\n" + stack, Death{ExitCode: 5},
			"panic|boom|x.(*Map[...]).Store|main.worker"},
		{"CR LF", "panic: boom\r\n" + strings.ReplaceAll(stack, "\n", "\r\n"), two,
			"panic|boom|x.(*Map[...]).Store|main.worker"},
		{"GOTRACEBACK=crash under a shell", "panic: boom\n" + stack + "\n-----\n\n" + quit, Death{ExitCode: 134},
			"panic|boom|x.(*Map[...]).Store|main.worker"},
		{"types in a message keep their numbers", "panic: interface conversion: interface {} is int64, not uint8\n" + stack, two,
			"panic|interface conversion: interface {} is int64, not uint8|x.(*Map[...]).Store|main.worker"},
		{"SetPanicOnFault", "panic: runtime error: " + nilText + "\n[signal SIGSEGV: segmentation violation code=0x80 addr=0x0 pc=0x4]\n" + stack, two,
			"sigsegv|wild pointer|x.(*Map[...]).Store|main.worker"},
		{"field of a nil struct", "panic: runtime error: " + nilText + "\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x18 pc=0x4]\n" + stack, two,
			"sigsegv|nil dereference|x.(*Map[...]).Store|main.worker"},
		{"signal outside Go code", "SIGSEGV: segmentation violation\nPC=0x40 m=0 sigcode=1 addr=0x1604\n" + stack, two,
			"sigsegv|SIGSEGV|x.(*Map[...]).Store|main.worker"},
		{"bare fault", "", Death{ExitCode: -1, Signal: "segmentation fault"}, "sigsegv|segmentation fault"},
		{"SIGBUS", "unexpected fault address 0x7f00\nfatal error: fault\n[signal SIGBUS: bus error code=0x2 addr=0x7f00 pc=0x4]\n" + stack, two,
			"sigsegv|bus error|x.(*Map[...]).Store|main.worker"},
		{"exit, silent", "", two, "panic|exited"},
		{"exit after a logged stack", "panic: x\n" + asked, two, "panic|exited"},
		{"exit by a code that the runtime never uses", "fatal error: no config\n" + stack, Death{ExitCode: 1}, "panic|exited"},
		{"race", report, Death{ExitCode: 66}, "data-race|data race|runtime.mapaccess1|x.(*Map[...]).Load|x.(*Map[...]).Store|main.worker"},
		{"race, code kept at zero", report, Death{}, "data-race|data race|runtime.mapaccess1|x.(*Map[...]).Load|x.(*Map[...]).Store|main.worker"},
		{"race, then exit", report, Death{ExitCode: 3}, "data-race|data race|runtime.mapaccess1|x.(*Map[...]).Load|x.(*Map[...]).Store|main.worker"},
		{"race, then a fatal error", report + "fatal error: concurrent map writes\n" + stack, two, "fatal-error|concurrent map writes"},
	} {
		c.end.Stderr = c.text
		if got := Classify(c.end).Signature(); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestIndexOutOfRangeInTester(t *testing.T) {
	d := Death{ExitCode: 2, Stderr: "panic: runtime error: index out of range [5] with length 3\n" + stack}
	if v := Classify(d); v.Class != oracle.Sigsegv {
		t.Errorf("in the target: got %v, want sigsegv", v.Class)
	}
	d.Own = func(string) bool { return true }
	if v := Classify(d); v.Class != oracle.Panic {
		t.Errorf("in the tester: got %v, want panic", v.Class)
	}
}

// An entry that never matches because an earlier one does is a mistake, unless
// both say the same.
func TestCatalogueOrder(t *testing.T) {
	for i, e := range catalogue {
		h := headline{kind: e.kind, text: "panic: " + e.want + "\n"}
		if e.kind == fatal {
			h.text = "fatal error: " + e.want + "\n"
		}
		if got, at := lookUp(h); got.rule != e.rule || got.class != e.class {
			t.Errorf("entry %d, %q, is shadowed by entry %d, %q", i, e.want, at, got.want)
		}
		if e.want == "" || e.rule == "" || e.meaning == "" || e.rule != ruleOf(e.rule) {
			t.Errorf("entry %d, %q, is incomplete, or its rule has numbers", i, e.want)
		}
	}
}

// Whatever the tracing level and the Go version, the same bug has the same
// signature.
func TestSignatureIsStable(t *testing.T) {
	for _, group := range [][]string{
		{"run-index.txt", "run-index-crash.txt"},
		{"run-repanic.txt", "run-repanic-system.txt"},
		{"run-nil.txt", "run-nil-all.txt"},
		{"run-unlock.txt"}, {"run-overflow.txt"}, {"run-deadlock.txt"}, {"run-error.txt"}, {"run-unhashable.txt"},
	} {
		signatures := map[string]bool{}
		for _, g := range group {
			for _, version := range []string{"go1.23.12", "go1.26.8"} {
				signatures[Classify(Death{Stderr: capture(t, version, g), ExitCode: 2, Own: ownMain}).Signature()] = true
			}
		}
		if len(signatures) != 1 {
			t.Errorf("%v: got %v, want one signature", group, signatures)
		}
	}
}

// A capture may be cut anywhere. What is left may say less, but never something
// of another class, save that frames cut off can no longer tell whose panic it was.
func TestCut(t *testing.T) {
	step := 7
	if testing.Short() {
		step = 97
	}
	for _, file := range []string{"fatal-error-concurrent-map-writes-1.txt", "fatal-error-fault-2.txt", "run-nil.txt", "run-unlock.txt", "run-overflow.txt"} {
		text := capture(t, "go1.23.12", file)
		want := Classify(Death{Stderr: text, ExitCode: 2})
		for n := strings.Index(text, "\ngoroutine"); n < len(text); n += step {
			for _, s := range []string{text[:n], text[:n] + "\n[cut]\n" + text[max(n, len(text)-200):]} {
				v := Classify(Death{Stderr: s, ExitCode: 2})
				if v.Class != oracle.Unknown && (v.Class != want.Class || v.Rule != want.Rule) {
					t.Fatalf("%s cut at %d: got %v %q, want %v %q or unknown", file, n, v.Class, v.Rule, want.Class, want.Rule)
				}
			}
		}
	}
}

// A target may log the same thing until its output is full. Quadratic work would
// take minutes here.
func TestLongLog(t *testing.T) {
	if testing.Short() {
		t.Skip("megabytes, in one goroutine")
	}
	log := strings.Repeat("panic: logged\n"+asked+"\nfatal error: logged\n\n", 20_000)
	if v := Classify(Death{Stderr: log + "panic: boom\n" + stack, ExitCode: 2}); v.Rule != "boom" {
		t.Errorf("got %+v, want boom", v)
	}
}

func capture(t testing.TB, version, file string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", version, file))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func ExampleClassify() {
	v := Classify(Death{
		ExitCode: 2,
		Stderr: `fatal error: fatal error: concurrent map writes
concurrent map writes

goroutine 24 [running]:
main.worker()
	/src/main.go:12 +0x25
`,
	})
	fmt.Println(v.Class, "-", v.Rule)
	fmt.Println(v.Detail)
	// Output:
	// fatal-error - concurrent map writes
	// two goroutines wrote a built-in map at once: "concurrent map writes"
}
