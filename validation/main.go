// Command validation searches published modules with known bugs, as their users would,
// and the same modules without them, and prints a table in Markdown:
//
//	go run ./validation                  all of them; takes some 15 minutes
//	go run ./validation -only xsync      those whose name has that in it
//
// It downloads the modules and builds a child for each, so it is no test.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/mapstress/mapstress"
)

// A row is a map of a published module.
type row struct {
	target string
	bug    string // what is known of it; empty if nothing is
}

var rows = []row{
	{"github.com/puzpuzpuz/xsync/v3@v3.0.0 NewMap()", "LoadAndDelete loses against shrinking; two LoadOrStore win"},
	{"github.com/puzpuzpuz/xsync/v2@v2.5.1 NewMap()", "the same"},
	{"github.com/puzpuzpuz/xsync@v1.0.0 NewMap()", "LoadOrStore leaves a bucket locked"},
	{"github.com/puzpuzpuz/xsync@v1.0.2 NewMap()", "Store during growth loses keys"},
	{"github.com/puzpuzpuz/xsync/v2@v2.0.2 NewMap()", "Range meets a key twice"},
	{"github.com/bytedance/gopkg/collection/skipmap@v0.1.4 NewInt()", "a stored value vanishes"},
	{"github.com/cornelk/hashmap@v1.0.1 New(16)", "Set during growth loses keys"},
	{"github.com/alphadose/haxmap@v1.4.1 New[int,int]()", "lost keys, several setters"},
	{"github.com/patrickmn/go-cache@v2.0.0+incompatible New(0, 0)", "Items reads the map without its lock"},
	{"github.com/puzpuzpuz/xsync/v3@v3.5.1 NewMapOf[int,int]()", "Clear does nothing while another call grows the table"},
	{"github.com/puzpuzpuz/xsync/v4@v4.5.0 NewMap[int,int]()", "the same"},
	{"github.com/hashicorp/golang-lru/v2@v2.0.7 New[int,int](128)", ""},
	{"github.com/orcaman/concurrent-map/v2@v2.0.1 New[int]()", ""},
	{"github.com/patrickmn/go-cache@v2.1.0+incompatible New(0, 0)", ""},
	{"sync Map", ""},
}

func main() {
	mapstress.Serve()
	only := flag.String("only", "", "part of the names of the modules to take; empty is all")
	buggy := flag.Duration("time", time.Minute, "longest search of a module with a known bug")
	good := flag.Duration("good", time.Minute, "search of one without")
	seed := flag.Uint64("seed", 1, "where all that is random comes from")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *only, *buggy, *good, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "validation:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, only string, buggy, good time.Duration, seed uint64) error {
	dir, err := os.MkdirTemp("", "mapstress-validation-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Println("| map | known bug | found as | after | workers, ops | reproduced | runs, overlapped |")
	fmt.Println("| --- | --- | --- | --- | --- | --- | --- |")
	for i, r := range rows {
		if !strings.Contains(r.target, only) {
			continue
		}
		c := mapstress.Config{Targets: []string{r.target}, Duration: good, Seed: seed, Corpus: filepath.Join(dir, fmt.Sprint(i))}
		if r.bug != "" {
			c.Duration, c.StopOnFinding = buggy, true
		}
		report, err := mapstress.Fuzz(ctx, c)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			fmt.Printf("| %s | %s | error: %s | | | | |\n", r.target, r.bug, strings.ReplaceAll(err.Error(), "\n", " "))
			continue
		}
		fmt.Printf("| `%s` | %s | %s |\n", r.target, r.bug, outcome(&report.Targets[0]))
	}
	return nil
}

// outcome returns the last five columns.
func outcome(t *mapstress.TargetReport) string {
	runs := fmt.Sprintf("%d, %.0f %%", t.Tally.Runs, 100*float64(t.Tally.Overlapped)/float64(max(t.Tally.Runs, 1)))
	if len(t.Findings) == 0 {
		return strings.Join([]string{"nothing", "", "", "", runs}, " | ")
	}
	first := slices.MinFunc(t.Findings, func(a, b mapstress.Finding) int { return int(a.After - b.After) })
	s := first.Case.Schedule
	return strings.Join([]string{
		fmt.Sprintf("%s: %s", first.Verdict.Class, first.Verdict.Rule), fmt.Sprintf("%.1f s", time.Duration(first.After).Seconds()),
		fmt.Sprintf("%d, %d", len(s.Workers), s.Ops()), first.Case.Reproduced.String(), runs,
	}, " | ")
}
