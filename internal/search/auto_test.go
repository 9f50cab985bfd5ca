package search

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/oracle"
)

// uncontrolled are ways not to have children for controlled runs, and what is said of them.
var uncontrolled = map[string]struct {
	children func(t *testing.T) (child.Config, error)
	reason   string
}{
	"no build": {func(*testing.T) (child.Config, error) { return child.Config{}, errors.New("no go command") }, "no go command"},
	"no hooks": {func(t *testing.T) (child.Config, error) { return children(t), nil }, "built without hooks"},
}

// TestComesAs: what a finding was in controlled runs is no other finding when they meet it again.
func TestComesAs(t *testing.T) {
	race := func(frames ...string) oracle.Verdict {
		return oracle.Verdict{Class: oracle.DataRace, Rule: "data race", Frames: frames}
	}
	free := race("runtime.mapaccess1", "x.Get", "runtime.mapassign", "x.Set")
	for _, c := range []struct {
		as    oracle.Verdict
		other bool
	}{
		{race("x.Get", "x.Set"), false},
		{race("x.Get", "x.Delete"), true},
		{oracle.Verdict{Class: oracle.SilentCorruption, Rule: "lost-key"}, true},
	} {
		of := &state{claims: map[string]bool{}}
		s := &search{}
		s.comesAs(attempted{of, Finding{Verdict: free}}, c.as)
		if s.claim(of, c.as.Signature()) != c.other {
			t.Errorf("%v: want another finding: %v", c.as, c.other)
		}
	}
}

// TestAutoWithout: where there are no children for controlled runs, a finding is reported as
// it is without them, once, and then the reason. Children are asked for once. Odds: as those
// of TestPlanted.
func TestAutoWithout(t *testing.T) {
	for name, test := range uncontrolled {
		t.Run(name, func(t *testing.T) {
			asked, waits := 0, false
			waited := make(chan struct{})
			var told []Finding
			r := run(t, Config{
				Duration: 2 * time.Minute, ShrinkTime: 100 * time.Millisecond, Seed: 1, StopOnFinding: true, Engine: Auto,
				Children: func(context.Context) (child.Config, error) {
					asked++
					<-waited // until it is told that they are waited for
					return test.children(t)
				},
				OnFinding: func(f Finding) { told = append(told, f) }, Every: 10 * time.Millisecond,
				OnProgress: func(p Progress) {
					if !waits && p.After == "building children for controlled runs" {
						waits = true
						close(waited)
					}
				},
			}, "buggy-check-then-act")
			if len(told) == 0 || asked != 1 {
				t.Fatalf("found %+v, and asked for children %d times", told, asked)
			}
			last := told[len(told)-1]
			if last.Controlled == nil || !strings.Contains(last.Controlled.Reason, test.reason) || last.Controlled.Case != nil || !last.Final {
				t.Errorf("told of %+v, with %+v; want the reason %q", last, last.Controlled, test.reason)
			}
			for _, f := range r.Targets[0].Findings {
				if f.Final && (f.Controlled == nil || f.Case == nil || f.Count == 0) {
					t.Errorf("reported %+v", f)
				}
			}
		})
	}
}

// TestAutoLeavesAlone: what is no bug, or needs no concurrency, is not tried.
func TestAutoLeavesAlone(t *testing.T) {
	s := &search{Config: Config{Engine: Auto}}
	s.attempts.build = func() (child.Config, error) { panic("children were asked for") }
	every := &corpus.Case{Reproduced: corpus.Rate{Failed: 7, Runs: 7}}
	for _, f := range []Finding{
		{Unsafe: true}, {Known: true}, {Verdict: oracle.Verdict{Sequential: true}, Case: every},
	} {
		s.tryLater(nil, f)
	}
	s.Engine = Stress
	s.tryLater(nil, Finding{Case: &corpus.Case{}})
	if len(s.attempts.waiting) > 0 {
		t.Errorf("%d are to be tried", len(s.attempts.waiting))
	}
}

// TestAutoTriesSequential: one worker that fails now and then is not alone.
func TestAutoTriesSequential(t *testing.T) {
	s := &search{Config: Config{Engine: Auto}}
	s.attempts.build, s.attempts.built = func() (child.Config, error) { return child.Config{}, nil }, make(chan struct{})
	s.tryLater(nil, Finding{Verdict: oracle.Verdict{Sequential: true}, Case: &corpus.Case{Reproduced: corpus.Rate{Failed: 1, Runs: 26}}})
	<-s.attempts.built
	if len(s.attempts.waiting) != 1 {
		t.Errorf("%d are to be tried; want 1", len(s.attempts.waiting))
	}
}

func TestAttemptLimit(t *testing.T) {
	for _, c := range []struct {
		config  Config
		elapsed time.Duration
		want    time.Duration
	}{
		{Config{}, 0, 10 * time.Second},
		{Config{StopOnFinding: true}, time.Hour, 40 * time.Second},
		{Config{Duration: time.Second, StopOnFinding: true}, 0, 10 * time.Second},
		{Config{Duration: time.Minute, StopOnFinding: true}, 2 * time.Second, 40 * time.Second},
		{Config{Duration: time.Minute, StopOnFinding: true}, 35 * time.Second, 25 * time.Second},
		{Config{Duration: time.Minute, StopOnFinding: true}, time.Minute, 10 * time.Second},
		{Config{Duration: time.Second}, 0, 2 * time.Second},
		{Config{Duration: 30 * time.Second}, 0, 6 * time.Second},
		{Config{Duration: time.Hour}, 0, 10 * time.Second},
	} {
		if got := (&search{Config: c.config, elapsed: c.elapsed}).attemptLimit(); got != c.want {
			t.Errorf("%+v: got %v, want %v", c.config, got, c.want)
		}
	}
}

func TestNearness(t *testing.T) {
	wanted := oracle.Verdict{Class: oracle.SilentCorruption, Rule: "lost-key"}
	for i, v := range []oracle.Verdict{
		{Class: oracle.Hang, Rule: "deadlock"}, {Class: oracle.DataRace},
		{Class: oracle.SilentCorruption, Rule: "stale-read"}, wanted,
	} {
		if got := nearness(v, wanted); got != 1+i {
			t.Errorf("%v: got %d, want %d", v, got, 1+i)
		}
	}
}
