package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/story"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/oracle/visual"
)

// story tells what the history is, and where it contradicts itself.
func (c *checking) story(segment oracle.Segment, s story.Style) string {
	v := segment.Verdict
	of := fmt.Sprintf("%s by %s on %s", story.Plural(c.ops, "op"), story.Plural(c.validator.Workers(), "worker"), story.Plural(c.validator.Keys(), "key"))
	var b strings.Builder
	switch {
	case v.Class == oracle.Clean && c.segments > 1:
		fmt.Fprintf(&b, "%s   %s: %s, in %d segments; every answer is explained\n", s.Good("clean"), c.file, of, c.segments)
		return b.String()
	case v.Class == oracle.Clean:
		fmt.Fprintf(&b, "%s   %s: %s; every answer is explained\n", s.Good("clean"), c.file, of)
		return b.String()
	case v.Class == oracle.Unknown:
		return ""
	}
	fmt.Fprintf(&b, "%s   %s   %s%s\n", s.Bad(story.Title(v)), s.Bold(c.file), of, c.place(segment))
	events := story.Conflicting(segment.History, v.Events)
	for _, line := range story.Drawn(events) {
		b.WriteString("  " + line + "\n")
	}
	b.WriteString("  " + v.Detail + "\n")
	if v.Promise != "" {
		fmt.Fprintf(&b, "  though it is promised: %q\n", v.Promise)
	}
	for _, line := range c.legend(events) {
		b.WriteString("  " + line + "\n")
	}
	for _, file := range []string{c.svg, c.page} {
		if file != "" {
			fmt.Fprintf(&b, "drawn: %s\n", file)
		}
	}
	return b.String()
}

// legend says what the codes of the events stand for.
func (c *checking) legend(events []history.Event) (lines []string) {
	seen := map[string]bool{}
	note := func(prefix string, code uint64, names map[uint64]string) {
		line := fmt.Sprintf("%s%d is %s", prefix, code, names[code])
		if names[code] != "" && !seen[line] {
			seen[line] = true
			lines = append(lines, line)
		}
	}
	for i := range events {
		note("k", events[i].Key, c.names.Keys)
	}
	for i := range events {
		for _, code := range []uint64{events[i].Old, events[i].Value, events[i].Out} {
			note("v", code, c.names.Values)
		}
	}
	return lines
}

// draw writes the pictures that were asked for.
func (c *checking) draw(judge *oracle.Judge, s oracle.Segment) error {
	v, h := s.Verdict, s.History
	if c.svg != "" {
		if err := os.WriteFile(c.svg, []byte(picture(h, v)), 0o666); err != nil {
			return err
		}
	}
	if c.page == "" {
		return nil
	}
	at := slices.IndexFunc(v.Events, func(i int) bool { return h.Events[i].Kind.Keyed() })
	if at < 0 {
		return fmt.Errorf("%s: no page, since the finding is of no one key", c.page)
	}
	var page bytes.Buffer
	if err := visual.Write(&page, judge, h, h.Events[v.Events[at]].Key); err != nil {
		return fmt.Errorf("%s: no page: %w", c.page, err)
	}
	return os.WriteFile(c.page, page.Bytes(), 0o666)
}

// picture draws the events of the verdict, and those of the same keys that overlap
// them.
func picture(h *history.History, v oracle.Verdict) string {
	var events []history.Event
	var named []bool
	for i := range h.Events {
		e := &h.Events[i]
		is := slices.Contains(v.Events, i)
		if is || len(v.Events) == 0 || slices.ContainsFunc(v.Events, func(n int) bool {
			f := &h.Events[n]
			return e.Overlaps(f) && (!e.Kind.Keyed() || e.Key == f.Key)
		}) {
			events, named = append(events, *e), append(named, is)
		}
	}
	return history.SVG(events[:min(len(events), maxPictured)], func(i int) bool { return named[i] })
}

// maxPictured is how many events a picture has at most.
const maxPictured = 500
