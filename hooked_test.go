package mapstress

import (
	"context"
	"go/version"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/internal/build"
)

// hookedProgram builds a program with hooks, and returns how to run it: it prints a name and a
// number in each line.
func hookedProgram(t testing.TB, file string) (run func(arguments ...string) map[string]float64) {
	known(t)
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	program, err := build.Program(context.Background(), sources, build.Spec{Controlled: true}, string(source))
	if err != nil {
		t.Fatal(err)
	}
	return func(arguments ...string) map[string]float64 {
		out, err := exec.Command(program, arguments...).Output()
		if err != nil {
			t.Fatal(err)
		}
		numbers := map[string]float64{}
		for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
			name, number, _ := strings.Cut(line, " ")
			if numbers[name], err = strconv.ParseFloat(number, 64); err != nil || numbers[name] <= 0 {
				t.Fatalf("%q: %v", line, err)
			}
		}
		return numbers
	}
}

// TestSwitchesWhileCollected: the switch between workers is done beside the runtime's own, whose
// garbage collector may look at either of them at any moment. A switch that lets it see a running
// goroutine without a thread dies in most of such runs.
func TestSwitchesWhileCollected(t *testing.T) {
	if n := hookedProgram(t, "testdata/hooks/main.go")("collect")["collections"]; n < 5_000 {
		t.Errorf("garbage was collected %v times; want 5,000", n)
	}
}

// TestTicking: a goroutine that a ticker wakes, and that takes longer than a tick, never runs out of
// things to do. Who fills or reads a map goes on none the less as soon as he can. Where he does not,
// minutes go by on the run's clock, in which entries expire, until the other has had all points there
// are. In a quarter of the runs or so the other holds the lock when the loads have returned.
func TestTicking(t *testing.T) {
	n := hookedProgram(t, "testdata/ticking/main.go")()
	if n["ended"] != 100 || n["milliseconds"] > 1000 {
		t.Errorf("%v of 100 runs ended, and entries were %.0f ms old; want all, and 1,000 at most", n["ended"], n["milliseconds"])
	}
}

// TestSleeping: who sleeps does so until the run's clock has come that far, which goes on by itself
// only if nobody else can.
func TestSleeping(t *testing.T) {
	n := hookedProgram(t, "testdata/ticking/main.go")("sleeping")
	if n["ended"] != 100 || n["milliseconds"] > 1000 {
		t.Errorf("%v of 100 runs ended, and entries were %.0f ms old; want all, and 1,000 at most", n["ended"], n["milliseconds"])
	}
}

// TestFinalized: the finalizers of maps that are gone wake the maps' goroutines, which are of
// earlier runs. They are no matter of the one under way, which could not take notice of hundreds.
func TestFinalized(t *testing.T) {
	if n := hookedProgram(t, "testdata/finalized/main.go")(); n["runs"] != 1000 || n["finalized"] < 200 {
		t.Errorf("%v runs, %v finalizers; want 1,000, and some hundreds", n["runs"], n["finalized"])
	}
}

// TestCleanups: the first cleanup has the runtime start goroutines of its own, from the goroutine that
// asks for it. They are none of the map's, and wait in ways that no worker does.
func TestCleanups(t *testing.T) {
	if version.Compare(runtime.Version(), "go1.24") < 0 {
		t.Skip("there are no cleanups")
	}
	if n := hookedProgram(t, "testdata/cleanups/main.go")(); n["runs"] != 10 {
		t.Errorf("%v runs; want 10", n["runs"])
	}
}
