package serve

import (
	"bufio"
	"bytes"
	"io"
	"maps"
	"slices"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler/controlled"
	"github.com/mapstress/mapstress/scheduler/strategy"
)

// TestRaceCountsOnce: a run whose workers race on two words in the same functions is one
// failing run of that signature, and one more that race in others.
func TestRaceCountsOnce(t *testing.T) {
	race := func(first, second string, line int) controlled.Race {
		at := func(f string) controlled.Access {
			return controlled.Access{Kind: "write", Where: controlled.Place{Func: f, File: "m.go", Line: line}}
		}
		return controlled.Race{First: at(first), Second: at(second)}
	}
	run := &controlled.Run{
		History: &history.History{},
		Races:   []controlled.Race{race("set", "get", 1), race("get", "set", 2), race("set", "get", 3), race("set", "set", 1)},
	}
	var out bytes.Buffer
	s := &server{journal: wire.NewJournal(make([]byte, wire.JournalSize)), out: &out, mapped: newMapped()}
	c := &controlledBatch{
		batch:   &batch{server: s, req: &wire.Request{Controlled: &wire.Controlled{Strategy: strategy.Usual}}, counts: map[string]uint64{}},
		decider: strategy.NewRandom(1), leaks: map[string]int{},
	}
	for number := range 100 {
		c.look(run, number)
	}
	v := func(frames ...string) string {
		return oracle.Verdict{Class: oracle.DataRace, Rule: "data race", Frames: frames}.Signature()
	}
	if want := map[string]uint64{v("get", "set"): 100, v("set"): 100}; !maps.Equal(c.counts, want) || c.tally.Failed != 100 || c.tally.Runs != 100 {
		t.Errorf("counts %v in %+v; want %v", c.counts, c.tally, want)
	}
	in, told := bufio.NewReader(&out), 0
	for ; ; told++ {
		var f wire.Frame
		if err := wire.Read(in, &f); err == io.EOF {
			break
		} else if err != nil || f.Failure == nil || f.Failure.Run != 0 {
			t.Fatalf("%+v, %v", f, err)
		}
	}
	if told != 2 {
		t.Errorf("%d failures told; want 2", told)
	}
}

// TestEnds: of a livelock the points are told that led to it, and the last ones.
func TestEnds(t *testing.T) {
	var steps []controlled.Step
	for i := range 10 {
		steps = append(steps, controlled.Step{Worker: i})
	}
	for n, want := range map[int][]int{4: {0, 1, 8, 9}, 10: {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}} {
		var got []int
		for _, s := range ends(steps, n) {
			got = append(got, s.Worker)
		}
		if !slices.Equal(got, want) {
			t.Errorf("of 10 points %d are %v; want %v", n, got, want)
		}
	}
}
