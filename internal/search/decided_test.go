package search

import (
	"testing"

	"github.com/mapstress/mapstress/oracle"
)

// A data race does not shrink to another one, and what else fails does to wherever its rule is
// broken.
func TestInTheSameWay(t *testing.T) {
	race := func(frames ...string) oracle.Verdict {
		return oracle.Verdict{Class: oracle.DataRace, Rule: "data race", Frames: frames}
	}
	death := func(rule string, frames ...string) oracle.Verdict {
		return oracle.Verdict{Class: oracle.Sigsegv, Rule: rule, Frames: frames}
	}
	for _, test := range []struct {
		got, wanted oracle.Verdict
		want        bool
	}{
		{race("m.Delete", "m.Store"), race("m.Delete", "m.Store"), true},
		{race("m.Store"), race("m.Delete", "m.Store"), false},
		{race("m.Store", "m.Swap"), race("m.Store"), false},
		{death("nil", "m.Store"), death("nil", "m.Delete"), true},
		{death("nil dereference", "m.Store"), death("nil", "m.Store"), false},
	} {
		if got := inTheSameWay(test.got.Signature(), test.wanted); got != test.want {
			t.Errorf("%v for %v: %t", test.got.Frames, test.wanted.Frames, got)
		}
	}
}
