package search

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/child"
)

// TestKeptWithout: where there are no children for controlled runs, a kept case that has decisions
// is run free, and that is said once for all of them.
func TestKeptWithout(t *testing.T) {
	const name = "buggy-sequential" // what failed fails again
	store := corpus.Open(t.TempDir())
	run(t, Config{Duration: time.Minute, ShrinkTime: time.Second, StopOnFinding: true, Store: store}, name)
	cases, _ := store.Load(name)
	if len(cases) == 0 {
		t.Fatal("nothing was kept")
	}
	for _, c := range cases {
		c.Decisions = "seed 1\n0*3\n"
		again := *c
		again.File, again.Schedule = "", untimed(c.Schedule)
		again.Schedule.Timing.Seed = 1 // which makes it another case
		for _, decided := range []*corpus.Case{c, &again} {
			if _, err := store.Save(decided); err != nil {
				t.Fatal(err)
			}
		}
	}
	for how, test := range uncontrolled {
		c := Config{
			Duration: time.Minute, ShrinkTime: time.Second, Seed: 1, StopOnFinding: true, Engine: Auto, Ready: true, Store: store,
			Child: children(t), Targets: describe(t, name),
			Children: func(context.Context) (child.Config, error) { return test.children(t) },
		}
		var said []string
		c.OnProblem = func(err error) { said = append(said, err.Error()) }
		r, err := Run(context.Background(), c)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(r.Targets[0].Findings, func(f Finding) bool { return f.Known }) {
			t.Errorf("%s: found %+v; want a known finding", how, r.Targets[0].Findings)
		}
		if len(said) != 1 || !strings.HasPrefix(said[0], "kept cases are not run by their decisions: ") || !strings.Contains(said[0], test.reason) {
			t.Errorf("%s: said %q; want the reason %q once", how, said, test.reason)
		}
	}
}
