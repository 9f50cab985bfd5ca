package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/internal/story"
)

// A reporter tells of a search while it works, and sums it up.
type reporter interface {
	finding(mapstress.Finding)
	progress(mapstress.Progress)
	summary(*mapstress.Report)
}

func (a *app) reporter(command string, seed uint64, how mapstress.Build) reporter {
	if a.json {
		return &jsonReporter{app: a, how: how}
	}
	return &textReporter{app: a, command: command, seed: seed, how: how, style: story.Style(colored(a.stdout))}
}

// A textReporter writes for people.
type textReporter struct {
	*app
	command string // the subcommand
	seed    uint64
	how     mapstress.Build
	style   story.Style
}

// replayed returns the command that replays a case in children that are built alike.
func replayed(path string, how mapstress.Build) string {
	if path == "" {
		return ""
	}
	return story.Replay(path) + howFlags(how)
}

// progress writes a line, as go test -fuzz does.
func (r *textReporter) progress(p mapstress.Progress) { r.app.progress(p) }

func (a *app) progress(p mapstress.Progress) {
	if p.After != "" {
		fmt.Fprintf(a.stderr, "fuzz: elapsed: %v, the search is over; %s\n", time.Duration(p.Elapsed).Round(time.Second), p.After)
		return
	}
	rate := float64(p.Tally.Runs) / max(p.Elapsed.Seconds(), 1e-9)
	fmt.Fprintf(a.stderr, "fuzz: elapsed: %v, runs: %s (%s/s), overlapped: %s, deaths: %d, findings: %d, now: %s\n",
		time.Duration(p.Elapsed).Round(time.Second), story.Count(p.Tally.Runs), story.Count(uint64(rate)),
		story.Percent(p.Tally.Overlapped, p.Tally.Runs), p.Deaths, p.Findings, p.Target)
}

// finding tells the story once, when it is complete: the smallest schedule there
// is. Until then a line says that something was found, and where it is kept.
func (r *textReporter) finding(f mapstress.Finding) {
	if !f.Final {
		kept := "kept as " + f.Path
		if f.Path == "" {
			kept = "not kept"
		}
		fmt.Fprintf(r.stderr, "%s: found %s in %s after %.1f s, %s; looking closer\n",
			r.command, story.Title(f.Verdict), f.Target, f.After.Seconds(), kept)
		return
	}
	if f.Unsafe {
		return // one of a survey: the summary has it
	}
	if f.Controlled != nil {
		r.controlled(&f)
		return
	}
	fmt.Fprint(r.stdout, story.Traced(f.Case, f.Trace, replayed(f.Path, r.how), r.style))
	if f.Reproducer != "" {
		fmt.Fprintf(r.stdout, "without mapstress: %s\n", f.Reproducer)
	}
	fmt.Fprintln(r.stdout)
}

// controlled tells what came of trying a finding, which has been told, in controlled runs.
func (r *textReporter) controlled(f *mapstress.Finding) {
	a, title := f.Controlled, story.Title(f.Verdict)
	if a.Case == nil {
		fmt.Fprintf(r.stdout, "not in controlled runs: %s in %s: %s\n\n", title, f.Target, inShort(a.Reason))
		return
	}
	fmt.Fprintf(r.stdout, "in controlled runs, %s in %s %s, by its decisions; found in run %s\n\n",
		title, f.Target, story.Comes(f.Verdict, a.Case), story.Count(a.Tried))
	fmt.Fprintln(r.stdout, story.Traced(a.Case, a.Trace, replayed(a.Path, mapstress.Build{Go: r.how.Go}), r.style))
}

// inShort is the first line of a reason; with the one after it that says more, if it ends with a
// colon, as what a command said does.
func inShort(reason string) string {
	lines := strings.Split(reason, "\n")
	if strings.HasSuffix(lines[0], ":") {
		for _, line := range lines[1:] {
			if line != "" && !strings.HasPrefix(line, "# ") { // a compiler's package
				return lines[0] + " " + strings.TrimSpace(line)
			}
		}
	}
	return lines[0]
}

// A jsonReporter writes for machines: one object a line, see docs/json.md.
type jsonReporter struct {
	*app
	how mapstress.Build
}

func (r *jsonReporter) progress(p mapstress.Progress) { r.app.progress(p) }

func (r *jsonReporter) finding(f mapstress.Finding) {
	o := findingJSON(f)
	o.Replay = replayed(f.Path, r.how)
	r.emit("finding", o)
}

func (r *jsonReporter) summary(report *mapstress.Report) { r.emit("summary", report) }

// emit writes one object: a field that says what it is, and its own.
func (a *app) emit(what string, object any) {
	body, err := json.Marshal(object)
	if err != nil {
		panic("mapstress: encode JSON: " + err.Error())
	}
	fmt.Fprintf(a.stdout, "{\"type\":%q,%s\n", what, body[1:])
}
