package story

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/scheduler/controlled"
)

var update = flag.Bool("update", false, "write the golden files")

// raced is a case with a data race, and the points of its run.
func raced(t *testing.T) (*corpus.Case, []controlled.Step) {
	s, err := scheduler.Parse("mapstress schedule v1\nw0 store k1 v2\nw0 load k1\nw1 delete k1\n")
	if err != nil {
		t.Fatal(err)
	}
	c := &corpus.Case{
		Target: "example.com/m New[int,string]()", Schedule: s, Reproduced: corpus.Rate{Failed: 100, Runs: 100}, Decisions: "0",
		History: "w0 [1..4] store k1 v2\nw1 [2..3] delete k1\nw0 [5..6] load k1 -> absent\n",
		Found:   corpus.Environment{Go: "go1.26.8", GOOS: "linux", GOARCH: "amd64", CPUs: 2, GOMAXPROCS: 2},
		Shrunk:  corpus.Shrunk{From: 12, Done: true},
		Verdict: oracle.Verdict{
			Class: oracle.DataRace, Rule: "data race", Detail: "nothing orders these two: <write> & read", Events: []int{1},
			Accesses: []oracle.Access{
				{Worker: 0, Op: 0, Kind: "write", Address: 3, Stack: []oracle.Frame{{Func: "m.(*M[...]).set", File: "map.go", Line: 9}, {Func: "m.(*M[...]).Store", File: "store.go", Line: 120}}},
				{Worker: 2, Op: -1, Kind: "read", Address: 3, Stack: []oracle.Frame{{Func: "m.sweep", File: "map.go", Line: 4}}, Started: &oracle.Frame{Func: "m.New[...]", File: "map.go", Line: 1}},
			},
		},
	}
	at := func(line int) controlled.Place { return controlled.Place{Func: "m.f", File: "map.go", Line: line} }
	return c, []controlled.Step{
		{Worker: 0, Kind: "begin", Op: -1}, {Worker: 0, Kind: "call"}, {Worker: 0, Kind: "atomic load", Addr: 1, Where: at(3)},
		{Worker: 0, Kind: "write", Addr: 3, Where: at(9), Races: true},
		{Worker: 1, Kind: "call"}, {Worker: 1, Kind: "lock", Addr: 2, Where: at(5)}, {Worker: 1, Kind: "return"},
		{Worker: 2, Kind: "read", Addr: 3, Where: at(4), Op: -1, Races: true},
		{Worker: 0, Kind: "unlock", Addr: 2, Where: at(7)}, {Worker: 0, Kind: "return"},
		{Worker: 0, Kind: "call", Op: 1}, {Worker: 0, Kind: "return", Op: 1},
	}
}

func TestPage(t *testing.T) {
	c, steps := raced(t)
	var page bytes.Buffer
	if err := Page(&page, c, steps, "mapstress replay a.txtar"); err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "page.html")
	if *update {
		if err := os.WriteFile(golden, page.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got := page.String(); got != string(want) {
		t.Errorf("%s differs; -update writes it; got\n%s", golden, got)
	}
}

// A page is one file: it runs nothing, and asks for nothing from elsewhere.
func TestPageAlone(t *testing.T) {
	c, steps := raced(t)
	for _, steps := range [][]controlled.Step{steps, nil} {
		var page bytes.Buffer
		if err := Page(&page, c, steps, ""); err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(page.String(), `xmlns="http://www.w3.org/2000/svg"`, "")
		for _, not := range []string{"<script", "http:", "https:", "src=", "href=", "url(", "@import", "<write>"} {
			if strings.Contains(text, not) {
				t.Errorf("the page has %q", not)
			}
		}
		if table := strings.Contains(text, `class="run"`); table != (steps != nil) {
			t.Errorf("of %d points: a table: %v", len(steps), table)
		}
		for _, tag := range []string{"table", "tr", "td", "div", "details", "ol", "li", "p", "h2", "svg"} {
			begins, ends := strings.Count(text, "<"+tag+">")+strings.Count(text, "<"+tag+" "), strings.Count(text, "</"+tag+">")
			if begins != ends {
				t.Errorf("%d of <%s>, and %d of </%s>", begins, tag, ends, tag)
			}
		}
	}
}
