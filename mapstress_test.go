package mapstress_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/buggy"
	"github.com/mapstress/mapstress/target"
)

func TestConfigErrors(t *testing.T) {
	for _, test := range []struct {
		config mapstress.Config
		want   string
	}{
		{mapstress.Config{Targets: []string{"github.com/puzpuzpuz/xsync/v4@v4.5.0"}}, `unknown target "github.com/puzpuzpuz/xsync/v4@v4.5.0"; a map of a package is named by the package, a space and an expression that makes one, such as`},
		{mapstress.Config{Targets: []string{"sync.map"}}, `unknown target "sync.map"; did you mean "sync.Map"? mapstress targets lists them all`},
		{mapstress.Config{Scenarios: []string{"burst"}}, `unknown scenario "burst"; mapstress scenarios lists them all`},
		{mapstress.Config{Duration: -time.Second}, "duration -1s is negative"},
	} {
		report, err := mapstress.Fuzz(context.Background(), test.config)
		if report != nil || err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%+v: %v, %v; want %s", test.config, report, err, test.want)
		}
	}
}

func TestProbe(t *testing.T) {
	g, err := mapstress.Probe(context.Background(), "buggy-nil-in-growth", target.Shape{}, 70)
	if err != nil || !slices.Equal(g.Up, []int{8, 16, 32, 64}) || g.Down != nil || len(g.Inserts) != 70 || len(g.Deletes) != 71 {
		t.Errorf("%+v, %v", g, err)
	}
	for _, test := range []struct {
		name  string
		shape target.Shape
		limit int
		want  string
	}{
		{"sync.map", target.Shape{}, 70, `unknown target "sync.map"`},
		{"map", target.Shape{Key: "int", Value: "itn"}, 70, "target map has no shape int/itn; want one of int/int, "},
		{"map", target.Shape{}, mapstress.MaxProbe + 1, "probe where map grows: probe up to 16385 entries; want 2 to 16384"},
	} {
		if _, err := mapstress.Probe(context.Background(), test.name, test.shape, test.limit); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: %v; want %s", test.name, err, test.want)
		}
	}
}

// A search whose context has ended reports that it was interrupted, and no error.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	report, err := mapstress.Fuzz(ctx, mapstress.Config{Targets: []string{"map"}})
	if err != nil || report == nil || !report.Interrupted {
		t.Errorf("%+v, %v", report, err)
	}
}

func TestTargetNamedTwice(t *testing.T) {
	report, err := mapstress.Fuzz(context.Background(), mapstress.Config{Targets: []string{"striped", "striped"}, Runs: 20})
	if err != nil || len(report.Targets) != 1 {
		t.Errorf("%+v, %v", report, err)
	}
}

// TestPlantedBugs: planted bugs are found, under their own names, kept, and
// known to the next search; the same maps repaired are clean. Of all of them
// internal/search has the like, by whose TestPlanted the odds are.
func TestPlantedBugs(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for i, bug := range buggy.All() {
		name := bug.Target.Name
		if i%4 > 0 || bug.Races && raceEnabled { // the race detector would be first
			continue
		}
		dir := t.TempDir()
		config := mapstress.Config{
			Targets: []string{name}, Duration: 2 * time.Minute, Seed: 1,
			ShrinkTime: -1, StopOnFinding: true, Corpus: dir,
		}
		report, err := mapstress.Fuzz(context.Background(), config)
		if err != nil || report.Bugs() == 0 {
			t.Errorf("%s: not found in %.0f s: %v", name, report.Elapsed.Seconds(), err)
			continue
		}
		found := report.Targets[0].Findings[0]
		if !bug.Expect.Met(found.Verdict) {
			t.Errorf("%s: found as %s %s: %s; want %+v", name, found.Verdict.Class, found.Verdict.Rule, found.Verdict.Detail, bug.Expect)
		}
		kept, err := corpus.ReadFile(found.Path)
		if err != nil || kept.ID()+".txtar" != filepath.Base(found.Path) {
			t.Errorf("%s: %s: %v", name, found.Path, err)
		}
		clean, err := mapstress.Fuzz(context.Background(), mapstress.Config{
			Targets: []string{bug.Correct.Name}, Duration: 300 * time.Millisecond, Seed: 1, Corpus: dir,
		})
		if err != nil || clean.Bugs() > 0 {
			t.Errorf("%s: %+v, %v", bug.Correct.Name, clean.Targets[0].Findings, err)
		}
	}
}

func TestShrinkRepaired(t *testing.T) {
	c, err := corpus.ReadFile("cmd/mapstress/testdata/case/lost-update.txtar")
	if err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(c.File)
	if err != nil {
		t.Fatal(err)
	}
	c.Target = "repaired-check-then-act"
	if _, err := mapstress.Shrink(context.Background(), c, mapstress.ShrinkConfig{Time: 100 * time.Millisecond}); !errors.Is(err, mapstress.ErrNotFailing) {
		t.Errorf("got %v", err)
	}
	if after, err := os.ReadFile(c.File); err != nil || string(after) != string(before) {
		t.Errorf("the case was changed: %v", err)
	}
}
