package corpus

import (
	"math"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler"
	"github.com/mapstress/mapstress/target"
)

// sample returns a case with something in every field.
func sample() *Case {
	return &Case{
		Target: "sync.Map",
		Verdict: oracle.Verdict{
			Class: oracle.SilentCorruption, Rule: "lost-key", Detail: "load k9 -> absent, though store k9 v100 had completed",
			Promise: "a < b && c > d", Events: []int{0, 2}, Frames: []string{"sync.(*Map).Load", "internal/sync.(*HashTrieMap[...]).Load"},
		},
		Unsafe:     true,
		Found:      Environment{Go: "go1.26.8", GOOS: "linux", GOARCH: "amd64", CPUs: 8, GOMAXPROCS: 2},
		Reproduced: Rate{Failed: 41, Runs: 50},
		Scenario:   "grow",
		Seed:       math.MaxUint64,
		Shrunk:     Shrunk{From: 4, Rate: &Rate{Failed: 12, Runs: 60}, Least: 0.5, Amplified: true, Refused: "1a2b3c4d 5e6f7a8b"},
		Schedule: &scheduler.Schedule{
			Shape:   target.Shape{Key: "int", Value: "string"},
			Prefill: 8,
			Workers: [][]history.Op{
				{{Kind: history.Store, Key: 9, Value: 100}, {Kind: history.Load, Key: 9}},
				{{Kind: history.Delete, Key: 1}},
			},
			Timing: scheduler.Timing{Start: scheduler.Spin, Procs: 2, Seed: 31},
		},
		Original: &scheduler.Schedule{
			Workers: [][]history.Op{
				{{Kind: history.Store, Key: 9, Value: 100}, {Kind: history.Clear}, {Kind: history.Load, Key: 10}},
				{{Kind: history.Delete, Key: 1}},
			},
		},
		History:   "w0 [1..5] store k9 v100\nw1 [2..4] delete k1\nw0 [6..7] load k9 -> absent\nrest len -> 7\n",
		Evidence:  "fatal error: concurrent map writes\n\ngoroutine 7 [running]:\nmain.f()\n\t/src/main.go:7 +0x1d\n-- schedule --\ntorn \xff\x00 line \r\nexit status 2",
		Decisions: "0 1 1 0\n",
	}
}

func TestID(t *testing.T) {
	const want = "43541af3" // for ever: files are named by it
	if got := sample().ID(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for name, change := range map[string]func(*Case){
		"target": func(c *Case) { c.Target = "map" },
		"rule":   func(c *Case) { c.Verdict.Rule = "stale-read" },
		"ops":    func(c *Case) { c.Schedule.Workers[1][0].Key = 2 },
		"timing": func(c *Case) { c.Schedule.Timing.Procs = 4 },
	} {
		c := sample()
		if change(c); c.ID() == want {
			t.Errorf("another %s, the same ID", name)
		}
	}
	for name, change := range map[string]func(*Case){
		"detail":     func(c *Case) { c.Verdict.Detail = "" },
		"rate":       func(c *Case) { c.Reproduced.Runs++ },
		"found":      func(c *Case) { c.Found = Here() },
		"history":    func(c *Case) { c.History = "" },
		"shrinking":  func(c *Case) { c.Shrunk, c.Original = Shrunk{}, nil },
		"provenance": func(c *Case) { c.Seed, c.Scenario, c.File = 0, "", "x" },
	} {
		c := sample()
		if change(c); c.ID() != want {
			t.Errorf("another %s, another ID", name)
		}
	}
}

func TestShare(t *testing.T) {
	for name, test := range map[string]struct {
		now   Rate
		found *Rate
		want  float64 // 0: not known
	}{
		"a quarter":       {Rate{1, 100}, &Rate{4, 100}, 0.25},
		"more often":      {Rate{8, 10}, &Rate{4, 100}, 20},
		"never shrunk":    {Rate{1, 100}, nil, 0},
		"neither is seen": {Rate{0, 100}, &Rate{4, 100}, 0},
		"not seen before": {Rate{1, 100}, &Rate{0, 100}, 0},
	} {
		c := &Case{Reproduced: test.now, Shrunk: Shrunk{Rate: test.found}}
		if share, known := c.Share(); known != (test.want > 0) || math.Abs(share-test.want) > 1e-9 {
			t.Errorf("%s: %v, %v; want %v", name, share, known, test.want)
		}
	}
}

func TestHere(t *testing.T) {
	if e := Here(); e.Go == "" || e.GOOS == "" || e.GOARCH == "" || e.CPUs < 1 || e.GOMAXPROCS < 1 {
		t.Errorf("%+v", e)
	}
	const want = "GOMAXPROCS=2 go1.26.8 linux/amd64"
	if got := sample().Found.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The expected intervals are those of Wilson's formula worked out by hand for 0
// and n of n: 0 to z^2/(n+z^2), and its mirror image.
func TestRate(t *testing.T) {
	for _, c := range []struct {
		rate Rate
		want string
	}{
		{Rate{}, "0 of 0 (0-100 %)"},
		{Rate{0, 1}, "0 of 1 (0-79 %)"},
		{Rate{1, 1}, "1 of 1 (21-100 %)"},
		{Rate{0, 50}, "0 of 50 (0-7.1 %)"},
		{Rate{50, 50}, "50 of 50 (93-100 %)"},
		{Rate{41, 50}, "41 of 50 (69-90 %)"},
		{Rate{1, 1000000}, "1 of 1000000 (0.000018-0.00057 %)"},
	} {
		if got := c.rate.String(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
		low, high := c.rate.Interval()
		if p := float64(c.rate.Failed) / float64(max(1, c.rate.Runs)); low < 0 || high > 1 || low > p || high < p {
			t.Errorf("%v: interval %v to %v", c.rate, low, high)
		}
	}
}
