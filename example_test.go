package mapstress_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"testing"
	"time"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/target"
)

// A program that uses mapstress calls Serve first thing: its children are the same
// program.
func TestMain(m *testing.M) {
	mapstress.Serve()
	os.Exit(m.Run())
}

// One search of a map that is safe, bounded by the number of runs. What it reports
// is how much was tried, and that nothing was found.
func ExampleFuzz() {
	report, err := mapstress.Fuzz(context.Background(), mapstress.Config{
		Targets: []string{"map+mutex"},
		Runs:    200,
		Seed:    7,
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range report.Targets {
		fmt.Printf("%s: %d runs, %d findings\n", t.Target, t.Tally.Runs, len(t.Findings))
	}
	// Output: map+mutex: 200 runs, 0 findings
}

// In a test, each finding is an error. Commit the corpus, and the test first runs
// what was found before.
func ExampleFuzz_test() {
	test := func(t *testing.T) {
		report, err := mapstress.Fuzz(context.Background(), mapstress.Config{
			Targets:  []string{"sync.Map"},
			Duration: 10 * time.Second,
			Seed:     uint64(time.Now().UnixNano()),
			Corpus:   "testdata/mapstress",
			OnFinding: func(f mapstress.Finding) {
				if f.Final {
					t.Errorf("%s: %s; replay: mapstress replay %s", f.Target, f.Verdict.Detail, f.Path)
				}
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d runs with seed %d", report.Targets[0].Tally.Runs, report.Seed)
	}
	_ = test
}

// One worker runs at a time: what is found fails each time again, and the failure has a table of
// who stopped before which line. The go command builds the test once more for it.
func ExampleUsing() {
	test := func(t *testing.T) {
		mapstress.Check(t, func() mapstress.Map[string, *user] {
			c := &cache{users: map[string]*user{}}
			return mapstress.Map[string, *user]{Load: c.get, LoadOrStore: c.getOrSet, Delete: c.del}
		}, mapstress.Using(mapstress.Controlled))
	}
	_ = test
}

// A counter that adds and answers in one step, which sync.Map cannot. Its model says what
// AddAndGet does to a map that nobody else uses; that it takes effect at one instant, among
// all other ops, is what Check holds it to.
func ExampleCheck_custom() {
	test := func(t *testing.T) {
		mapstress.Check(t, func() mapstress.Map[string, int] {
			counts := &totals{of: map[string]int{}}
			return mapstress.Map[string, int]{
				Load:  counts.get,
				Store: counts.set,
				Custom: []target.Custom[string, int]{{
					Name: "AddAndGet",
					Call: func(name string, n int) any { return counts.add(name, n) },
					Model: func(m map[string]int, name string, n int) any {
						m[name] += n
						return m[name]
					},
				}},
			}
		})
	}
	_ = test
}

// A kept case is run again, until it has failed often enough or the time is up. The
// rate says how often, and between which bounds the chance of it lies.
func ExampleReplay() {
	c, err := corpus.ReadFile("cmd/mapstress/testdata/case/lost-update.txtar")
	if err != nil {
		log.Fatal(err)
	}
	// One of 700 runs fails, or more, and thousands are made in a second.
	replayed, err := mapstress.Replay(context.Background(), c, mapstress.Limits{Failures: 1, Time: 50 * time.Second})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.Target, c.Verdict.Rule, replayed.Failing(), replayed.Rate.Failed)
	// Output: buggy-check-then-act lost-update true 1
}

// A case that does not fail any more is not shrunk.
func ExampleShrink() {
	c, err := corpus.ReadFile("cmd/mapstress/testdata/case/lost-update.txtar")
	if err != nil {
		log.Fatal(err)
	}
	c.Target = "repaired-check-then-act"
	_, err = mapstress.Shrink(context.Background(), c, mapstress.ShrinkConfig{Time: 100 * time.Millisecond})
	fmt.Println(err)
	// It prints something like:
	// the case does not fail any more: 0 of 31077 runs failed in the same way
}
