package story

import (
	"testing"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/oracle"
)

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
