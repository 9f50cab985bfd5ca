package mapstress

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/mapstress/mapstress/internal/child"
	"github.com/mapstress/mapstress/internal/search"
)

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
