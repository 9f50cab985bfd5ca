package mapstress

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/internal/search"
)

// TestPointsOfAll: the points of all runs are told where each of them deadlocks, after which a process
// is of no further use.
func TestPointsOfAll(t *testing.T) {
	s := known(t)
	o, err := s.Run(context.Background(), child.Job{
		Target: "buggy-panic-leaves-lock", Schedule: scheduleOf(t, "mapstress schedule v1\nw0 compute k1 v2 panics\nw0 load k1\n"), Count: 3,
		Controlled: &wire.Controlled{Strategy: "random", Seed: 1, Tell: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, run := range []string{"run 0\n", "\nrun 1\n", "\nrun 2\n"} {
		if strings.Count(o.Points, run) != 1 || o.Tally.Failed != 3 {
			t.Errorf("want %q once in the points of 3 runs, of which %d failed:\n%s", run, o.Tally.Failed, o.Points)
		}
	}
}

// TestUnsteady: of a map that does not do the same in each process there are no controlled runs, and
// it is told where it differs. A search of free ones goes on without.
func TestUnsteady(t *testing.T) {
	known(t)
	unsteady := []string{"./testdata/unsteady New()"}
	_, err := Fuzz(context.Background(), Config{Targets: unsteady, Engine: Controlled, Runs: 1000, Seed: 1, Corpus: t.TempDir()})
	var at *search.UnsteadyError
	if !errors.As(err, &at) || at.Run == 0 || at.Point == 0 || !strings.Contains(at.Did[0]+at.Did[1], "unsteady.go:") {
		t.Errorf("%v; want it told where the runs differ", err)
	}

	children, targets, err := subjects(context.Background(), unsteady, Build{}, false)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Minute)
	defer stop()
	var problems []error
	r, err := search.Run(ctx, search.Config{
		Child: children, Targets: targets, Seed: 1, Engine: search.Auto, BesideAfter: 1,
		Children: func(ctx context.Context) (child.Config, error) {
			config, _, err := subjects(ctx, unsteady, Build{}, true)
			return config, err
		},
		OnProblem: func(err error) {
			problems = append(problems, err)
			time.AfterFunc(2*time.Second, stop) // it goes on
		},
	})
	if err != nil || len(problems) != 1 || !errors.As(problems[0], &at) {
		t.Errorf("%v, with problems %v; want one, once", err, problems)
	}
	target := r.Targets[0]
	if target.Tally.Runs == 0 || target.Noisy == 0 || target.Beside != nil && target.Beside.Tally.Runs > 0 {
		t.Errorf("%d free runs, %d with noise, and %+v beside; want none by decisions", target.Tally.Runs, target.Noisy, target.Beside)
	}
}
