package story

import (
	"strings"
	"testing"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/oracle"
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

// Of a data race both stacks are told, and the table has both lines.
func TestRace(t *testing.T) {
	s, err := scheduler.Parse("mapstress schedule v1\nw0 store k1 v2\nw1 delete k1\n")
	if err != nil {
		t.Fatal(err)
	}
	c := &corpus.Case{
		Target: "m", Schedule: s, History: "w0 [1..4] store k1 v2\nw1 [2..3] delete k1\n", Reproduced: corpus.Rate{Failed: 1, Runs: 1}, Decisions: "0",
		Verdict: oracle.Verdict{
			Class: oracle.DataRace, Rule: "data race", Detail: "nothing orders these two", Frames: []string{"m.f"},
			Accesses: []oracle.Access{
				{Worker: 0, Op: 0, Kind: "write", Address: 3, Stack: []oracle.Frame{{Func: "m.f", File: "map.go", Line: 9}, {Func: "m.(*M).Store", File: "store.go", Line: 120}}},
				{Worker: 2, Op: -1, Kind: "read", Address: 3, Stack: []oracle.Frame{{Func: "m.g", File: "map.go", Line: 4}}, Started: &oracle.Frame{Func: "m.New", File: "map.go", Line: 1}},
			},
		},
	}
	at := func(line int) controlled.Place { return controlled.Place{Func: "f", File: "map.go", Line: line} }
	got := Traced(c, []controlled.Step{
		{Worker: 0, Kind: "call"}, {Worker: 0, Kind: "write", Where: at(9), Races: true}, {Worker: 0, Kind: "return"},
		{Worker: 2, Kind: "read", Where: at(4), Op: -1, Races: true},
	}, "", false)
	want := `data-race: data race   m   2 workers, 2 ops
  w0 store k1 v2  |--------|
  w1 delete k1       |--|
  nothing orders these two
  write of address 3 by w0, in store k1 v2
    map.go:9      m.f
    store.go:120  m.(*M).Store
  read of address 3 by w2
    map.go:4  m.g
    w2 is a goroutine that was started at map.go:1 in m.New

  w0                          w1                          w2
  store k1 v2
    races at map.go:9: write
  -> done
                                                            goes on
                                                            races at map.go:4: read

reproduced 1 of 1   `
	if !strings.HasPrefix(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Of a run that ended its process it is told where, and where the others were.
func TestDeath(t *testing.T) {
	s, err := scheduler.Parse("mapstress schedule v1\nw0 store k1 v2\nw1 load k1\n")
	if err != nil {
		t.Fatal(err)
	}
	at := func(line int) controlled.Place { return controlled.Place{Func: "f", File: "map.go", Line: line} }
	steps := []controlled.Step{
		{Worker: 0, Kind: "call"}, {Worker: 0, Kind: "read", Where: at(3)},
		{Worker: 1, Kind: "call"}, {Worker: 1, Kind: "atomic load", Where: at(8)},
		{Worker: 0, Kind: "write", Where: at(4), Pending: true},
	}
	died := "panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation]\n\ngoroutine 8 [running]:\n" +
		"sync/atomic.(*Pointer[...]).Load(...)\n\t/go/src/sync/atomic/type.go:58\nexample.com/m.(*M).find(0x0)\n\t/home/m/map.go:9 +0x1d\n"
	c := &corpus.Case{Schedule: s, Evidence: died, Verdict: oracle.Verdict{Class: oracle.Sigsegv}}
	want := `  w0                              w1
  store k1 v2
    stops before map.go:4: write
                                  load k1
                                    dies at map.go:9
`
	if got := Trace(c, steps); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	c.Evidence = "panic: and no more\n"
	if got := Trace(c, steps); !strings.HasSuffix(got, "    dies after map.go:8: atomic load\n") {
		t.Errorf("without a stack, got\n%s", got)
	}
}

// Of a long run the end is told, and of a livelock also what led to it.
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
	c.Verdict.Rule = controlled.Livelock
	steps[3].Kind = "return"
	lines = strings.Split(Trace(c, steps), "\n")
	if head := maxRows * 2 / 3; len(lines) != maxRows+3 || lines[4] != "  return" || lines[1+head] != "  ... after 40 rows" {
		t.Errorf("of a livelock %d lines: %q", len(lines), lines)
	}
}
