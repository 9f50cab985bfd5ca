package search

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
)

// TestLeaveOut: an op that is left out is called by no schedule and by no kept case, so that a bug
// of it is not met again. With all its ops buggy-non-atomic-clear failed in 29 of 69,314 runs, so of
// 20,000 some 8 would.
func TestLeaveOut(t *testing.T) {
	const name = "buggy-non-atomic-clear"
	store := corpus.Open(t.TempDir())
	r := run(t, Config{Duration: time.Minute, ShrinkTime: time.Second, StopOnFinding: true, Store: store}, name)
	if len(r.Targets[0].Findings) == 0 {
		t.Fatalf("not found with clear: %+v", r.Targets[0])
	}
	// With clear five searches took 447 to 20,398 runs, and far fewer where they had the kept case.
	free := uint64(20_000)
	if testing.Short() {
		free = 2000
	}
	for engine, runs := range map[Engine]uint64{Stress: free, Auto: 2000} {
		r = run(t, Config{Runs: runs, StopOnFinding: true, Engine: engine, Store: store, Without: []string{"clear"}}, name)
		if !slices.Equal(r.Without, []string{"clear"}) {
			t.Errorf("the report says that %q were left out; want clear", r.Without)
		}
		got := r.Targets[0]
		if len(got.Findings) > 0 || got.Tally.Runs < runs {
			t.Errorf("without clear, %d runs, found %+v; want %d, and nothing", got.Tally.Runs, got.Findings, runs)
		}
		kinds := slices.DeleteFunc(slices.Clone(describe(t, name)[0].Variants[0].Kinds), func(k history.Kind) bool { return k == history.Clear })
		if seen, all := got.Seen.Pairs(kinds); got.Pairs != all || got.PairsSeen != seen || (seen == 0) != (got.Tally.Overlapped == 0) {
			t.Errorf("%d of %d pairs seen in %d runs that overlapped; want %d of %d, none of them with clear", got.PairsSeen, got.Pairs, got.Tally.Overlapped, seen, all)
		}
	}
}

// TestLeaveOutUnknown: to leave out an op that is not there is a mistake.
func TestLeaveOutUnknown(t *testing.T) {
	for _, targets := range [][]string{{"sync.Map"}, {"sync.Map", "map"}} {
		_, err := Run(context.Background(), Config{Child: children(t), Targets: describe(t, targets...), Runs: 1, Without: []string{"clear", "cleer"}})
		if err == nil || !strings.Contains(err.Error(), `no op "cleer" to leave out: `) || !strings.Contains(err.Error(), "load, store, ") {
			t.Errorf("%v without cleer: %v", targets, err)
		}
	}
}

// TestLeaveOutOwn: a method of the target's own can be left out by its name.
func TestLeaveOutOwn(t *testing.T) {
	d := describe(t, "map+mutex")
	d[0].Variants[0].Custom = []string{"Touch", "Renew"}
	left, err := leaveOut(d, []string{"Touch"})
	if err != nil || !slices.Equal(left[0].Variants[0].Custom, []string{"Renew"}) {
		t.Errorf("left with %v, %v; want Renew alone", left[0].Variants[0].Custom, err)
	}
	if len(d[0].Variants[0].Custom) != 2 {
		t.Error("the description that was given has changed")
	}
}
