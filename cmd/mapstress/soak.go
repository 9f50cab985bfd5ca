package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/story"
)

// usualSoak is how long a soak takes if nothing is said.
const usualSoak = 8 * time.Hour

func (a *app) soak() *cobra.Command {
	c := mapstress.SoakConfig{}
	cmd := &cobra.Command{
		Use:   "soak [TARGET...]",
		Short: "Replay the corpus, then search for hours; made to be killed and to go on",
		Long: `Soak first runs the kept cases of the targets again: do they still fail? Then it
searches in rounds until the time is up: everything freely, controlled runs of what
promises to be safe (if it lasts ten minutes or more), and each target with each
scenario alone. The targets are the built-in ones if none is named; a package and
an expression that makes a map, as fuzz takes, is soaked by itself.

It writes down how far it is as it goes: soak.json, from which it goes on when it
is started again with the same --out, whatever ended it; junit.xml; report.txt.
A soak that goes on takes from there what the command line does not say, and
refuses what differs.

The exit code is 1 if a bug was found, or if a kept case of a target that promises
to be safe still fails.`,
		Example: `  mapstress soak --duration 8h
  mapstress soak sync.Map --duration 1h --seed 7 --out soak-syncmap
  mapstress soak './internal/cache New[string,int]()' --duration 5h
  mapstress soak --out soak-syncmap      # after it was killed: goes on`,
		ValidArgsFunction: completeTargets,
		RunE: func(cmd *cobra.Command, targets []string) error {
			flags := cmd.Flags()
			c.Targets = targets
			if err := checkSoak(&c, flags.Changed("duration")); err != nil {
				return err
			}
			if !flags.Changed("duration") {
				c.Duration = 0
			}
			if flags.Changed("corpus") {
				c.Corpus = a.corpus
			}
			return a.runSoak(cmd.Context(), c)
		},
	}
	f := cmd.Flags()
	f.DurationVar(&c.Duration, "duration", usualSoak, "how long in all")
	f.StringVar(&c.Dir, "out", "mapstress-soak", "directory for soak.json, junit.xml and report.txt")
	f.Uint64Var(&c.Seed, "seed", 0, "seed of the schedules and their order; 0 is a random one, which is printed")
	f.StringSliceVar(&c.Scenarios, "scenario", nil, "scenarios to generate (default: all; see mapstress scenarios)")
	f.DurationVar(&c.ReplayTime, "replay-time", 10*time.Second, "longest time to replay one kept case; all together get a quarter of --duration")
	f.BoolVar(&c.Fresh, "fresh", false, "begin anew, even if the last soak was not finished")
	_ = cmd.RegisterFlagCompletionFunc("scenario", completeScenarios)
	return cmd
}

func checkSoak(c *mapstress.SoakConfig, durationGiven bool) error {
	switch {
	case durationGiven && c.Duration <= 0:
		return fmt.Errorf("--duration %v; want a time such as 30m or 8h", c.Duration)
	case c.ReplayTime <= 0:
		return fmt.Errorf("--replay-time %v; want a time such as 10s", c.ReplayTime)
	case c.Dir == "":
		return errors.New("--out is empty; want a directory")
	}
	return nil
}

// runSoak soaks, reporting as it goes, and then sums it up.
func (a *app) runSoak(ctx context.Context, c mapstress.SoakConfig) error {
	c.Story = func(c *corpus.Case) string { return story.Tell(c, story.Replay(c.File), false) }
	c.Summary = soakSummary
	c.OnProgress, c.Every = a.soakProgress, progressEvery(a)
	c.OnProblem = func(err error) { a.log.Warn().Msg(err.Error()) }
	if a.json {
		c.OnReplayed = a.replayed
		c.OnFinding = func(f mapstress.Finding) { a.emit("finding", findingJSON(f)) }
	} else {
		c.OnFinding = a.soakFinding
	}
	if len(c.Targets) == 1 {
		if err := a.match(ctx, c.Targets[0], mapstress.Build{}, a.stderr); err != nil {
			return err
		}
	}
	report, err := mapstress.Soak(ctx, c)
	if report == nil {
		return err
	}
	if a.json {
		a.emit("soak", report)
	} else {
		fmt.Fprint(a.stdout, soakText(report, story.Style(colored(a.stdout))))
	}
	switch {
	case err != nil:
		return brokenError{err}
	case report.Interrupted:
		return errInterrupted
	case report.Bugs()+report.Failing() > 0:
		return errFinding
	case report.Unreadable() > 0:
		return fmt.Errorf("%s not replayed, see %s", story.Plural(report.Unreadable(), "damaged case"), report.Files.JUnit)
	}
	return nil
}

// soakFinding says that something was found; then, once it is as small as it gets,
// it tells the story of a bug. The summary has those of a survey.
func (a *app) soakFinding(f mapstress.Finding) {
	if !f.Final {
		fmt.Fprintf(a.stderr, "soak: found %s in %s after %.1f s\n", story.Title(f.Verdict), f.Target, f.After.Seconds())
	} else if !f.Unsafe {
		fmt.Fprintln(a.stdout, story.Tell(f.Case, story.Replay(f.Path), story.Style(colored(a.stdout))))
	}
}

// progressEvery is how often to tell where a soak is: a log that nobody watches is
// to be read later.
func progressEvery(a *app) time.Duration {
	if f, ok := a.stderr.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return 3 * time.Second
	}
	return time.Minute
}

func (a *app) soakProgress(p mapstress.SoakProgress) {
	rate := float64(p.Tally.Runs) / max(p.Elapsed.Seconds(), 1e-9)
	fmt.Fprintf(a.stderr, "soak: elapsed: %v of %v, runs: %s (%s/s), overlapped: %s, deaths: %d, cases failing: %d, findings: %d, now: %s\n",
		time.Duration(p.Elapsed).Round(time.Second), time.Duration(p.Duration), story.Count(p.Tally.Runs), story.Count(uint64(rate)),
		story.Percent(p.Tally.Overlapped, p.Tally.Runs), p.Deaths, p.Failing, p.Findings, p.Doing)
}
