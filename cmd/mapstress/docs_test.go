package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/history"
)

// documents returns the texts that users read, by name.
func documents(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(names) == 0 {
		t.Fatalf("no documents: %v", err)
	}
	texts := map[string]string{}
	for _, name := range append(names, "../../README.md", "../../CONTRIBUTING.md") {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(data)
	}
	return texts
}

// A block is a fenced block of a document: what follows the fence, and its lines.
type block struct {
	info  string
	lines []string
}

func blocks(text string) (all []block) {
	inside := false
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		info, fence := strings.CutPrefix(lines.Text(), "```")
		switch {
		case fence && !inside:
			all = append(all, block{info: info})
			inside = true
		case fence:
			inside = false
		case inside:
			last := &all[len(all)-1]
			last.lines = append(last.lines, lines.Text())
		}
	}
	return all
}

var (
	exampleLine = regexp.MustCompile(`^\$ (?:go run \./cmd/)?(mapstress .*?)(?:\s+# exit (.*))?$`)
	duration    = regexp.MustCompile(`--duration \S+`)
)

// TestDocumentedCommands runs every line of the documents' console blocks that
// starts with "$ mapstress" or "$ go run ./cmd/mapstress", by the shell. Those of one
// document share a directory, which has the files whose blocks say "txtar FILE".
// A line ends with its exit code, "# exit 1" or "# exit 0 or 1", unless that is 0.
//
// A --duration is cut to a second, unless --stop-on-finding ends the search before
// it is over; or to a minute, where a machine is so busy that a second is over before anything
// was run. Odds of such a search: as in testdata/script/finding.txtar.
func TestDocumentedCommands(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no shell here: ", err)
	}
	for name, text := range documents(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			for _, b := range blocks(text) {
				if file, ok := strings.CutPrefix(b.info, "txtar "); ok {
					if err := os.WriteFile(filepath.Join(dir, file), []byte(strings.Join(b.lines, "\n")+"\n"), 0o666); err != nil {
						t.Fatal(err)
					}
				}
				if b.info != "console" {
					continue
				}
				for _, line := range b.lines {
					if m := exampleLine.FindStringSubmatch(line); m != nil {
						runExample(t, dir, m[1], m[2])
					}
				}
			}
		})
	}
}

func runExample(t *testing.T, dir, command, codes string) {
	t.Helper()
	if testing.Short() && (strings.Contains(command, "--engine controlled") || strings.Contains(command, "--noise") || strings.HasPrefix(command, "mapstress explore")) {
		return // it takes a build
	}
	if testing.Short() && strings.HasPrefix(command, "mapstress fuzz") {
		command += " --engine stress"
	}
	if !strings.Contains(command, "--stop-on-finding") {
		if testing.Short() && duration.MatchString(command) {
			return
		}
		command = duration.ReplaceAllString(command, "--duration 1s")
	}
	if codes == "" {
		codes = "0"
	}
	got, out := shell(dir, command)
	if strings.Contains(out, "nothing was run in --duration 1s") {
		got, out = shell(dir, duration.ReplaceAllString(command, "--duration 1m"))
	}
	for _, code := range strings.Split(codes, " or ") {
		if got == "exit status "+code {
			return
		}
	}
	t.Errorf("%s: %s; want %s\n%s", command, got, codes, out)
}

// shell runs a command in a directory, and returns how it ended and what it wrote.
func shell(dir, command string) (ended, out string) {
	cmd := exec.Command("sh", "-c", command)
	cmd.Dir = dir
	cmd.WaitDelay = time.Minute
	said, _ := cmd.CombinedOutput() // its error is how it ended
	return cmd.ProcessState.String(), string(said)
}

// TestDocumentedJSON: docs/json.md has a valid example of every object, and names
// every field in them.
func TestDocumentedJSON(t *testing.T) {
	text := documents(t)["../../docs/json.md"]
	seen := map[any]bool{}
	for _, b := range blocks(text) {
		if b.info != "json" {
			continue
		}
		objects, err := parseLines(strings.Join(b.lines, "\n"))
		if err != nil {
			t.Error(err)
		}
		for _, o := range objects {
			seen[o["type"]] = true
			for _, field := range undocumented(text, o) {
				t.Errorf("%s: field %q is not explained", o["type"], field)
			}
		}
	}
	for name := range required {
		if !seen[name] {
			t.Errorf("no example of %q", name)
		}
	}
}

// undocumented returns the fields in value, at any depth, that the text does not
// name in back quotes. The names within promises are ops.
func undocumented(text string, value any) (fields []string) {
	switch value := value.(type) {
	case []any:
		for _, v := range value {
			fields = append(fields, undocumented(text, v)...)
		}
	case map[string]any:
		_, ops := value["load"]
		for field, v := range value {
			if !ops && !strings.Contains(text, "`"+field+"`") {
				fields = append(fields, field)
			}
			fields = append(fields, undocumented(text, v)...)
		}
	}
	return fields
}

// TestDocumentedExitCodes: the README has all of exit.go's.
func TestDocumentedExitCodes(t *testing.T) {
	text := documents(t)["../../README.md"]
	for _, code := range []int{exitClean, exitFinding, exitUsage, exitBroken, exitInterrupted} {
		if !strings.Contains(text, fmt.Sprintf("\n| %d | ", code)) {
			t.Errorf("no line for exit code %d in the README", code)
		}
	}
}

// TestDocumentedNames: the documents list what there is.
func TestDocumentedNames(t *testing.T) {
	for _, w := range []struct {
		document string
		words    []string
	}{
		{"../../README.md", targetNames()},
		{"../../docs/schedule.md", kindNames()},
		{"../../docs/schedule.md", shapeNames()},
	} {
		text := documents(t)[w.document]
		for _, word := range w.words {
			if !strings.Contains(text, "`"+word) {
				t.Errorf("%s does not name %s", w.document, word)
			}
		}
	}
}

// targetNames lists the targets, but for the repaired ones, which go without
// saying.
func targetNames() (names []string) {
	for _, t := range mapstress.Targets() {
		if !strings.HasPrefix(t.Name, "repaired-") {
			names = append(names, t.Name)
		}
	}
	return names
}

func kindNames() (names []string) {
	for _, k := range history.Kinds() {
		names = append(names, k.String())
	}
	return names
}

func shapeNames() (names []string) {
	for _, t := range mapstress.Targets() {
		for _, s := range t.Shapes() {
			names = append(names, s.Key+"` |", s.Value+"` |")
		}
	}
	return names
}
