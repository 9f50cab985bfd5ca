package search

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// countEnviron names a file that has a byte for each process in which unlucky was used.
const countEnviron = "MAPSTRESS_TEST_PROCESSES"

// unluckyHere is true in one process of five, of which the first is one.
var unluckyHere = sync.OnceValue(func() bool {
	f, err := os.OpenFile(os.Getenv(countEnviron), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return false
	}
	defer f.Close()
	f.Write([]byte{1})
	info, err := f.Stat()
	return err == nil && info.Size()%5 == 1
})

// unlucky is a map that forgets what is stored, in some processes, as one with a seed that its
// package draws once.
func unlucky() target.Target {
	return target.Adapt("unlucky", target.Int(), target.Int(), func() target.Map[int, int] {
		var m sync.Map
		return target.Map[int, int]{
			Load: func(k int) (int, bool) {
				v, ok := m.Load(k)
				n, _ := v.(int)
				return n, ok
			},
			Store: func(k, v int) {
				if !unluckyHere() {
					m.Store(k, v)
				}
			},
		}
	}, target.Usual())
}

// TestReplayElsewhere: a case that fails in some processes only is replayed by as many as it takes,
// one after the other, and how often it fails is told of more than the one in which it was found.
func TestReplayElsewhere(t *testing.T) {
	count := filepath.Join(t.TempDir(), "processes")
	t.Setenv(countEnviron, count)
	processes := func(n int) {
		if err := os.WriteFile(count, make([]byte, n), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	processes(2) // the fourth from here on is unlucky
	s, err := child.NewSession(children(t))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	schedule, err := scheduler.Parse("mapstress schedule v1\nw0 store k1 v2\nw0 load k1\n")
	if err != nil {
		t.Fatal(err)
	}
	c := &corpus.Case{Target: "unlucky", Schedule: schedule, Verdict: oracle.Verdict{Class: oracle.SilentCorruption, Rule: "lost-key"}}
	r, err := Replay(context.Background(), s, c, Limits{Failures: 3, Time: time.Minute})
	if err != nil || !r.Failing() {
		t.Fatalf("%+v, %v; want it to fail", r, err)
	}
	processes(0)
	report := run(t, Config{Seed: 1, Duration: time.Minute, StopOnFinding: true, ShrinkTime: time.Second}, "unlucky")
	if f := report.Targets[0].Findings; len(f) != 1 || f[0].Case.Reproduced.Chance() > 0.9 || f[0].Case.Reproduced.Failed == 0 || f[0].Case.Shrunk.Rate != nil {
		t.Errorf("found %+v; want it to fail in some processes, and not in others", f)
	}
}

func TestUnlikely(t *testing.T) {
	for rate, want := range map[corpus.Rate]int{
		{Failed: 0, Runs: 10}: 0, {Failed: 10, Runs: 10}: 31, {Failed: 1, Runs: 2}: 66, {Failed: 1, Runs: 1000}: 34536,
	} {
		if got := unlikely(rate); got != want {
			t.Errorf("%v: %d runs; want %d", rate, got, want)
		}
	}
}
