package story

import (
	"strings"
	"testing"

	"github.com/mapstress/mapstress/corpus"
)

// TestTrade: what a small schedule costs is told in words and numbers that people write.
func TestTrade(t *testing.T) {
	for _, c := range []struct {
		now, before corpus.Rate
		want        string
	}{
		{corpus.Rate{Failed: 1, Runs: 10}, corpus.Rate{Failed: 4, Runs: 10}, "fails 4 times as seldom as the schedule found (10 % against 40 %), which had 14 ops\n"},
		{corpus.Rate{Failed: 1, Runs: 2700}, corpus.Rate{Failed: 10, Runs: 10}, "fails 2,700 times as seldom as "},
		{corpus.Rate{Failed: 1, Runs: 100}, corpus.Rate{Failed: 997, Runs: 1000}, "fails 100 times as seldom as "},
		{corpus.Rate{Failed: 6, Runs: 10}, corpus.Rate{Failed: 10, Runs: 10}, ""},
	} {
		got := trade(&corpus.Case{Reproduced: c.now, Shrunk: corpus.Shrunk{From: 14, Rate: &c.before}})
		if !strings.HasPrefix(got, c.want) || (got == "") != (c.want == "") {
			t.Errorf("%v after %v: %q; want %q", c.now, c.before, got, c.want)
		}
	}
}
