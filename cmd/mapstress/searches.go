package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/internal/story"
)

// buildFlags are those of commands that build targets in one way.
func buildFlags(cmd *cobra.Command, how *mapstress.Build) {
	cmd.Flags().StringVar(&how.Go, "go", "", "Go toolchain to build the target with, such as go1.24.6; downloaded if need be (default: the one at hand)")
	cmd.Flags().BoolVar(&how.Race, "race", false, "build the target with the race detector, which needs cgo")
}

// howFlags returns the flags that build in that way again.
func howFlags(b mapstress.Build) (flags string) {
	if b.Go != "" {
		flags = " --go " + b.Go
	}
	if b.Race {
		flags += " --race"
	}
	return flags
}

// A searched is one of several searches that are compared.
type searched struct {
	target string
	how    mapstress.Build
	report *mapstress.Report
	err    error
}

// searches makes one search, or one for each target and toolchain if there are several of
// these: those of other packages have children of their own.
func (a *app) searches(ctx context.Context, c mapstress.Config, toolchains []string) error {
	groups := [][]string{c.Targets}
	for _, name := range c.Targets {
		if strings.Contains(strings.TrimSpace(name), " ") && len(c.Targets) > 1 {
			groups = nil
			for _, name := range c.Targets {
				groups = append(groups, []string{name})
			}
			break
		}
	}
	if len(toolchains) == 0 {
		toolchains = []string{""}
	}
	var all []searched
	for _, group := range groups {
		for _, toolchain := range toolchains {
			c.Targets, c.Build.Go = group, toolchain
			if len(groups)*len(toolchains) == 1 {
				_, err := a.search(ctx, c)
				return err
			}
			report, err := a.search(ctx, c)
			if errors.Is(err, errInterrupted) {
				return err
			}
			all = append(all, searched{strings.Join(group, " "), c.Build, report, err})
			if err != nil && !errors.Is(err, errFinding) {
				fmt.Fprintf(a.stderr, "mapstress: %v\n", err)
			}
			if !a.json {
				fmt.Fprintln(a.stdout)
			}
		}
	}
	if !a.json {
		a.compare(all)
	}
	return worst(all)
}

// worst is the error that counts: one that is not a finding, or else one.
func worst(all []searched) (err error) {
	for _, s := range all {
		if s.err != nil && (err == nil || errors.Is(err, errFinding)) {
			err = s.err
		}
	}
	if err != nil && !errors.Is(err, errFinding) {
		return reported{err}
	}
	return err
}

// A reported error has been told already.
type reported struct{ error }

func (r reported) Unwrap() error { return r.error }

// compare writes a line for each target of each search.
func (a *app) compare(all []searched) {
	w := tabwriter.NewWriter(a.stdout, 0, 8, 3, ' ', 0)
	fmt.Fprintln(w, "target\tbuilt with\truns\toverlapped\tfirst finding")
	for _, s := range all {
		if s.report == nil {
			fmt.Fprintf(w, "%s\t%s\t\t\tnot searched: see above\n", s.target, strings.TrimPrefix(howFlags(s.how), " --go "))
			continue
		}
		with := s.report.Environment.Go
		if s.how.Race {
			with += " -race"
		}
		for i := range s.report.Targets {
			t := &s.report.Targets[i]
			found := "none"
			for j := range t.Findings {
				f := &t.Findings[j]
				if j == 0 || f.After < t.Findings[0].After {
					found = fmt.Sprintf("%s after %.1f s", story.Title(f.Verdict), f.After.Seconds())
				}
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", t.Target, with, story.Count(t.Tally.Runs), story.Percent(t.Tally.Overlapped, t.Tally.Runs), found)
		}
	}
	w.Flush()
}

// search runs one search, reporting as it goes, and then sums it up.
func (a *app) search(ctx context.Context, c mapstress.Config) (*mapstress.Report, error) {
	if err := a.downloads(ctx, c.Build.Go); err != nil {
		return nil, err
	}
	for _, name := range c.Targets {
		if err := a.match(ctx, name, c.Build, a.stderr); err != nil {
			return nil, err
		}
	}
	out := a.reporter("fuzz", c.Seed, c.Build)
	c.OnFinding, c.OnProgress = out.finding, out.progress
	c.OnProblem = func(err error) { a.log.Warn().Msg(err.Error()) }
	report, err := mapstress.Fuzz(ctx, c)
	if report == nil {
		return nil, err
	}
	if err != nil && !ran(report.Targets) {
		return report, brokenError{err}
	}
	out.summary(report)
	switch {
	case err != nil:
		return report, brokenError{err}
	case report.Interrupted:
		return report, errInterrupted
	case report.Bugs() > 0:
		return report, errFinding
	case !ran(report.Targets):
		return report, fmt.Errorf("nothing was run in --duration %v; want more time", c.Duration)
	}
	return report, nil
}

// ran reports whether there was a run, so that there is something to sum up.
func ran(targets []mapstress.TargetReport) bool {
	return slices.ContainsFunc(targets, func(t mapstress.TargetReport) bool { return t.Tally.Runs > 0 || t.Beside != nil })
}
