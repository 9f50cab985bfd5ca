package main

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/internal/story"
	"github.com/mapstress/mapstress/target"
)

// soakSummary is what report.txt has.
func soakSummary(report *mapstress.SoakReport) string { return soakText(report, false) }

// soakText says what a soak came to: what still fails, what was found, how much was
// exercised, and the next command.
func soakText(report *mapstress.SoakReport, s story.Style) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "soaked for %v of %v   seed %d%s\n", rounded(report.Elapsed), time.Duration(report.Duration), report.Seed, where(report.Environment))
	fmt.Fprintf(&b, "%s in %s\n", story.Plural(report.Rounds, "complete round"), story.Plural(report.Slices, "slice"))
	if !report.Done {
		fmt.Fprintf(&b, "not finished: %v are left\n", max(0, rounded(report.Duration-report.Elapsed)))
	}
	b.WriteString("\n")
	soakCases(&b, report, s)
	told := &textReporter{app: &app{stdout: &b}, style: s}
	for i := range report.Targets {
		b.WriteString("\n")
		told.target(&report.Targets[i])
	}
	b.WriteString("\n")
	soakVerdict(&b, report, s)
	return b.String()
}

func rounded(d mapstress.Duration) time.Duration {
	return time.Duration(d).Round(100 * time.Millisecond)
}

// soakCases tells of the corpus, and lists what is not as one would like it.
func soakCases(w io.Writer, report *mapstress.SoakReport, s story.Style) {
	if len(report.Cases) == 0 {
		fmt.Fprintf(w, "%s   no cases of these targets%s\n", s.Bold("corpus"), others(report.Others))
		return
	}
	failing := 0
	for i := range report.Cases {
		if report.Cases[i].Outcome == mapstress.SoakFailing {
			failing++
		}
	}
	fmt.Fprintf(w, "%s   %d of %s still failing%s\n", s.Bold("corpus"), failing, story.Plural(len(report.Cases), "case"), others(report.Others))
	for i := range report.Cases {
		soakCase(w, &report.Cases[i], s)
	}
}

func others(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("; %s of other targets not replayed", story.Plural(n, "case"))
}

func soakCase(w io.Writer, c *mapstress.SoakCase, s story.Style) {
	switch c.Outcome {
	case mapstress.SoakUnreadable:
		fmt.Fprintf(w, "  %s: %s\n", s.Bad("not replayed"), c.Text)
		return
	case mapstress.SoakNoTime:
		fmt.Fprintf(w, "  not replayed for lack of time: %s\n", c.Path)
		return
	case mapstress.SoakUnconfirmed:
		fmt.Fprintf(w, "  not confirmed  %s: %s in %s: %s\n", c.Path, c.Title, c.Target, c.Rate)
		return
	case mapstress.SoakClean:
		fmt.Fprintf(w, "  %s  %s: %s in %s: %s\n", s.Good("did not fail"), c.Path, c.Title, c.Target, c.Rate)
		return
	}
	survey := ""
	if c.Unsafe {
		survey = " (a survey)"
	}
	fmt.Fprintf(w, "  %s  %s: %s in %s%s: %s\n", s.Bad("still fails"), c.Path, c.Title, c.Target, survey, c.Rate)
}

// soakVerdict is the end of the story: what it means, and what to do next.
func soakVerdict(w io.Writer, report *mapstress.SoakReport, s story.Style) {
	failing, bugs := report.Failing(), report.Bugs()
	switch {
	case failing+bugs > 0:
		fmt.Fprintf(w, "%s, %s\n", s.Bad(story.Plural(bugs, "bug")+" found"), stillFail(failing))
	case !ran(report.Targets) && len(report.Cases) == 0:
		fmt.Fprintln(w, "nothing was run, so nothing can be said")
	default:
		fmt.Fprintln(w, s.Good("no bugs found")+" on what promises to be safe; that proves none absent")
	}
	files := []string{report.Files.State, report.Files.JUnit, report.Files.Report}
	fmt.Fprintf(w, "written: %s\n", strings.Join(files, ", "))
	fmt.Fprintf(w, "next: %s\n", nextCommand(report))
}

func stillFail(n int) string {
	if n == 1 {
		return "1 kept case still fails"
	}
	return fmt.Sprintf("%d kept cases still fail", n)
}

// nextCommand goes on with what is not finished, or else replays the first bug.
func nextCommand(report *mapstress.SoakReport) string {
	if !report.Done {
		return "mapstress soak --out " + story.ShellQuote(filepath.Dir(report.Files.State))
	}
	for i := range report.Targets {
		if t := &report.Targets[i]; !t.Unsafe && len(t.Findings) > 0 && t.Findings[0].Path != "" {
			return story.Replay(t.Findings[0].Path)
		}
	}
	for i := range report.Cases {
		if c := &report.Cases[i]; !c.Unsafe && c.Outcome == mapstress.SoakFailing {
			return story.Replay(c.Path)
		}
	}
	return "mapstress soak" + soaked(report) + " --out " + story.ShellQuote(filepath.Dir(report.Files.State)) + "   (another seed, so other schedules)"
}

// soaked returns the targets and the duration as they are to be given, unless nothing need be said.
func soaked(report *mapstress.SoakReport) (given string) {
	usual := target.Builtin()
	isUsual := len(report.Targets) == len(usual)
	for i := range report.Targets {
		given += " " + story.ShellQuote(report.Targets[i].Target)
		isUsual = isUsual && report.Targets[i].Target == usual[i].Name
	}
	if isUsual {
		given = ""
	}
	if d := time.Duration(report.Duration); d != usualSoak {
		given += " --duration " + d.String()
	}
	return given
}
