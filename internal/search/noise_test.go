package search

import (
	"context"
	"math/rand"
	"slices"
	"testing"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/scheduler"
)

// besideLane is a lane of a search that has gone on for a while, with children for what there is
// beside it.
func besideLane(engine Engine) (*lane, *state) {
	s := &search{started: time.Now().Add(-time.Hour), Config: Config{Engine: engine, BesideAfter: time.Second}}
	s.attempts.built = make(chan struct{})
	s.attempts.begun.Do(func() { close(s.attempts.built) })
	return &lane{search: s}, &state{tried: 1, target: &wire.Description{Name: "m"}}
}

// Of three turns one has noise, and one is of controlled runs, until something is found.
func TestBesideTurns(t *testing.T) {
	for _, c := range []struct {
		race, noisy bool
		want        string
	}{
		{false, false, "own noise controlled own noise controlled "},
		{true, false, "own controlled own controlled own controlled "},
		{false, true, "own controlled own controlled own controlled "},
	} {
		l, s := besideLane(Auto)
		l.race, l.noisy = c.race, c.noisy
		got := ""
		for range 6 {
			switch turn := l.beside(s); {
			case turn == nil:
				got += "own "
			case turn.controlled && !turn.noisy:
				got += "controlled "
			case turn.noisy && !turn.controlled:
				got += "noise "
			}
		}
		if l.other == nil || l.other.session != l.louder.session {
			t.Error("they do not share a session")
		}
		l.other.session.Close()
		if got != c.want {
			t.Errorf("race %v, noisy %v: %q; want %q", c.race, c.noisy, got, c.want)
		}
	}
}

// A kept case with noise waits for a lane that has it, and if there will be none that is said.
func TestLater(t *testing.T) {
	kept := &corpus.Case{File: "a.txtar", Schedule: &scheduler.Schedule{Timing: scheduler.Timing{Noise: 64}}}
	for _, engine := range []Engine{Auto, Stress} {
		l, s := besideLane(engine)
		var problems []error
		l.OnProblem = func(err error) { problems = append(problems, err) }
		if err := l.replayCase(context.Background(), s, kept); err != nil {
			t.Fatal(err)
		}
		if waits := slices.Equal(s.loud, []*corpus.Case{kept}); waits != (engine == Auto) || waits == (len(problems) == 1) {
			t.Errorf("%v: %d wait, with problems %v", engine, len(s.loud), problems)
		}
	}
}

// Noise is drawn last, and leaves the schedule as it is but for that.
func TestNoisy(t *testing.T) {
	schedule := &scheduler.Schedule{Timing: scheduler.Timing{Seed: 7}}
	seen := map[int]bool{}
	rng := rand.New(rand.NewSource(1))
	for range 100 {
		c := candidate{schedule: schedule}.noisy(rng)
		seen[c.schedule.Timing.Noise] = true
		if c.schedule.Timing.Seed != 7 || schedule.Timing.Noise != 0 {
			t.Fatalf("%+v of %+v", c.schedule, schedule)
		}
	}
	for _, n := range noises {
		if !seen[n] {
			t.Errorf("1/%d is never drawn", n)
		}
	}
	if c := (candidate{schedule: schedule, sequential: true}).noisy(rng); c.schedule.Timing.Noise != 0 {
		t.Error("noise for one worker alone")
	}
}
