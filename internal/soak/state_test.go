package soak

import (
	"bytes"
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/internal/search"
	"github.com/mapstress/mapstress/oracle"
)

var update = flag.Bool("update", false, "rewrite the files in testdata")

// sample is a state with something of everything.
func sample() *State {
	v := oracle.Verdict{Class: oracle.SilentCorruption, Rule: "lost-update", Detail: "k1 <was> lost & gone"}
	death := oracle.Verdict{Class: oracle.FatalError, Rule: "concurrent map writes"}
	s := &State{
		Format: stateFormat, Version: stateVersion,
		Seed: 1 << 60, Duration: search.Duration(8 * time.Hour), Corpus: "testdata/mapstress",
		Targets: []string{"wrong", "map"}, Scenarios: []string{"growth-burst", "drain"},
		Used: search.Duration(90 * time.Second), Slices: 12,
		Environment: corpus.Environment{Go: "go1.26.8", GOOS: "linux", GOARCH: "amd64", CPUs: 2, GOMAXPROCS: 2},
		Others:      3,
		Cases: []Case{
			{Path: "c/wrong/1.txtar", Target: "wrong", Title: Title(v), Outcome: Failing, Rate: corpus.Rate{Failed: 20, Runs: 90}, Elapsed: search.Duration(1500 * time.Millisecond), Text: "a story\n"},
			{Path: "c/wrong/2.txtar", Target: "wrong", Title: Title(v), Outcome: Clean, Rate: corpus.Rate{Runs: 5000}, Elapsed: search.Duration(10 * time.Second)},
			{Path: "c/wrong/3.txtar", Target: "wrong", Title: Title(v), Outcome: Unconfirmed, Rate: corpus.Rate{Failed: 1, Runs: 5000}, Elapsed: search.Duration(10 * time.Second)},
			{Path: "c/wrong/4.txtar", Target: "wrong", Title: Title(v), Outcome: NoTime},
			{Path: "c/map/5.txtar", Target: "map", Unsafe: true, Title: Title(death), Outcome: Failing, Rate: corpus.Rate{Failed: 20, Runs: 20}, Elapsed: search.Duration(time.Second), Text: "its story\n"},
			{Target: "map", Outcome: Unreadable, Text: "c/map/6.txtar: damaged"},
		},
		Findings: []Finding{
			{Finding: search.Finding{Target: "wrong", Verdict: v, Count: 3, Path: "c/wrong/7.txtar", Final: true, After: search.Duration(time.Second)}, Scenario: "growth-burst", Story: "how it went\nreplay: mapstress replay c/wrong/7.txtar\n", Signatures: []string{v.Signature()}},
			{Finding: search.Finding{Target: "wrong", Verdict: v, Count: 1, Path: "c/wrong/8.txtar", Known: true, Final: true}, Scenario: "retired", Story: "another\n", Signatures: []string{"x"}},
			{Finding: search.Finding{Target: "map", Unsafe: true, Verdict: death, Count: 44, Path: "c/map/9.txtar"}, Scenario: "drain", Story: "third\n", Signatures: []string{death.Signature()}},
		},
	}
	for i, name := range s.Targets {
		s.Searched = append(s.Searched, Searched{
			TargetReport: search.TargetReport{Target: name, Unsafe: i == 1, Schedules: 100, Tally: wire.Tally{Runs: 5000, Overlapped: 4000, Growth: 30, Failed: 3}, Deaths: i, CPU: search.Duration(time.Second), Findings: []search.Finding{}},
			Seen:         history.Seen{1, 1 << 63},
			Parts: []Exercise{
				{Fits: true, Slices: 2, Elapsed: search.Duration(5 * time.Second), Tally: wire.Tally{Runs: 4000}},
				{Scenario: "growth-burst", Fits: true, Slices: 1, Elapsed: search.Duration(2 * time.Second), Tally: wire.Tally{Runs: 1000}},
				{Scenario: "drain", Fits: i == 1},
			},
		})
	}
	return s
}

func TestStateReadsBack(t *testing.T) {
	want := sample()
	got, err := parseState(want.format())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read\n%s; want\n%s", got.format(), want.format())
	}
}

// A state of version 1 that was written before can still be read, and is written as
// it was.
func TestStateFile(t *testing.T) {
	const file = "testdata/soak.json"
	if *update {
		if err := os.WriteFile(file, sample().format(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := parseState(data)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(s.format(), data) {
		t.Errorf("written as\n%s", s.format())
	}
}

func TestDamagedState(t *testing.T) {
	whole := string(sample().format())
	change := func(old, new string) string {
		if !strings.Contains(whole, old) {
			t.Fatalf("no %q in the sample", old)
		}
		return strings.Replace(whole, old, new, 1)
	}
	for _, test := range []struct{ data, want string }{
		{"", `damaged: EOF in what begins ""`},
		{"\x00\x00", `damaged: invalid character '\x00'`},
		{whole[:100], "damaged: unexpected EOF in what begins \"{\\n \\\"format\\\": \\\"mapstress soak\\\","},
		{"{}", `format ""; want "mapstress soak"`},
		{"[1]", "damaged: json: cannot unmarshal array"},
		{whole + whole, "damaged: something follows the state"},
		{whole + "x", "damaged: something follows the state"},
		{change(`"version": 1`, `"version": 9`), "soak format v9 is newer than this mapstress knows (v1)"},
		{change(`"version": 1`, `"version": 0`), "damaged: version 0; want 1 to 1"},
		{change(`"duration": 28800.000`, `"duration": 0`), "damaged: duration 0 s; want more than 0"},
		{change(`"used": 90.000`, `"used": -1`), "damaged: used -1 s; want 0 or more"},
		{change(`"slices": 12`, `"slices": -12`), "damaged: -12 slices; want 0 or more"},
		{change(`"slices": 12`, `"slices": "12"`), "damaged: json: cannot unmarshal string"},
		{change(`"outcome": "failing"`, `"outcome": "great"`), `damaged: case c/wrong/1.txtar has the outcome "great"`},
		{change(`"targets": [
  "wrong",`, `"targets": [
  "right",`), `damaged: searched target "wrong"; want "right"`},
		{change(`"targets": [
  "wrong",
  "map"
 ]`, `"targets": []`), "damaged: no targets"},
		{change(`  "map"
 ]`, `  "map", "third"
 ]`), "damaged: 2 targets were searched, of 3"},
		{change(`"class": "fatal-error"`, `"class": "fatal"`), `damaged: unknown class "fatal"`},
	} {
		s, err := parseState([]byte(test.data))
		if err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%.60q: %v, %v; want %s", test.data, s, err, test.want)
		}
	}
}

// FuzzState: whatever is read is refused, or can be told, written and read again.
func FuzzState(f *testing.F) {
	f.Add(sample().format())
	f.Add([]byte(`{"format":"mapstress soak","version":1,"duration":1,"targets":["a"],"searched":[{"target":"a"}]}`))
	f.Add([]byte(`{"format":"mapstress soak","version":2}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := parseState(data)
		if err != nil {
			return
		}
		wellFormed(t, junit(s))
		again, err := parseState(s.format())
		if err != nil {
			t.Fatalf("%v in what was written: %s", err, s.format())
		}
		if !bytes.Equal(again.format(), s.format()) {
			t.Errorf("written\n%s, and then\n%s", s.format(), again.format())
		}
	})
}
