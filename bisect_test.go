package mapstress_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/modproxy"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler"
)

// TestBisect finds the version of a module that has a planted bug first, across a major
// version and one that does not compile. Odds: two callers meet in a run in five or more,
// in some 200 runs each.
func TestBisect(t *testing.T) {
	if testing.Short() {
		t.Skip("it calls the compiler")
	}
	good, bad := modproxy.Planted(false), modproxy.Planted(true)
	modproxy.Serve(t, map[string]string{
		"example.com/planted@v1.0.0":    good,
		"example.com/planted@v1.1.0":    good + "func broken() { undefined() }\n",
		"example.com/planted@v1.2.0":    bad,
		"example.com/planted@v1.3.0":    bad,
		"example.com/planted/v2@v2.0.0": bad,
	})
	s, err := scheduler.Parse(scheduler.Header + "\ntiming start=spin procs=2 gosched=0 spin=0 seed=1\nw0 load-or-store k1 v2\nw1 load-or-store k1 v3\n")
	if err != nil {
		t.Fatal(err)
	}
	c := &corpus.Case{
		Target: "example.com/planted@v1.2.0 New()", Schedule: s, Reproduced: corpus.Rate{Failed: 20, Runs: 100},
		Verdict: oracle.Verdict{Class: oracle.SilentCorruption, Rule: oracle.LostUpdate},
	}
	versions, probed := 0, 0
	r, err := mapstress.Bisect(context.Background(), c, mapstress.BisectConfig{
		Target: "example.com/planted New()", From: "v1.0.0", To: "v2.0.0",
		OnVersions: func(n int) { versions = n }, OnProbe: func(mapstress.BisectProbe) { probed++ },
	})
	if err != nil {
		t.Fatal(err)
	}
	if versions != 5 || probed != len(r.Probes) || r.What != "bad" || r.Last != "v1.0.0" || r.First != "v1.2.0" || strings.Join(r.Skipped, " ") != "v1.1.0" {
		t.Errorf("of %d versions: %+v", versions, r)
	}
	if r.Wrong <= 0 || r.Wrong > 0.01 {
		t.Errorf("it is wrong once in %v", 1/r.Wrong)
	}
	for _, p := range r.Probes {
		if p.Version == "v1.1.0" && !strings.Contains(p.Why, "undefined: undefined") {
			t.Errorf("skipped: %q", p.Why)
		}
	}

	_, err = mapstress.Bisect(context.Background(), c, mapstress.BisectConfig{Target: "example.com/planted New()", From: "v1.2.0", To: "v2.0.0"})
	if !errors.Is(err, mapstress.ErrBothFail) {
		t.Errorf("between bad ones: %v", err)
	}
}

// TestBisectRefuses what makes no sense, before it calls the go command.
func TestBisectRefuses(t *testing.T) {
	for want, config := range map[string]mapstress.BisectConfig{
		`"sync.Map"; want a package and an expression`:       {Target: "sync.Map", From: "v1.0.0", To: "v1.1.0"},
		`version "1.0"; want one such as v1.2.3`:             {Target: "example.com/m New()", From: "1.0", To: "v1.1.0"},
		"from v1.1.0 to v1.0.0; want a version and a later":  {Target: "example.com/m New()", From: "v1.1.0", To: "v1.0.0"},
		"example.com/m@v1.0.0; want no version there":        {Target: "example.com/m@v1.0.0 New()", From: "v1.0.0", To: "v1.1.0"},
		`toolchain "v1.1.0"; want one such as go1.24.0`:      {Target: "sync Map", From: "go1.24.0", To: "v1.1.0"},
		"from go1.25.0 to go1.24.0; want a version and a":    {Target: "sync Map", From: "go1.25.0", To: "go1.24.0"},
		"example.com/m without a version; want example.com/": {Target: "example.com/m New()", From: "go1.23.0", To: "go1.24.0"},
	} {
		if _, err := mapstress.Bisect(context.Background(), &corpus.Case{}, config); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v; want %s", err, want)
		}
	}
}
