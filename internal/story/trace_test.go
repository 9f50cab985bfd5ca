package story

import (
	"strings"
	"testing"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/scheduler/controlled"
)

func TestTrace(t *testing.T) {
	s, err := scheduler.Parse("mapstress schedule v1\nw0 load-or-store k1 v2\nw1 delete k1\n")
	if err != nil {
		t.Fatal(err)
	}
	c := &corpus.Case{Schedule: s, History: "w0 [1..4] load-or-store k1 v2 -> v2 stored\nw1 [2..3] delete k1\n"}
	at := func(line int) controlled.Place { return controlled.Place{Func: "f", File: "map.go", Line: line} }
	got := Trace(c, []controlled.Step{
		{Worker: 0, Kind: "begin"}, {Worker: 0, Kind: "call"}, {Worker: 0, Kind: "read", Where: at(3)},
		{Worker: 1, Kind: "begin"}, {Worker: 1, Kind: "call"},
		{Worker: 0, Kind: "unlock", Where: at(7)},
		{Worker: 1, Kind: "woken", Where: at(5)}, {Worker: 1, Kind: "return"},
		{Worker: 0, Kind: "return"},
	})
	want := `  w0                               w1
  load-or-store k1 v2
    stops before map.go:7: unlock
                                   delete k1
                                     waits at map.go:5
    goes on
                                     goes on
                                   -> done
  -> v2 stored
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Of a long run the end is told.
func TestTraceLong(t *testing.T) {
	s, err := scheduler.Parse("mapstress schedule v1\nw0 load k1\n")
	if err != nil {
		t.Fatal(err)
	}
	c := &corpus.Case{Schedule: s}
	var steps []controlled.Step
	for range 100 {
		steps = append(steps, controlled.Step{Kind: "call", Op: 0})
	}
	lines := strings.Split(Trace(c, append(steps, controlled.Step{Kind: "return", Op: 0})), "\n")
	if len(lines) != maxRows+3 || lines[1] != "  ... after 41 rows" || lines[maxRows+1] != "  return" {
		t.Errorf("%d lines: %q", len(lines), lines)
	}
}
