package mapstress_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/instrument"
)

func TestSoakMistakes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	for _, test := range []struct {
		config mapstress.SoakConfig
		want   string
	}{
		{mapstress.SoakConfig{Targets: []string{"syncmap"}}, `unknown target "syncmap"; did you mean "sync.Map"?`},
		{mapstress.SoakConfig{Targets: []string{"sync Map", "striped"}}, `"sync Map" and others: a map of another module is searched by itself`},
		{mapstress.SoakConfig{Targets: []string{"sync Map{"}}, `expression "Map{": `},
		{mapstress.SoakConfig{Scenarios: []string{"growth"}}, `unknown scenario "growth"; did you mean "growth-burst"?`},
		{mapstress.SoakConfig{Duration: -time.Second}, "duration -1s and replay time 0s must not be negative"},
	} {
		test.config.Dir = dir
		report, err := mapstress.Soak(context.Background(), test.config)
		if report != nil || err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%+v: %v, %v; want %s", test.config, report, err, test.want)
		}
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("something was written all the same")
	}
}

// A soak whose context has ended reports that it was interrupted, and goes on when
// it is started again, with what it was told the first time.
func TestSoakInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	c := mapstress.SoakConfig{
		Dir: filepath.Join(t.TempDir(), "out"), Corpus: filepath.Join(t.TempDir(), "corpus"),
		Targets: []string{"striped", "striped"}, Scenarios: []string{"drain"}, Duration: 500 * time.Millisecond,
	}
	first, err := mapstress.Soak(ctx, c)
	if err != nil || !first.Interrupted || first.Done || len(first.Targets) != 1 || first.Seed == 0 {
		t.Fatalf("%+v, %v", first, err)
	}
	second, err := mapstress.Soak(context.Background(), mapstress.SoakConfig{Dir: c.Dir})
	if err != nil || !second.Resumed || !second.Done || second.Seed != first.Seed || second.Targets[0].Target != "striped" {
		t.Errorf("%+v, %v", second, err)
	}
}

// In controlled runs a soak finds what is told as such, by children that are built for it.
func TestSoakControlled(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds children with hooks")
	}
	if err := instrument.Supported(); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	c := mapstress.SoakConfig{
		Dir: filepath.Join(dir, "out"), Corpus: filepath.Join(dir, "corpus"), Duration: 10 * time.Minute,
		Targets: []string{"buggy-check-then-act"}, Scenarios: []string{"mixed"}, Seed: 5,
	}
	if _, err := mapstress.Soak(ctx, c); err != nil {
		t.Fatal(err)
	}
	// With one target and one scenario, the second slice of a round is of controlled runs.
	file := filepath.Join(c.Dir, "soak.json")
	state, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(state), `"controlled": true`) {
		t.Fatalf("a soak of %v has no controlled runs:\n%s", c.Duration, state)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(state), `"slices": 0`, `"slices": 1`, 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	ctx, cancel = context.WithCancel(context.Background())
	defer cancel()
	c.OnProblem = func(err error) { t.Error(err) }
	c.OnFinding = func(f mapstress.Finding) {
		if f.Final {
			cancel()
		}
	}
	r, err := mapstress.Soak(ctx, c)
	if err != nil || !r.Interrupted || len(r.Targets) != 1 || r.Targets[0].Beside == nil || r.Targets[0].Tally.Runs > 0 {
		t.Fatalf("%+v, %v; want controlled runs alone", r, err)
	}
	if runs := r.Targets[0].Beside.Tally.Runs; runs == 0 || len(r.Targets[0].Findings) == 0 {
		t.Fatalf("%d controlled runs, %+v", runs, r.Targets[0].Findings)
	}
	f := r.Targets[0].Findings[0]
	kept, err := corpus.ReadFile(f.Path)
	if err != nil {
		t.Fatal(err)
	}
	if kept.Decisions == "" || kept.Reproduced.Failed != kept.Reproduced.Runs || kept.Schedule.Ops() > 6 {
		t.Errorf("%s has the decisions %q, %s, %d ops; want what fails every time and is small", f.Path, kept.Decisions, kept.Reproduced, kept.Schedule.Ops())
	}
}

// TestSoakDirectory: a map that is named by its directory is soaked by its import path.
func TestSoakDirectory(t *testing.T) {
	if testing.Short() {
		t.Skip("it calls the compiler")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/soaked\n\ngo 1.23\n", "kept/kept.go": `package kept

import "sync"

type Map struct{ m sync.Map }

func New() *Map { return &Map{} }

func (m *Map) Get(k string) (int, bool) {
	v, ok := m.m.Load(k)
	n, _ := v.(int)
	return n, ok
}

func (m *Map) Set(k string, v int) { m.m.Store(k, v) }
`} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	before, err := os.Getwd()
	if err == nil {
		err = os.Chdir(dir)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chdir(before) })
	r, err := mapstress.Soak(context.Background(), mapstress.SoakConfig{
		Dir: "out", Corpus: "corpus", Duration: 3 * time.Second, Targets: []string{"./kept New()"}, Scenarios: []string{"mixed"}, Seed: 5,
		OnProblem: func(err error) { t.Error(err) },
	})
	if err != nil || !r.Done || len(r.Targets) != 1 || r.Targets[0].Target != "example.com/soaked/kept New()" || r.Targets[0].Tally.Runs == 0 || len(r.Targets[0].Findings) > 0 {
		t.Errorf("%+v, %v", r, err)
	}
}
