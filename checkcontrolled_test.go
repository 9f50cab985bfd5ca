package mapstress_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/corpus"
)

// hooks skips a test that builds this test binary once more.
func hooks(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("it builds a program, of which all packages are compiled anew")
	}
	if _, err := exec.LookPath("go"); err != nil || runtime.GOARCH != "amd64" {
		t.Skip("it takes the go command, and amd64")
	}
}

// corpusOf is one directory for a test and its children, which run it, too.
func corpusOf(t *testing.T, variable string) string {
	if dir := os.Getenv(variable); dir != "" {
		return dir
	}
	dir := t.TempDir()
	t.Setenv(variable, dir)
	return dir
}

// TestCheckControlled: a careless cache fails, by decisions, 100 times of 100, with the table of
// who stopped where; and again the next time, by what was kept, and at once. A careful one passes.
//
// Odds: of two ops with some 20 decisions one run in 5 to 100 meets this bug, and a schedule in
// ten has them; 200 runs of each of 300 schedules, a second's work, miss it with less than e^-50.
func TestCheckControlled(t *testing.T) {
	hooks(t)
	dir := corpusOf(t, "CHECK_CONTROLLED_DIR")
	found := func(seed uint64) string {
		return strings.Join(check(t, func(taken *taken) {
			mapstress.Check(taken, newCache(true), mapstress.Using(mapstress.Controlled), mapstress.For(time.Minute), mapstress.Seed(seed), mapstress.Corpus(dir))
		}).errors, "\n")
	}
	first, second := found(5), found(6)
	for _, story := range []string{first, second} {
		for _, want := range []string{"silent-corruption: ", "load-or-store k", "stops before check_test.go:", "reproduced 100 of 100", "replay: go test" + map[bool]string{true: " -race"}[raceEnabled] + " -run '^TestCheckControlled$'\n", "kept: " + dir} {
			if !strings.Contains(story, want) {
				t.Errorf("the story lacks %q:\n%s", want, story)
			}
		}
	}
	if kept, _ := filepath.Glob(filepath.Join(dir, "*", "*.txtar")); len(kept) != strings.Count(first, "kept: ") {
		t.Errorf("kept %q after\n%s\nand\n%s", kept, first, second)
	}
	careful := check(t, func(taken *taken) {
		mapstress.Check(taken, newCache(false), mapstress.Using(mapstress.Controlled), mapstress.Deciding("pos"), mapstress.For(time.Second), mapstress.Corpus(""))
	})
	if len(careful.errors) > 0 || len(careful.logs) == 0 {
		t.Errorf("of a careful one: errors %q, logs %q", careful.errors, careful.logs)
	}
}

// TestCheckAuto: what free runs find comes in controlled ones, too, and its case is run by its
// decisions the next time, whoever is asked. Odds: as those of TestCheckFinds and
// TestCheckControlled.
func TestCheckAuto(t *testing.T) {
	hooks(t)
	dir := corpusOf(t, "CHECK_AUTO_DIR")
	found := func(seed uint64, engine mapstress.Engine) string {
		return strings.Join(check(t, func(taken *taken) {
			mapstress.Check(taken, newCache(true), mapstress.Using(engine), mapstress.For(time.Minute), mapstress.Seed(seed), mapstress.Corpus(dir))
		}).errors, "\n")
	}
	first := found(5, mapstress.Auto)
	for _, want := range []string{"silent-corruption: ", "in controlled runs it comes every time", "stops before check_test.go:", "reproduced 100 of 100", ", too\n"} {
		if !strings.Contains(first, want) {
			t.Errorf("the story lacks %q:\n%s", want, first)
		}
	}
	again := found(6, mapstress.Controlled)
	if !strings.Contains(again, "reproduced 100 of 100") || !strings.Contains(again, "stops before check_test.go:") {
		t.Errorf("the second time:\n%s", again)
	}
	keepDecided(t, dir)
	again = found(7, mapstress.Auto)
	if !strings.Contains(again, "reproduced 100 of 100") || !strings.Contains(again, "stops before check_test.go:") {
		t.Errorf("the third time:\n%s", again)
	}
}

// keepDecided removes from a corpus what has no decisions.
func keepDecided(t *testing.T, dir string) {
	t.Helper()
	kept, _ := filepath.Glob(filepath.Join(dir, "*", "*.txtar"))
	for _, file := range kept {
		c, err := corpus.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if c.Decisions == "" {
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestCheckWithoutGo: where there is no go command, a test that wants controlled runs fails, and
// says why; one that would like them says so, too, with the finding of its free runs. Odds: as
// those of TestCheckFinds.
func TestCheckWithoutGo(t *testing.T) {
	const variable = "CHECK_WITHOUT_GO"
	if os.Getenv(variable) != "" {
		t.Run("controlled", func(t *testing.T) {
			mapstress.Check(t, newCache(true), mapstress.Using(mapstress.Controlled), mapstress.Corpus(""))
		})
		t.Run("auto", func(t *testing.T) {
			mapstress.Check(t, newCache(true), mapstress.Using(mapstress.Auto), mapstress.For(time.Minute), mapstress.Corpus(""))
		})
		return
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-test.run=^TestCheckWithoutGo$")
	cmd.Env = append(os.Environ(), variable+"=1", "PATH=")
	out, _ := cmd.CombinedOutput() // its error is the exit code
	said := string(out)
	const why = "the go command is needed to build the test for them"
	for _, want := range []string{
		"--- FAIL: TestCheckWithoutGo/controlled", "mapstress: no controlled runs: " + why,
		"--- FAIL: TestCheckWithoutGo/auto", "silent-corruption: ", "not in controlled runs: " + why,
	} {
		if !strings.Contains(said, want) {
			t.Errorf("%v, and lacks %q:\n%s", cmd.ProcessState, want, said)
		}
	}
}
