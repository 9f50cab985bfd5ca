package child

import (
	"context"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle"
)

const here = "github.com/mapstress/mapstress/internal/child."

var startModes = []string{"spin", "go", "barrier"}

// Each of these ends its child in each run; each run is counted, and the verdict
// is the same however the workers are started.
func TestDeaths(t *testing.T) {
	for _, c := range []struct {
		target, class, rule string
		frame               string // the last part of the first
	}{
		{"panics", "panic", "no room in the box", "oddTargets.func2"},
		{"exits", "panic", "exited", ""},
		{"exits with 70", "panic", "exited", ""},
		{"goexit", "panic", "a method called runtime.Goexit", "oddTargets.func6"},
		{"constructor panics", "panic", "no box", "oddTargets.func"},
		{"constructor goexits", "panic", "a method called runtime.Goexit", "oddTargets.func"},
		{"closes its output", "panic", "exited", ""},
		{"leaves a process", "panic", "orphaned", "oddTargets.func"},
	} {
		for _, start := range startModes {
			t.Run(c.target+"/"+start, func(t *testing.T) {
				o := do(t, odd(t, Config{}), c.target, "timing start="+start+"\n"+twoStores, 3)
				if len(o.Found) != 1 || o.Deaths != 3 || o.Lost != 0 || o.Tally.Failed != 3 {
					t.Fatalf("found %q in %+v, %d deaths, %d lost", signatures(o), o.Tally, o.Deaths, o.Lost)
				}
				v := o.Found[0].Verdict
				if v.Class.String() != c.class || !strings.Contains(v.Rule, c.rule) {
					t.Errorf("got %s: %s (%s); want %s: %s", v.Class, v.Rule, v.Detail, c.class, c.rule)
				}
				if c.frame != "" && (len(v.Frames) == 0 || !strings.HasPrefix(v.Frames[0], here+c.frame)) {
					t.Errorf("frames %q; want %q first", v.Frames, here+c.frame)
				}
				if want := map[string]uint64{v.Signature(): 3}; !reflect.DeepEqual(o.Counts, want) {
					t.Errorf("counts %v; want %v", o.Counts, want)
				}
			})
		}
	}
}

// The run that a child dies of leaves its history behind: the ops that had ended,
// and those that had not.
func TestPartialHistory(t *testing.T) {
	for _, start := range startModes {
		o := do(t, odd(t, Config{}), "panics at 99",
			"timing start="+start+"\nw0 store k1 v10\nw0 store k99 v11\nw0 load k1\n", 1)
		if len(o.Found) != 1 {
			t.Fatalf("%s: found %q", start, signatures(o))
		}
		h := o.Found[0].History
		if !strings.Contains(h, "store k1 v10") || !strings.Contains(h, "store k99 v11") || strings.Contains(h, "load k1") {
			t.Errorf("%s: got %s", start, h)
		}
	}
}

// A child that dies when all calls are over is said to have died as the map was read back.
func TestDeathAtRest(t *testing.T) {
	for target, want := range map[string]bool{"panics at rest": true, "panics": false} {
		o := do(t, odd(t, Config{}), target, twoStores, 1)
		if len(o.Found) != 1 {
			t.Fatalf("%s: found %q", target, signatures(o))
		}
		if detail := o.Found[0].Verdict.Detail; strings.HasSuffix(detail, "; the calls were over, and the map was being read back") != want {
			t.Errorf("%s: %s", target, detail)
		}
	}
}

// A child that dies in a late round of a map leaves behind what the map held, too.
func TestPartialRound(t *testing.T) {
	for _, start := range startModes {
		o := do(t, odd(t, Config{}), "panics in its tenth store", "rounds 1000\ntiming start="+start+"\n"+twoStores, 12)
		if len(o.Found) != 1 || o.Deaths != 2 || o.Tally.Failed != 2 || o.Tally.Runs != 12 {
			t.Fatalf("%s: found %q in %+v, %d deaths", start, signatures(o), o.Tally, o.Deaths)
		}
		h, err := history.ParseText(o.Found[0].History)
		if err != nil {
			t.Fatal(err)
		}
		if h.Earlier != 4 || o.Found[0].Run != 4 || len(h.Prefill) != 2 || len(h.Events) != 2 {
			t.Errorf("%s: run %d left\n%s", start, o.Found[0].Run, o.Found[0].History)
		}
	}
}

func TestMemoryLimit(t *testing.T) {
	s := odd(t, Config{Memory: 3 << 30})
	if hello, err := s.Hello(context.Background()); err != nil || hello.Race {
		t.Skipf("no limit under the race detector (%v)", err)
	}
	o := do(t, s, "eats memory", twoStores, 1)
	if len(o.Found) != 1 || o.Found[0].Verdict.Class != oracle.FatalError || !strings.Contains(o.Found[0].Verdict.Rule, "out of memory") {
		t.Errorf("found %q", signatures(o))
	}
}

// Whatever a target prints, the parent keeps little of it, and what matters.
func TestPrintsWithoutEnd(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	o := do(t, odd(t, Config{Patience: 10 * time.Second}), "prints", "w0 store k1 v10\n", 1)
	if len(o.Found) != 1 || !strings.Contains(o.Found[0].Verdict.Rule, "all printed") {
		t.Errorf("found %q", signatures(o))
	}
	if n := len(o.Found[0].Evidence); n > headSize+2*tailSize {
		t.Errorf("%d bytes of evidence", n)
	}
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapSys - before.HeapSys); grown > 32<<20 {
		t.Errorf("the heap grew by %d MiB for what the child printed", grown>>20)
	}
}

func TestLikelyWords(t *testing.T) {
	o := do(t, odd(t, Config{}), "prints likely words", twoStores, 100)
	if len(o.Found) != 0 || o.Lost != 0 {
		t.Errorf("found %q, lost %d", signatures(o), o.Lost)
	}
}

// The built-in map dies of nearly every run at a growth boundary.
func TestPlainMap(t *testing.T) {
	s := session(t, Config{})
	o, err := s.Run(context.Background(), Job{Target: "map", Schedule: parse(t, growth), Count: 1 << 30, Time: time.Second, Boundaries: history.Boundaries{Up: []int{8}}})
	if err != nil {
		t.Fatal(err)
	}
	if o.Tally.Failed == 0 || o.Lost != 0 || len(o.Found) == 0 {
		t.Errorf("got %+v, found %q, lost %d", o.Tally, signatures(o), o.Lost)
	}
	if o.CPU == 0 {
		t.Error("no CPU time was accounted for")
	}
}

// TestTighterLimit: a limit of memory that the system has set, and that may not be raised, is no
// reason not to start.
func TestTighterLimit(t *testing.T) {
	s := odd(t, Config{})
	if hello, err := s.Hello(context.Background()); err != nil || hello.Race || runtime.GOOS != "linux" {
		t.Skipf("no limit there, or under the race detector (%v)", err)
	}
	tight := odd(t, Config{Command: []string{"sh", "-c", `ulimit -v 6000000 && exec "$0"`, executable(t)}})
	if o := do(t, tight, "correct", twoStores, 100); o.Tally.Runs != 100 || o.Lost > 0 {
		t.Errorf("%+v", o)
	}
}
