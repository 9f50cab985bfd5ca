package mapstress_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mapstress/mapstress"
)

func TestSoakMistakes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	for _, test := range []struct {
		config mapstress.SoakConfig
		want   string
	}{
		{mapstress.SoakConfig{Targets: []string{"syncmap"}}, `unknown target "syncmap"; did you mean "sync.Map"?`},
		{mapstress.SoakConfig{Targets: []string{"sync Map", "striped"}}, `"sync Map" and others: a map of another module is searched by itself`},
		{mapstress.SoakConfig{Targets: []string{"sync Map{"}}, `expression "Map{": `},
		{mapstress.SoakConfig{Scenarios: []string{"growth"}}, `unknown scenario "growth"; did you mean "growth-burst"?`},
		{mapstress.SoakConfig{Duration: -time.Second}, "duration -1s and replay time 0s must not be negative"},
	} {
		test.config.Dir = dir
		report, err := mapstress.Soak(context.Background(), test.config)
		if report != nil || err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%+v: %v, %v; want %s", test.config, report, err, test.want)
		}
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("something was written all the same")
	}
}

// A soak whose context has ended reports that it was interrupted, and goes on when
// it is started again, with what it was told the first time.
func TestSoakInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	c := mapstress.SoakConfig{
		Dir: filepath.Join(t.TempDir(), "out"), Corpus: filepath.Join(t.TempDir(), "corpus"),
		Targets: []string{"striped", "striped"}, Scenarios: []string{"drain"}, Duration: 500 * time.Millisecond,
	}
	first, err := mapstress.Soak(ctx, c)
	if err != nil || !first.Interrupted || first.Done || len(first.Targets) != 1 || first.Seed == 0 {
		t.Fatalf("%+v, %v", first, err)
	}
	second, err := mapstress.Soak(context.Background(), mapstress.SoakConfig{Dir: c.Dir})
	if err != nil || !second.Resumed || !second.Done || second.Seed != first.Seed || second.Targets[0].Target != "striped" {
		t.Errorf("%+v, %v", second, err)
	}
}
