package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// required has the fields that an object of each type always has; those of
// objects within it are written with a dot.
var required = map[string]string{
	"finding": "target unsafe verdict.class count known path final after reproduced.failed reproduced.runs interval " +
		"environment.go environment.goos environment.goarch environment.cpus environment.gomaxprocs scenario shrunk schedule",
	"summary": "seed elapsed interrupted environment.go targets",
	"replay": "case target verdict.class failing rate.failed rate.runs interval other found.go ran.go " +
		"runs.runs runs.overlapped runs.growth runs.unknown runs.failed runs.ops",
	"soak": "seed duration elapsed done interrupted resumed rounds slices environment.go cases others targets " +
		"files.state files.junit files.report",
	"explored":   "target unsafe preemptions schedules explored complete runs.runs redundant most cpu elapsed interrupted environment.go findings workers ops keys prefill kinds",
	"shrunk":     "target verdict.class path reproduced.failed interval schedule replay",
	"reproducer": "case target path",
	"bisect":     "case target from to what last first wrong probes",
	"probe":      "target shape.key shape.value limit environment.go boundaries inserts",
	"match":      "target key value taken",
	"check":      "file verdict.class ops workers keys segments",
	"target":     "name doc unsafe contract.source contract.promises variants",
	"scenario":   "name doc",
	"version":    "version commit go",
}

// parseLines parses lines of JSON objects, and checks that each has a known type
// and what it must have.
func parseLines(text string) (objects []map[string]any, err error) {
	lines := bufio.NewScanner(strings.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var o map[string]any
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			return nil, fmt.Errorf("%w in %q", err, lines.Text())
		}
		fields, known := required[fmt.Sprint(o["type"])]
		if !known {
			return nil, fmt.Errorf("unknown type in %q", lines.Text())
		}
		for _, path := range strings.Fields(fields) {
			if !has(o, strings.Split(path, ".")) {
				return nil, fmt.Errorf("no %s in %q", path, lines.Text())
			}
		}
		objects = append(objects, o)
	}
	return objects, lines.Err()
}

func has(o map[string]any, path []string) bool {
	value, ok := o[path[0]]
	if len(path) == 1 || !ok {
		return ok
	}
	inner, ok := value.(map[string]any)
	return ok && has(inner, path[1:])
}

func jsonLines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: jsonlines TYPE...")
	}
	objects, err := parseLines(ts.ReadFile("stdout"))
	ts.Check(err)
	documentation := ts.ReadFile(filepath.Join(ts.Getenv("CASES"), "../../../../docs/json.md"))
	seen := map[any]bool{}
	for _, o := range objects {
		seen[o["type"]] = true
		if fields := undocumented(documentation, o); len(fields) > 0 {
			ts.Fatalf("docs/json.md does not explain %q", fields)
		}
	}
	for _, want := range args {
		if !seen[want] {
			ts.Fatalf("no object of type %q among the %d", want, len(objects))
		}
	}
}
