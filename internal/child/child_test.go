package child

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/mapstress/mapstress/internal/buggy"
	"github.com/mapstress/mapstress/internal/child/serve"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// The test binary is its own child: with the set "odd" it serves targets that
// misbehave. It is a parent to be killed, too: see TestParentKilled.
func TestMain(m *testing.M) {
	if serve.Requested() {
		if os.Getenv(wire.Environ) == "odd" {
			serve.Main(oddTargets())
		}
		if how, is := strings.CutPrefix(os.Getenv(wire.Environ), "made by what "); is {
			serve.Main([]target.Target{constructing(how, makers[how])})
		}
		serve.Main(append(target.Builtin(), buggy.Targets()...))
	}
	if os.Getenv(doomedEnviron) != "" {
		doomedParent()
	}
	code := m.Run()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// session returns a session of this binary as the child.
func session(t testing.TB, c Config) *Session {
	t.Helper()
	if c.Command == nil {
		c.Command = []string{executable(t)}
	}
	s, err := NewSession(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func executable(t testing.TB) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return exe
}

func odd(t testing.TB, c Config) *Session {
	t.Helper()
	c.Set = "odd"
	return session(t, c)
}

func parse(t testing.TB, text string) *scheduler.Schedule {
	t.Helper()
	s, err := scheduler.Parse("mapstress schedule v1\n" + text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// soon is far more than anything here takes, on a busy machine too, and less
// than what waits for a child that sleeps, or for each run's grace, would take.
const soon = 100 * time.Second

// do runs a schedule in a session, and fails the test if that is not soon done.
func do(t testing.TB, s *Session, target, schedule string, count int) Outcome {
	t.Helper()
	started := time.Now()
	o, err := s.Run(context.Background(), Job{Target: target, Schedule: parse(t, schedule), Count: count})
	if err != nil {
		t.Fatalf("%s: %v", target, err)
	}
	if took := time.Since(started); took > soon {
		t.Errorf("%s: took %v; want at most %v", target, took, soon)
	}
	if o.Tally.Runs != uint64(count) {
		t.Errorf("%s: %d runs; want %d", target, o.Tally.Runs, count)
	}
	return o
}

// signatures lists what was found.
func signatures(o Outcome) (all []string) {
	for _, f := range o.Found {
		all = append(all, f.Verdict.Signature())
	}
	return all
}

const (
	twoStores = "w0 store k1 v10\nw1 store k2 v11\n"
	growth    = "prefill 8\ntiming start=spin\nw0 store k9 v100\nw1 store k10 v101\n"
)

func TestDescribe(t *testing.T) {
	s := session(t, Config{})
	all, err := s.Describe(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 || all[0].Name != "map" || len(all[0].Variants) == 0 {
		t.Errorf("got %+v; want the built-in map first", all)
	}
	hello, err := s.Hello(context.Background())
	if err != nil || hello.GoVersion == "" || !hello.Journal {
		t.Errorf("got %+v, %v", hello, err)
	}
}

func TestRefused(t *testing.T) {
	s := odd(t, Config{})
	for _, c := range []struct{ target, schedule, want string }{
		{"no such map", twoStores, `the child has no target "no such map"`},
		{"correct", "w0 swap k1 v1\n", `target correct: worker w0 calls "swap", which the map does not have`},
	} {
		o, err := s.Run(context.Background(), Job{Target: c.target, Schedule: parse(t, c.schedule), Count: 1})
		if _, ok := err.(*RequestError); !ok || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
		if o.Tally.Runs != 0 {
			t.Errorf("%d runs", o.Tally.Runs)
		}
	}
	do(t, s, "correct", twoStores, 10) // the child is well
}
