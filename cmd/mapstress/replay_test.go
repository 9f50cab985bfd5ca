package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/story"
	"github.com/mapstress/mapstress/oracle"
)

// TestFailsInAnotherWay: a run may break two rules at once, and then the other is told as one more.
func TestFailsInAnotherWay(t *testing.T) {
	for failed, want := range map[int]string{100: "\n  fails in another way, too: data-race", 0: "\n  fails in another way: data-race"} {
		var out bytes.Buffer
		a := &app{stdout: &out}
		r := mapstress.Replayed{Case: &corpus.Case{}, Controlled: true, Rate: corpus.Rate{Failed: failed, Runs: 100}}
		r.Other = append(r.Other, element(r.Other))
		r.Other[0].Verdict = oracle.Verdict{Class: oracle.DataRace, Rule: "data race"}
		a.replayedControlled(&r, story.Style(false))
		if !strings.Contains(out.String(), want) {
			t.Errorf("want %q in\n%s", want, &out)
		}
	}
}

// element returns an element for a list, whose type is none that this package may name.
func element[T any]([]T) (x T) { return x }
