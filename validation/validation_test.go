package main

import (
	"context"
	"io"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/mapstress/mapstress/internal/modproxy"
	"github.com/mapstress/mapstress/oracle"
)

// planted is what the ordinary way needs of the module that the test makes.
const planted = `	"example.com/planted"

func fresh() subject {
	m := planted.New()
	return subject{load: m.Load, store: m.Store, loadOrStore: m.LoadOrStore}
}
`

// TestExam does a row of each kind with a module of its own making, whose LoadOrStore lets
// two callers win. Odds: some schedules show that in every other run. The ordinary way
// does not look at what LoadOrStore answers, and must find nothing.
func TestExam(t *testing.T) {
	if testing.Short() {
		t.Skip("it calls the compiler")
	}
	modproxy.Serve(t, map[string]string{
		"example.com/planted@v1.0.0": modproxy.Planted(true),
		"example.com/planted@v1.1.0": modproxy.Planted(false),
	})
	var out strings.Builder
	e := exam{out: &out, progress: io.Discard, buggy: time.Minute, clean: time.Second, seed: 1, alone: true}
	examine := func(r row) string {
		t.Helper()
		line, err := e.examine(context.Background(), r)
		if err != nil {
			t.Fatal(err)
		}
		return line
	}
	line := examine(row{target: "example.com/planted@v1.0.0 New()", bug: "two win", shows: []oracle.Class{oracle.SilentCorruption}})
	if !strings.HasPrefix(line, "| `example.com/planted@v1.0.0 New()` | two win | silent-corruption: ") || len(e.after) != 1 || e.right != 1 || e.buggyRows != 1 || e.alarms != 0 {
		t.Errorf("got %s, %+v", line, e)
	}
	if line = examine(row{target: "example.com/planted@v1.1.0 New()"}); !strings.Contains(line, " |  | nothing |  |  |  | ") || e.alarms != 0 {
		t.Errorf("repaired: got %s", line)
	}
	if line = examine(row{target: "example.com/planted@v1.2.0 New()", bug: "none"}); !strings.Contains(line, "| error: ") {
		t.Errorf("of a version that is not there: got %s", line)
	}
	e.sum()
	if got := out.String(); !strings.HasPrefix(got, "\n1 of 2 known bugs found, after ") {
		t.Errorf("it sums up:\n%s", got)
	}
}

// TestOrdinary runs the ordinary way's loop on the same map, which it finds nothing wrong
// with in a second, and on one that loses what is stored.
func TestOrdinary(t *testing.T) {
	if testing.Short() {
		t.Skip("it calls the compiler")
	}
	if cc, err := exec.Command("go", "env", "CC").Output(); err != nil {
		t.Skip("no go command: ", err)
	} else if _, err := exec.LookPath(strings.TrimSpace(string(cc))); err != nil {
		t.Skip("the race detector needs a C compiler: ", err)
	}
	modproxy.Serve(t, map[string]string{"example.com/planted@v1.0.0": modproxy.Planted(true)})
	r := row{target: "example.com/planted@v1.0.0 New()", ordinary: planted}
	o, err := tryOrdinary(context.Background(), r, time.Second)
	if err != nil || o.found || o.after < time.Second || !strings.HasPrefix(o.String(), "nothing in ") {
		t.Errorf("got %+v, %v", o, err)
	}
	r.ordinary = strings.Replace(planted, "store: m.Store", "store: func(k, v int) {}", 1)
	if o, err = tryOrdinary(context.Background(), r, time.Minute); err != nil || !o.found || !strings.Contains(o.said, "a key of its own: stored ") {
		t.Errorf("of a map that loses everything: %+v, %v", o, err)
	}
}

// TestRows: what is in the table can be run as far as that shows without.
func TestRows(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range rows {
		if seen[r.name()] {
			t.Errorf("%s is there twice", r.name())
		}
		seen[r.name()] = true
		if _, expr, ok := strings.Cut(r.target, " "); !ok || expr == "" {
			t.Errorf("%s has no expression", r.name())
		}
		if r.bug != "" && !r.ours && !strings.Contains(r.ordinary, "func fresh() subject {") {
			t.Errorf("%s cannot be tried in the ordinary way", r.name())
		}
	}
	for _, c := range []struct {
		o     outcome
		after time.Duration
		found bool
		want  string
	}{
		{outcome{true, 10 * time.Second, ""}, time.Second, true, "10"},
		{outcome{false, time.Minute, ""}, 500 * time.Millisecond, true, "over 120"},
		{outcome{true, time.Second, ""}, 0, false, "only the ordinary way"},
		{outcome{false, time.Minute, ""}, 0, false, ""},
	} {
		if got := ratio(c.o, c.after, c.found); got != c.want {
			t.Errorf("%+v after %v: got %q, want %q", c.o, c.after, got, c.want)
		}
	}
}
