package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/scenarios"
)

// TestExploredInPart: what was not explored completely tells how to go on, and how long that
// takes.
func TestExploredInPart(t *testing.T) {
	for _, test := range []struct {
		e    mapstress.Explored
		want string // nothing if it has no such line
	}{
		{mapstress.Explored{Schedules: 100, Explored: 20, From: 0, Next: 20, Elapsed: mapstress.Duration(3 * time.Second)}, "--from 20 (some 12s to go)"},
		{mapstress.Explored{Schedules: 100, Explored: 10, From: 20, Next: 30, Elapsed: mapstress.Duration(time.Minute)}, "--from 30 (some 7m to go)"},
		{mapstress.Explored{Schedules: 10000, Explored: 1, Next: 1, Elapsed: mapstress.Duration(time.Hour)}, "--from 1 (some 416 days to go)"},
		{mapstress.Explored{Schedules: 100, Explored: 1, Next: 0, Elapsed: mapstress.Duration(time.Minute)}, ""},
		{mapstress.Explored{Schedules: 100, Explored: 100, Next: 100, Elapsed: mapstress.Duration(time.Minute)}, ""},
		{mapstress.Explored{Schedules: 100, Explored: 20, Next: 20, Findings: make([]mapstress.Finding, 1)}, ""},
	} {
		var out bytes.Buffer
		a := &app{stdout: &out}
		a.explored(&test.e, scenarios.Bounds{Workers: 2, Ops: 2, Keys: 1})
		_, got, _ := strings.Cut(out.String(), "  to go on: ")
		if got, _, _ = strings.Cut(got, "\n"); got != test.want {
			t.Errorf("%+v: %q; want %q in\n%s", test.e, got, test.want, &out)
		}
	}
}
