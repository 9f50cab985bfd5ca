package story

import (
	"strings"
	"testing"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/scheduler/controlled"
)

// Of a Range that meets many keys a story tells a few, and all of one that meets few.
func TestLongRange(t *testing.T) {
	s, err := scheduler.Parse("mapstress schedule v1\nw0 range\nw1 store k1 v11\n")
	if err != nil {
		t.Fatal(err)
	}
	steps := []controlled.Step{{Worker: 0, Kind: "call"}, {Worker: 0, Kind: "return"}}
	eight := "k1=v1 k2=v2 k3=v3 k4=v4 k5=v5 k6=v6 k7=v7 k8=v8"
	for entries, want := range map[string]string{
		eight:            "-> " + eight,
		eight + " k9=v9": "-> k1=v1 k2=v2 k3=v3 k4=v4 and 5 more",
	} {
		c := &corpus.Case{Schedule: s, History: "w0 [1..4] range -> " + entries + "\nw1 [2..3] store k1 v11\n"}
		if got := Drawing(c)[0]; !strings.HasPrefix(got, "w0 range "+want+"  |") {
			t.Errorf("drawn as %q; want %s", got, want)
		}
		if got := Trace(c, steps); !strings.Contains(got, want+"\n") {
			t.Errorf("table\n%swant %s in it", got, want)
		}
	}
}
