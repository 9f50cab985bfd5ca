// Package story tells people what was found: a few lines that end with what to do next.
package story

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler/controlled"
)

// maxDrawn is how many events a story draws at most.
const maxDrawn = 16

// Tell tells a finding as a short story that ends with the command that replays it; if
// that is empty, the case is not kept.
func Tell(c *corpus.Case, replay string, s Style) string { return Traced(c, nil, replay, s) }

// Traced is Tell with the trace of a controlled run, if there is one.
func Traced(c *corpus.Case, trace []controlled.Step, replay string, s Style) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s   %s   %s, %s%s\n", s.Bad(Title(c.Verdict)), s.Bold(c.Target),
		Plural(len(c.Schedule.Workers), "worker"), Plural(c.Schedule.Ops(), "op"), shrunkFrom(c))
	for _, line := range Drawing(c) {
		b.WriteString("  " + line + "\n")
	}
	if c.Verdict.Detail != "" {
		b.WriteString("  " + c.Verdict.Detail + "\n")
	}
	if c.Verdict.Promise != "" {
		fmt.Fprintf(&b, "  though it is promised: %q\n", c.Verdict.Promise)
	}
	if len(c.Verdict.Accesses) > 0 {
		b.WriteString(Accesses(c))
	} else if len(c.Verdict.Frames) > 0 {
		b.WriteString("  in " + strings.Join(c.Verdict.Frames, " < ") + "\n")
	}
	if c.Verdict.Sequential {
		b.WriteString("  one worker alone fails too: it takes no concurrent callers\n")
	}
	if len(trace) > 0 {
		b.WriteString("\n" + Trace(c, trace) + "\n")
	}
	fmt.Fprintf(&b, "reproduced %s   %s\n", Reproduced(c), c.Found)
	b.WriteString(trade(c))
	if replay == "" {
		b.WriteString("not kept; its schedule:\n" + indented(c.Schedule.Text()))
		return b.String()
	}
	fmt.Fprintf(&b, "replay: %s\n", replay)
	return b.String()
}

// trade says what the small schedule costs, if it fails less than half as often as
// it did when it was found.
func trade(c *corpus.Case) string {
	share, known := c.Share()
	if !known || share >= 0.5 {
		return ""
	}
	now, before := c.Reproduced, *c.Shrunk.Rate
	times := fmt.Sprintf("%.2g", 1/share)
	if 1/share >= 99.5 {
		times = Count(uint64(math.Round(1 / share)))
	}
	return fmt.Sprintf("fails %s times as seldom as the schedule found (%s against %s), which had %s\n", times,
		Percent(uint64(now.Failed), uint64(now.Runs)), Percent(uint64(before.Failed), uint64(before.Runs)),
		Plural(c.Shrunk.From, "op"))
}

// OfAll says how many runs failed of those that were all to fail: there is no chance in it.
func OfAll(r corpus.Rate) string { return fmt.Sprintf("%d of %d", r.Failed, r.Runs) }

// Comes tells how a finding comes in controlled runs: the case is of those.
func Comes(v oracle.Verdict, c *corpus.Case) string {
	comes := "comes "
	if c.Verdict.Class != v.Class || c.Verdict.Rule != v.Rule {
		comes = "comes as " + Title(c.Verdict) + " "
	}
	if c.Reproduced.Failed == c.Reproduced.Runs {
		return comes + "every time"
	}
	return comes + OfAll(c.Reproduced) + " times"
}

// Reproduced tells how often a case failed where it was found.
func Reproduced(c *corpus.Case) string {
	if c.Decisions != "" {
		return OfAll(c.Reproduced)
	}
	return c.Reproduced.String()
}

// indented sets a text two columns in.
func indented(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n  ") + "\n"
}

// Replay returns the command that replays the case of a file; empty if there is none.
func Replay(path string) string {
	if path == "" {
		return ""
	}
	return "mapstress replay " + ShellQuote(path)
}

// ShellQuote quotes a word that a shell would not leave alone.
func ShellQuote(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-+./:@%,", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

func shrunkFrom(c *corpus.Case) string {
	switch {
	case c.Shrunk.From <= c.Schedule.Ops():
		return ""
	case c.Shrunk.Done:
		return fmt.Sprintf(" (shrunk from %d)", c.Shrunk.From)
	}
	return fmt.Sprintf(" (shrunk from %d, out of time)", c.Shrunk.From)
}

// Drawing draws the conflicting events, or all of them if the verdict names
// none, below the prefill.
func Drawing(c *corpus.Case) (lines []string) {
	h, err := history.ParseText(c.History)
	if err != nil || len(h.Events) == 0 {
		return nil
	}
	switch n := c.Schedule.Prefill; {
	case h.Earlier > 0:
		lines = append(lines, fmt.Sprintf("%s, which held %s", Round(c, h), Plural(len(h.Prefill), "key")))
	case n == 1:
		lines = append(lines, "prefill 1 (k1=v1)")
	case n > 1:
		lines = append(lines, fmt.Sprintf("prefill %d (k1=v1 to k%d=v%d)", n, n, n))
	}
	return append(lines, Drawn(Conflicting(h, c.Verdict.Events))...)
}

// Round says which of the runs on its map the one of a history was; empty if each has its own.
func Round(c *corpus.Case, h *history.History) string {
	if h.Earlier == 0 {
		return ""
	}
	return fmt.Sprintf("round %s of %s on one map", Count(uint64(h.Earlier+1)), Count(uint64(c.Schedule.Rounds)))
}

// Drawn draws events, a line each: what it was, and its bar.
func Drawn(events []history.Event) (lines []string) {
	left := 0
	for i := range events {
		left = max(left, len(brief(&events[i])))
	}
	bars := history.Draw(events)
	for i := range events {
		lines = append(lines, strings.TrimRight(fmt.Sprintf("%-*s  %s", left, brief(&events[i]), bars[i]), " "))
	}
	return lines
}

// fewEvents is how many events are drawn whether they conflict or not: the
// others of a small schedule had their part in it.
const fewEvents = 6

// Conflicting selects the events that the verdict names, or the first few.
func Conflicting(h *history.History, named []int) []history.Event {
	var events []history.Event
	for i := range h.Events {
		if (len(named) == 0 || len(h.Events) <= fewEvents || slices.Contains(named, i)) && len(events) < maxDrawn {
			events = append(events, h.Events[i])
		}
	}
	return events
}
