package crash

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/oracle"
)

var update = flag.Bool("update", false, "rewrite the verdicts in testdata/golden.txt")

// The captures in testdata are what real programs printed, their paths and
// tails cut; the run-* ones use a package stress/shardmap as the target, and
// main in them all plays the tester. golden.txt has a paragraph for each: the
// file and how the process ended, then the verdict. To add a capture, put the
// file there, add its first line, and run with -update.
func ownMain(function string) bool { return strings.HasPrefix(function, "main.") }

func worker(g Goroutine) bool {
	for _, f := range g.Frames {
		if f.Func == "main.worker" {
			return true
		}
	}
	return false
}

func TestGolden(t *testing.T) {
	const path = "testdata/golden.txt"
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	var got strings.Builder
	for _, p := range strings.Split(strings.TrimSpace(string(want)), "\n\n") {
		head, _, _ := strings.Cut(p, "\n")
		file, _, _ := strings.Cut(head, " ")
		seen[file] = true
		part := head + "\n" + verdicts(t, head)
		got.WriteString(part + "\n")
		if !*update && part != p+"\n" {
			t.Errorf("got:\n%swant:\n%s", part, p)
		}
	}
	files, _ := filepath.Glob("testdata/go*/*.txt")
	for _, f := range files {
		if f = filepath.ToSlash(f); !seen[strings.TrimPrefix(f, "testdata/")] {
			t.Errorf("%s is not in %s", f, path)
		}
	}
	if *update {
		if err := os.WriteFile(path, []byte(strings.TrimSuffix(got.String(), "\n")), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// verdicts renders what the package says of the capture in a head line, such as
// "go1.26.8/run-kill.txt signal killed".
func verdicts(t *testing.T, head string) string {
	file, end, _ := strings.Cut(head, " ")
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	d := Death{Stderr: string(text), Own: ownMain}
	if s, ok := strings.CutPrefix(end, "signal "); ok {
		d.ExitCode, d.Signal = -1, s
	} else if d.ExitCode, err = strconv.Atoi(strings.TrimPrefix(end, "exit ")); err != nil {
		t.Fatalf("%q: want FILE exit CODE or FILE signal NAME", head)
	}
	s := render("death", Classify(d))
	if strings.HasPrefix(d.Stderr, "SIGQUIT") {
		s += render("stuck", Stuck(Goroutines(d.Stderr), worker, nil))
	}
	return s
}

func render(name string, v oracle.Verdict) string {
	s := fmt.Sprintf("%s: %s", name, v.Class)
	if v.Rule != "" {
		s += ": " + v.Rule
	}
	s += "\n\t" + v.Detail + "\n"
	for _, f := range v.Frames {
		s += "\tin " + f + "\n"
	}
	return s
}
