package story

import (
	"bytes"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler"
)

// A run on a map that has been in use for a while says so.
func TestRound(t *testing.T) {
	s, err := scheduler.Parse(scheduler.Header + "\nprefill 2\nrounds 1000\nw0 load k1\nw1 store k1 v7\n")
	if err != nil {
		t.Fatal(err)
	}
	c := &corpus.Case{Target: "m", Schedule: s, History: "earlier 811\nprefill k1=v1 k2=v2 k9=v17\nw0 [1..2] load k1 -> absent\n"}
	want := "m   2 workers, 2 ops\n  round 812 of 1,000 on one map, which held 3 keys\n  w0 load k1 -> absent  |--|\n"
	if got := Tell(c, "", false); !strings.Contains(got, want) {
		t.Errorf("got\n%swant in it\n%s", got, want)
	}
	var page bytes.Buffer
	if err := Page(&page, c, nil, ""); err != nil || !strings.Contains(page.String(), "2 workers, 2 ops, round 812 of 1,000 on one map") {
		t.Errorf("%v, page\n%s", err, &page)
	}
}

func TestComes(t *testing.T) {
	found := oracle.Verdict{Class: oracle.SilentCorruption, Rule: "lost-key", Frames: []string{"a"}}
	same, other := found, oracle.Verdict{Class: oracle.DataRace, Rule: "data race"}
	same.Frames = []string{"b"}
	for _, test := range []struct {
		v    oracle.Verdict
		rate corpus.Rate
		want string
	}{
		{same, corpus.Rate{Failed: 100, Runs: 100}, "comes every time"},
		{same, corpus.Rate{Failed: 99, Runs: 100}, "comes 99 of 100 times"},
		{other, corpus.Rate{Failed: 1, Runs: 1}, "comes as data-race: data race every time"},
	} {
		if got := Comes(found, &corpus.Case{Verdict: test.v, Reproduced: test.rate}); got != test.want {
			t.Errorf("got %q; want %q", got, test.want)
		}
	}
}
