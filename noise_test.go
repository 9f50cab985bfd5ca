package mapstress

import (
	"context"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/buggy"
	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler"
)

func scheduleOf(t *testing.T, text string) *scheduler.Schedule {
	t.Helper()
	s, err := scheduler.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestNoiseStrikes: a run whose every access is disturbed takes longer by all of the busy loops:
// here some hundred accesses of about a microsecond each, where the ops take one all together.
func TestNoiseStrikes(t *testing.T) {
	s := known(t)
	ops := strings.TrimPrefix(threeByFive, "mapstress schedule v1\n")
	cost := func(timing string) float64 {
		least := 0.0
		for range 3 {
			o, err := s.Run(context.Background(), child.Job{
				Target: "sync.Map", Schedule: scheduleOf(t, "mapstress schedule v1\ntiming "+timing+"\n"+ops), Count: 1000,
			})
			if err != nil || o.Tally.Runs != 1000 || o.Tally.Failed > 0 {
				t.Fatalf("%+v, %v", o, err)
			}
			if cpu := o.CPU.Seconds(); least == 0 || cpu < least {
				least = cpu
			}
		}
		return least
	}
	calm, loud := cost("start=barrier"), cost("start=barrier noise=1/1")
	if loud < calm+0.02 {
		t.Errorf("1,000 runs took %.3f s of CPU time, and %.3f s with noise; want 0.02 s more at least", calm, loud)
	}
}

// TestNoiseClean: what is right stays clean, wherever noise strikes.
func TestNoiseClean(t *testing.T) {
	s := known(t)
	for _, b := range buggy.All() {
		for _, ops := range []string{twoFirst, growing} {
			schedule := scheduleOf(t, ops)
			schedule.Timing.Noise = 16
			o, err := s.Run(context.Background(), child.Job{Target: b.Correct.Name, Schedule: schedule, Count: 300})
			if err != nil || o.Tally.Failed > 0 || o.Tally.Runs != 300 {
				t.Errorf("%s: %+v, %v, %v", b.Correct.Name, o.Tally, o.Counts, err)
			}
		}
	}
}

// TestNoiseTakesHooks: a child without hooks refuses it, and a case with noise is replayed by one
// that has them.
func TestNoiseTakesHooks(t *testing.T) {
	plain, err := children()
	if err != nil {
		t.Fatal(err)
	}
	session, err := child.NewSession(plain)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	schedule := scheduleOf(t, "mapstress schedule v1\ntiming noise=1/64\nw0 store k1 v2\nw1 load k1\n")
	_, err = session.Run(context.Background(), child.Job{Target: "sync.Map", Schedule: schedule, Count: 10})
	if err == nil || !strings.Contains(err.Error(), "its timing has noise, and this child was built without hooks") {
		t.Errorf("without hooks: %v", err)
	}
	known(t)
	c := &corpus.Case{Target: "sync.Map", Schedule: schedule, Verdict: oracle.Verdict{Class: oracle.SilentCorruption, Rule: "lost-key"}}
	if r, err := Replay(context.Background(), c, Limits{Runs: 20}); err != nil || r.Tally.Runs != 20 || r.Failing() {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestNoiseFuzz: a search with noise finds a planted bug that searches without it mostly miss.
//
// Odds: a search like this one had one to four failing runs by second of CPU time, of 1,000; in
// five minutes it misses all with less than e^-300. The search ends with the first.
func TestNoiseFuzz(t *testing.T) {
	known(t)
	dir := t.TempDir()
	report, err := Fuzz(context.Background(), Config{
		Targets: []string{"buggy-torn-words"}, Engine: Stress, Noise: true, Duration: 5 * 60 * 1e9, ShrinkTime: -1,
		Seed: 1, Corpus: dir, StopOnFinding: true,
	})
	if err != nil || report.Bugs() == 0 {
		t.Fatalf("found %+v, %v", report, err)
	}
	if noisy := report.Targets[0].Noisy; noisy == 0 || noisy > report.Targets[0].Tally.Runs {
		t.Errorf("%d of %d runs had noise", noisy, report.Targets[0].Tally.Runs)
	}
	for _, f := range report.Targets[0].Findings {
		if f.Verdict.Class != oracle.SilentCorruption {
			t.Errorf("found %+v", f.Verdict)
		}
	}
	if _, err := Fuzz(context.Background(), Config{Engine: Controlled, Noise: true}); err == nil || !strings.Contains(err.Error(), "noise is for workers that run free") {
		t.Errorf("of controlled runs: %v", err)
	}
}
