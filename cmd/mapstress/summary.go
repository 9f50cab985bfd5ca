package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/story"
)

// littleOverlap is the share of overlapped runs below which a clean report is
// worth a warning.
const littleOverlap = 0.05

// where says on what a search was made; nothing if no child has said hello.
func where(e corpus.Environment) string {
	if e.Go == "" {
		return ""
	}
	return fmt.Sprintf("   %s %s/%s, %s", e.Go, e.GOOS, e.GOARCH, story.Plural(e.CPUs, "CPU"))
}

// summary says what the search came to, target by target.
func (r *textReporter) summary(report *mapstress.Report) {
	fmt.Fprintf(r.stdout, "searched for %.1f s   seed %d%s\n", report.Elapsed.Seconds(), report.Seed, where(report.Environment))
	if len(report.Without) > 0 {
		fmt.Fprintf(r.stdout, "not called, as --without says: %s\n", strings.Join(report.Without, ", "))
	}
	if report.Interrupted {
		fmt.Fprintln(r.stdout, "interrupted: this is what there was by then")
	}
	for i := range report.Targets {
		fmt.Fprintln(r.stdout)
		r.target(&report.Targets[i])
	}
	fmt.Fprintln(r.stdout)
	switch bugs := report.Bugs(); {
	case bugs > 0:
		fmt.Fprintln(r.stdout, r.style.Bad(story.Plural(bugs, "bug")+" found"))
	case !ran(report.Targets):
		fmt.Fprintln(r.stdout, "nothing was run, so nothing can be said")
	default:
		fmt.Fprintln(r.stdout, r.style.Good("no bugs found")+" on what promises to be safe; that proves none absent")
	}
}

func (r *textReporter) target(t *mapstress.TargetReport) {
	exercised := fmt.Sprintf("%s of %s, %s overlapped, %s, %s of op pairs seen overlapping",
		story.Plural(t.Tally.Runs, "run"), story.Plural(t.Schedules, "schedule"), story.Percent(t.Tally.Overlapped, t.Tally.Runs), growthOverlaps(t),
		story.Percent(uint64(t.PairsSeen), uint64(t.Pairs)))
	name := r.style.Bold(t.Target)
	switch {
	case t.Unsafe:
		fmt.Fprintf(r.stdout, "%s   not for concurrent use: a survey, not bugs\n", name)
	case len(t.Findings) > 0:
		fmt.Fprintf(r.stdout, "%s   %s\n", name, r.style.Bad(story.Plural(len(t.Findings), "finding")))
	case t.Tally.Runs == 0:
		fmt.Fprintf(r.stdout, "%s   not run: nothing can be said\n", name)
		return
	default:
		fmt.Fprintf(r.stdout, "%s   %s: %s\n", name, r.style.Good("clean"), exercised)
		exercised = ""
	}
	if exercised != "" {
		fmt.Fprintf(r.stdout, "  %s, %s in %.1f s of CPU\n", exercised, deaths(t.Deaths), t.CPU.Seconds())
	}
	if t.Noisy > 0 {
		fmt.Fprintf(r.stdout, "  %s of the runs had noise within ops\n", story.Count(t.Noisy))
	}
	if b := t.Beside; b != nil {
		fmt.Fprintf(r.stdout, "  and %s of %s of a few ops, in %.1f s of CPU\n", story.Plural(b.Tally.Runs, "controlled run"),
			story.Plural(b.Schedules, "schedule"), b.CPU.Seconds())
	}
	r.doubts(t)
	r.findings(t)
	r.explain(t)
}

// growthOverlaps counts them, where it is known at which sizes the target grows. A
// map that grows wherever keys happen to collide has no such sizes.
func growthOverlaps(t *mapstress.TargetReport) string {
	if len(t.Boundaries.Up)+len(t.Boundaries.Down) == 0 {
		return "it grows at no fixed size"
	}
	return story.Plural(t.Tally.Growth, "growth overlap")
}

func deaths(n int) string {
	if n == 1 {
		return "1 child died"
	}
	return story.Count(uint64(n)) + " children died"
}

// doubts says what makes the report worth less than it seems.
func (r *textReporter) doubts(t *mapstress.TargetReport) {
	if len(t.Findings) == 0 && float64(t.Tally.Overlapped) < littleOverlap*float64(t.Tally.Runs) {
		fmt.Fprintln(r.stdout, "  warning: hardly any ops overlapped, so being clean says little")
	}
	if t.Stalled > 0 {
		fmt.Fprintf(r.stdout, "  warning: when the time was up, a run had made no progress for %.1f s: it may hang, and a longer search would tell\n", t.Stalled.Seconds())
	}
	if t.Tally.Unknown > 0 {
		fmt.Fprintf(r.stdout, "  undecided: %s, neither clean nor failing\n", story.Plural(t.Tally.Unknown, "run"))
	}
	if t.Lost > 0 {
		fmt.Fprintf(r.stdout, "  lost: %s that ended for no reason of the target's\n", story.Plural(t.Lost, "run"))
	}
	if t.Unconfirmed > 0 {
		fmt.Fprintf(r.stdout, "  not reported: %s that did not fail again under atomic stamps\n", story.Plural(t.Unconfirmed, "suspicion"))
	}
}

// findings lists the findings: a survey with shares, bugs with their rate.
func (r *textReporter) findings(t *mapstress.TargetReport) {
	width := 0
	for i := range t.Findings {
		width = max(width, len(story.Title(t.Findings[i].Verdict)))
	}
	for i := range t.Findings {
		f := &t.Findings[i]
		runs, took := t.Of(f)
		cpu := max(time.Duration(took).Seconds(), 1e-9)
		fmt.Fprintf(r.stdout, "  %-*s  %8s %-4s  %8s  %6.1f per CPU-second", width, story.Title(f.Verdict),
			story.Count(f.Count), story.Noun(f.Count, "run"), story.Percent(f.Count, runs), float64(f.Count)/cpu)
		if f.Known {
			fmt.Fprint(r.stdout, "  known before")
		}
		if f.Verdict.Sequential {
			fmt.Fprint(r.stdout, "  one worker alone fails too")
		}
		fmt.Fprintln(r.stdout)
		if f.Path != "" {
			fmt.Fprintf(r.stdout, "    %s\n", replayed(f.Path, r.how))
		}
		if a := f.Controlled; a != nil && a.Path != "" {
			fmt.Fprintf(r.stdout, "    %s   %s\n", replayed(a.Path, mapstress.Build{Go: r.how.Go}), story.OfAll(*a.Reproduced))
		}
	}
}
