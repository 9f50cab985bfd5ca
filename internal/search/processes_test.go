package search

import (
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// unlucky is a map that forgets what is stored, in one process of five, as one with a seed
// that its package draws once.
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
				if os.Getpid()%5 != 0 {
					m.Store(k, v)
				}
			},
		}
	}, target.Usual())
}

// TestReplayElsewhere: a case that fails in some processes only is replayed by as many as it takes,
// one after the other, and how often it fails is told of more than the one in which it was found.
// There are hundreds of processes in these times. That four in a row are unlucky, and nothing is
// noticed, has a chance of 1 in 625, if others start processes, too, and less if they do not.
func TestReplayElsewhere(t *testing.T) {
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
	report := run(t, Config{Seed: 1, Duration: time.Minute, StopOnFinding: true, ShrinkTime: time.Second}, "unlucky")
	if f := report.Targets[0].Findings; len(f) != 1 || f[0].Case.Reproduced.Chance() > 0.9 || f[0].Case.Reproduced.Failed == 0 {
		t.Errorf("found %+v; want it to fail in some processes, and not in others", f)
	}
}

func TestUnlikely(t *testing.T) {
	for rate, want := range map[corpus.Rate]int{
		{Failed: 0, Runs: 10}: 0, {Failed: 10, Runs: 10}: 1, {Failed: 1, Runs: 2}: 10, {Failed: 1, Runs: 1000}: 6905,
	} {
		if got := unlikely(rate); got != want {
			t.Errorf("%v: %d runs; want %d", rate, got, want)
		}
	}
}
