package scenarios_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// passed is a schedule that every pass has something to do with.
const passed = `mapstress schedule v1
shape string/string
prefill 14
timing start=go procs=8 gosched=25 spin=64 seed=31 lock=1 stalled=w1
w0 store k15 v30
w0 load-or-store k17 v31
w1 load k15
w2 compare-and-swap k3 v3 v32
w2 load-and-delete k17
`

// TestPasses shows each pass's candidates, in their order: testdata/shrink has the
// schedule, and then what lines each candidate loses and gains.
func TestPasses(t *testing.T) {
	space := scenarios.Space{
		Kinds:      history.Kinds(),
		Shapes:     []target.Shape{{Key: "int", Value: "int"}, {Key: "int", Value: "string"}, {Key: "string", Value: "string"}},
		Boundaries: history.Boundaries{Up: []int{4, 8, 14, 28}},
		Procs:      2,
	}
	s, err := scheduler.Parse(passed)
	if err != nil {
		t.Fatal(err)
	}
	only := space.Only("only", func(*scheduler.Schedule) [][]scheduler.Position {
		return [][]scheduler.Position{{{Worker: 0, Op: 1}, {Worker: 2, Op: 1}}, {{Worker: 7, Op: 7}}}
	})
	window := space.Windows("window", func(*scheduler.Schedule) []scenarios.Window {
		return []scenarios.Window{{
			Kept: []scheduler.Position{{Worker: 2, Op: 0}, {Worker: 2, Op: 1}},
			Held: []history.Entry{{Key: 1, Value: 1}, {Key: 3, Value: 3}, {Key: 15, Value: 30}},
			Peak: 16,
		}}
	})
	for _, pass := range append(scenarios.Passes(space), only, window) {
		t.Run(pass.Name, func(t *testing.T) {
			golden(t, filepath.Join("shrink", pass.Name+".txt"), candidates(s, pass))
		})
	}
	peaked := s.Clone()
	peaked.Peak = 60
	golden(t, filepath.Join("shrink", "peak.txt"), candidates(peaked, pass(t, space, "prefill")))
	lasting := s.Clone()
	lasting.Rounds = 1000
	golden(t, filepath.Join("shrink", "lasting.txt"), candidates(lasting, pass(t, space, "rounds"))+candidates(lasting, window))
	lone, err := scheduler.Parse("mapstress schedule v1\nprefill 5\n" +
		"w0 delete k2\nw0 store k7 v12\nw0 load k4\nw0 compare-and-swap k5 v5 v13\nw1 load-and-delete k1\nw1 load k4\nw1 store k9 v14\nw1 delete k9\n")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, filepath.Join("shrink", "lone.txt"), candidates(lone, pass(t, space, "before")))
	got := s.Text()
	for _, c := range space.Amplify(s) {
		if c.Validate() != nil {
			t.Errorf("not valid:\n%s", c.Text())
		}
		checkUnique(t, c)
		got += "\n" + difference(s.Text(), c.Text())
	}
	golden(t, filepath.Join("shrink", "amplify.txt"), got)
}

// pass returns the pass of that name.
func pass(t *testing.T, space scenarios.Space, name string) scenarios.Pass {
	t.Helper()
	for _, p := range scenarios.Passes(space) {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("no pass %q", name)
	return scenarios.Pass{}
}

// candidates returns a schedule, and what each candidate of a pass changes.
func candidates(s *scheduler.Schedule, pass scenarios.Pass) string {
	text := s.Text()
	next := pass.Shrink(s)
	for c, ok := next(); ok; c, ok = next() {
		text += "\n" + difference(s.Text(), c.(*scheduler.Schedule).Text())
	}
	return text
}

// difference lists the settings that b has other than a, and the ops of the workers
// that call others.
func difference(a, b string) string {
	var text strings.Builder
	before := grouped(a)
	after := grouped(b)
	for _, line := range before {
		if !slices.Contains(after, line) {
			text.WriteString("- " + line + "\n")
		}
	}
	for _, line := range after {
		if !slices.Contains(before, line) {
			text.WriteString("+ " + line + "\n")
		}
	}
	return text.String()
}

// grouped returns the lines of a schedule, with each worker's ops on one.
func grouped(schedule string) (lines []string) {
	for _, line := range strings.Split(strings.TrimSpace(schedule), "\n") {
		word, op, _ := strings.Cut(line, " ")
		if last := len(lines) - 1; last >= 0 && word[0] == 'w' && strings.HasPrefix(lines[last], word+" ") {
			lines[last] += "; " + op
		} else {
			lines = append(lines, line)
		}
	}
	return lines
}

// golden compares a text with that of a file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%swant\n%s(go test ./scenarios -update accepts it)", got, want)
	}
}
