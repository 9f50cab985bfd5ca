package search

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/mapstress/mapstress/internal/child"
)

func TestBesideAfter(t *testing.T) {
	for _, c := range []struct {
		config Config
		want   time.Duration
		ok     bool
	}{
		{Config{Engine: Auto}, 5 * time.Second, true},
		{Config{Engine: Auto, Duration: 40 * time.Second}, 5 * time.Second, true},
		{Config{Engine: Auto, Duration: time.Hour}, 5 * time.Second, true},
		{Config{Engine: Auto, Duration: 39 * time.Second}, 0, false},
		{Config{Engine: Auto, Duration: 24 * time.Second, Quick: true}, 3 * time.Second, true},
		{Config{Engine: Auto, Duration: time.Hour, Quick: true}, 5 * time.Second, true},
		{Config{Engine: Auto, Quick: true}, 5 * time.Second, true},
		{Config{Engine: Auto, Duration: 11 * time.Second, Quick: true}, 0, false},
		{Config{Engine: Auto, Duration: time.Hour, Runs: 1000}, 0, false},
		{Config{Engine: Auto, Duration: time.Second, BesideAfter: time.Second}, time.Second, true},
		{Config{Engine: Stress, Duration: time.Hour}, 0, false},
		{Config{Engine: Controlled, Duration: time.Hour}, 0, false},
	} {
		if got, ok := c.config.besideAfter(); ok != c.ok || ok && got != c.want {
			t.Errorf("%+v: got %v, %v; want %v, %v", c.config, got, ok, c.want, c.ok)
		}
	}
}

// TestBesideWithout: where there are no children for controlled runs, a search is one of free
// runs, and says once why.
func TestBesideWithout(t *testing.T) {
	for name, test := range uncontrolled {
		t.Run(name, func(t *testing.T) {
			ctx, stop := context.WithTimeout(context.Background(), time.Minute)
			defer stop()
			var problems []error
			r, err := Run(ctx, Config{
				Child: children(t), Targets: describe(t, "striped"), Seed: 1, Engine: Auto, BesideAfter: 1,
				Children: func(context.Context) (child.Config, error) { return test.children(t) },
				OnProblem: func(err error) {
					problems = append(problems, err)
					time.AfterFunc(time.Second, stop) // it goes on
				},
			})
			if err != nil || len(problems) != 1 || !strings.Contains(problems[0].Error(), test.reason) {
				t.Errorf("%v, with problems %v; want the reason %q, once", err, problems, test.reason)
			}
			if target := r.Targets[0]; target.Tally.Runs == 0 || target.Beside != nil && target.Beside.Tally.Runs > 0 {
				t.Errorf("%+v", target)
			}
		})
	}
}
