package main

import (
	"slices"
	"testing"

	"github.com/mapstress/mapstress"
)

// TestByReason: methods of one reason are told in one line, and a family of names by the first.
func TestByReason(t *testing.T) {
	got := byReason([]mapstress.Unused{
		{Name: "AddInt8", Why: "no op"},
		{Name: "Load", Signature: "(io.Reader) error", Why: "an argument"},
		{Name: "Add", Why: "no op"}, {Name: "AddInt", Why: "no op"}, {Name: "AddInt16", Why: "no op"}, {Name: "Address", Why: "no op"},
		{Name: "Frob", Why: "no op"}, {Name: "FrobAll", Why: "no op"}, {Name: "FrobOne", Why: "no op"},
	})
	want := []string{"Add and 3 more Add..., Address, Frob, FrobAll, FrobOne: no op", "Load(io.Reader) error: an argument"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%q; want\n%q", got, want)
	}
}
