package main

import (
	"math"
	"strings"
	"testing"
)

func TestPlot(t *testing.T) {
	bytes := make([]uint64, 101)
	for i := range bytes {
		bytes[i] = 15
	}
	bytes[0], bytes[3], bytes[10], bytes[100] = 64, 63, 16, 4096
	want := strings.Join([]string{
		"   4Ki |                                                               #",
		"   1Ki |                                                               #",
		"   256 |                                                               #",
		"    64 |#                                                              #",
		"    16 |#                  #             #                             #",
		"       +---------------^----------------------------------------------^-",
		"        0        1                       10                            100",
		"",
	}, "\n")
	if got := plot(bytes, []int{2, 90}); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Whatever was allocated, a plot fits a terminal.
func TestPlotFits(t *testing.T) {
	for _, bytes := range [][]uint64{
		make([]uint64, 2),
		{0, 15},
		{16, 0},
		{0, math.MaxUint64},
		append(make([]uint64, 1<<14), 1<<20),
	} {
		got := plot(bytes, []int{1, len(bytes) - 1})
		for _, line := range strings.Split(got, "\n") {
			if len(line) >= 80 {
				t.Errorf("%d columns: %q", len(line), line)
			}
		}
		if !strings.HasSuffix(got, "\n") {
			t.Errorf("got %q", got)
		}
	}
}

func TestSizes(t *testing.T) {
	many := make([]int, 30)
	for i := range many {
		many[i] = 100 + i
	}
	got := sizes(many)
	for _, line := range strings.Split("  grows with the next insert    "+got, "\n") {
		if len(line) >= 81 || strings.HasSuffix(line, " ") {
			t.Errorf("%d columns: %q", len(line), line)
		}
	}
	if words := strings.Fields(got); len(words) != 30 || words[29] != "129" {
		t.Errorf("got %q", words)
	}
	if got := sizes(nil); got != "at no size that shows" {
		t.Errorf("of none: %q", got)
	}
}
