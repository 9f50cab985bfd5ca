// Command validation is an examination: it searches published modules with known bugs, as
// their users would, by expression and with default flags, and the same modules without
// them; and beside it, for the same time, it has each module tried in the ordinary way, by
// a loop of goroutines that call its methods at random, under go test -race. It prints a
// table in Markdown:
//
//	go -C validation run .                  all of them; takes some 45 minutes
//	go -C validation run . -only xsync      those whose name has that in it
//	go -C validation run . -time 10s -clean 10s
//
// It has a module of its own, so it cannot be run by its path from the root. It
// downloads modules and builds children; its test does so with a module that it makes.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"github.com/mapstress/mapstress"
)

func main() {
	mapstress.Serve()
	e := exam{out: os.Stdout, progress: os.Stderr}
	only := flag.String("only", "", "part of the names of the modules to take; empty is all")
	flag.DurationVar(&e.buggy, "time", time.Minute, "longest search of a module with a known bug, and longest try in the ordinary way")
	flag.DurationVar(&e.clean, "clean", 5*time.Minute, "search of one without")
	flag.BoolVar(&e.alone, "alone", false, "leave out the ordinary way")
	flag.Uint64Var(&e.seed, "seed", 1, "where all that is random comes from")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := e.run(ctx, *only); err != nil {
		fmt.Fprintln(os.Stderr, "validation:", err)
		os.Exit(1)
	}
}

// An exam is a run of this command.
type exam struct {
	out, progress io.Writer
	buggy, clean  time.Duration
	alone         bool
	seed          uint64
	after         []time.Duration // until each known bug was found
	buggyRows     int
	small         int // findings of at most 3 workers x 4 ops
	right         int // findings of a class as which the bug is known to show
	alarms        int // findings on rows without a known bug
}

// run takes every row whose name has a word in it.
func (e *exam) run(ctx context.Context, only string) error {
	fmt.Fprintln(e.out, "| map | known bug | found as | after | workers x ops | reproduced | runs, overlapped | the ordinary way | ratio |")
	fmt.Fprintln(e.out, "| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
	taken := 0
	for _, r := range rows {
		if !strings.Contains(r.name(), only) {
			continue
		}
		taken++
		fmt.Fprintf(e.progress, "validation: %s\n", r.name())
		line, err := e.examine(ctx, r)
		if err != nil {
			return err
		}
		fmt.Fprintln(e.out, line)
	}
	if taken == 0 {
		return fmt.Errorf("no row has %q in its name", only)
	}
	e.sum()
	return nil
}

// sum says what it came to.
func (e *exam) sum() {
	if e.buggyRows > 0 {
		fmt.Fprintf(e.out, "\n%d of %d known bugs found", len(e.after), e.buggyRows)
		if len(e.after) > 0 {
			slices.Sort(e.after)
			fmt.Fprintf(e.out, ", after %.1f s in the median and %.1f s at most; %d of them with 3 workers x 4 ops or fewer, and %d of a class as which the bug is known to show",
				e.after[len(e.after)/2].Seconds(), e.after[len(e.after)-1].Seconds(), e.small, e.right)
		}
		fmt.Fprintln(e.out, ".")
	}
	if e.alarms > 0 {
		fmt.Fprintf(e.out, "%d findings on maps of which none is known: read them.\n", e.alarms)
	}
}

// examine searches a row's map, and tries it in the ordinary way.
func (e *exam) examine(ctx context.Context, r row) (string, error) {
	dir, err := os.MkdirTemp("", "mapstress-validation-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	var t mapstress.TargetReport
	err = r.with(func() error {
		c := mapstress.Config{Targets: []string{r.target}, Without: r.without, Duration: e.clean, Seed: e.seed, Corpus: dir, Engine: mapstress.Auto}
		if r.bug != "" {
			c.Duration, c.StopOnFinding = e.buggy, true
		}
		report, err := mapstress.Fuzz(ctx, c)
		if err == nil {
			t = report.Targets[0]
		}
		return err
	})
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if r.bug != "" && !r.ours {
		e.buggyRows++
	}
	cells := []string{"`" + r.name() + "`", r.bug}
	if err != nil {
		return line(append(cells, "error: "+strings.Join(strings.Fields(err.Error()), " "), "", "", "", "", "", "")), nil
	}
	after, found := e.outcome(&cells, r, &t)
	if r.bug == "" || r.ordinary == "" || e.alone {
		return line(append(cells, "", "")), nil
	}
	o, err := tryOrdinary(ctx, r, e.buggy)
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil:
		return line(append(cells, "error: "+strings.Join(strings.Fields(err.Error()), " "), "")), nil
	}
	return line(append(cells, o.String(), ratio(o, after, found))), nil
}

// outcome adds what came of the search.
func (e *exam) outcome(cells *[]string, r row, t *mapstress.TargetReport) (after time.Duration, found bool) {
	runs := fmt.Sprintf("%d, %.0f %%", t.Tally.Runs, 100*float64(t.Tally.Overlapped)/float64(max(t.Tally.Runs, 1)))
	if t.Beside != nil {
		runs += fmt.Sprintf("; %d controlled", t.Beside.Tally.Runs)
	}
	if len(t.Findings) == 0 {
		*cells = append(*cells, "nothing", "", "", "", runs)
		return 0, false
	}
	first := slices.MinFunc(t.Findings, func(a, b mapstress.Finding) int { return int(a.After - b.After) })
	shown := first.Case
	if made := first.Controlled; made != nil && made.Case != nil && made.Verdict.Class == first.Verdict.Class {
		shown = made.Case // mostly smaller, and it fails every time
	}
	s := shown.Schedule
	longest := 0
	for _, ops := range s.Workers {
		longest = max(longest, len(ops))
	}
	after = time.Duration(first.After)
	switch {
	case r.bug == "":
		e.alarms += len(t.Findings)
	case !r.ours:
		if e.after = append(e.after, after); len(s.Workers) <= 3 && longest <= 4 {
			e.small++
		}
		if slices.Contains(r.shows, first.Verdict.Class) {
			e.right++
		}
	}
	*cells = append(*cells, first.Verdict.Class.String()+": "+first.Verdict.Rule, fmt.Sprintf("%.1f s", after.Seconds()),
		fmt.Sprintf("%d x %d", len(s.Workers), longest), shown.Reproduced.String(), runs)
	return after, true
}

func line(cells []string) string {
	for i, c := range cells {
		cells[i] = strings.ReplaceAll(c, "|", `\|`)
	}
	return "| " + strings.Join(cells, " | ") + " |"
}
