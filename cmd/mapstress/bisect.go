package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/spf13/cobra"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/story"
)

// A bisect object is what a bisection came to.
type bisectObject struct {
	Case   string `json:"case"`
	Target string `json:"target"`
	From   string `json:"from"`
	To     string `json:"to"`
	*mapstress.Bisected
	Problem string `json:"problem,omitempty"` // why there is no outcome
}

func (a *app) bisect() *cobra.Command {
	config := mapstress.BisectConfig{}
	cmd := &cobra.Command{
		Use:   "bisect TARGET CASE --from VERSION --to VERSION",
		Short: "Find the version with which a case begins to fail, or ceases to",
		Long: `Bisect runs a case with versions of a map's module, or with Go toolchains, halving what
is left between one that fails and one that does not. TARGET is a package and an
expression, as for fuzz, without a version; across major versions the import path
changes with them. Versions that do not build, or lack a method, are skipped, and named.

One run that fails in the same way, and is confirmed, makes a version bad. For a good
one there are as many runs as it takes to miss the bug once in 1000 times, if it fails
half as often as with the bad end; or fewer, if --time is over, and then that is said.

It exits with 1 if the case fails with the later of the two.`,
		Example: `  mapstress bisect 'github.com/puzpuzpuz/xsync/v3 NewMap()' 1a2b3c4d.txtar --from v2.5.1 --to v3.0.1
  mapstress bisect 'sync Map' 1a2b3c4d.txtar --from go1.23.12 --to go1.24.0`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return fmt.Errorf("bisect takes a target and a case's file; got %d arguments", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if config.From == "" || config.To == "" {
				return errors.New("bisect between what? Want --from and --to, such as --from v2.5.1 --to v3.0.1")
			}
			if config.Time <= 0 {
				return fmt.Errorf("--time %v; want a time such as 1m", config.Time)
			}
			c, err := corpus.ReadFile(args[1])
			if err != nil {
				return err
			}
			config.Target = args[0]
			return a.bisectCase(cmd.Context(), c, config)
		},
	}
	f := cmd.Flags()
	f.StringVar(&config.From, "from", "", "earlier version, such as v2.5.1 or go1.23.12")
	f.StringVar(&config.To, "to", "", "later version")
	f.DurationVar(&config.Time, "time", time.Minute, "longest time to run the case with one version")
	return cmd
}

func (a *app) bisectCase(ctx context.Context, c *corpus.Case, config mapstress.BisectConfig) error {
	config.OnVersions = func(n int) {
		fmt.Fprintf(a.stderr, "bisect: %s from %s to %s\n", story.Plural(n, "version"), config.From, config.To)
	}
	done := func() {}
	config.OnStart = func(version string, download bool) {
		if download {
			fmt.Fprintf(a.stderr, "bisect: %s: downloading it\n", version)
		}
		done = a.busy("bisect: "+version+": building and running it", !download)
	}
	config.OnProbe = func(p mapstress.BisectProbe) {
		done()
		done = func() {}
		fmt.Fprintf(a.stderr, "bisect: %s: %s\n", p.Version, probed(p))
	}
	r, err := mapstress.Bisect(ctx, c, config)
	done()
	alike := errors.Is(err, mapstress.ErrBothFail) || errors.Is(err, mapstress.ErrNeitherFail)
	switch {
	case ctx.Err() != nil:
		return errInterrupted
	case err != nil && !alike:
		return err
	case a.json:
		object := bisectObject{Case: c.File, Target: config.Target, From: config.From, To: config.To, Bisected: r}
		if alike {
			object.Problem = err.Error()
		}
		a.emit("bisect", object)
	case alike:
		fmt.Fprintf(a.stdout, "%s: %v %s and %s\n", c.File, err, config.From, config.To)
	default:
		a.bisected(c, r)
	}
	if errors.Is(err, mapstress.ErrBothFail) || !alike && r.What == "bad" {
		return errFinding
	}
	return nil
}

// probed says what came of a version.
func probed(p mapstress.BisectProbe) string {
	switch p.State {
	case "skipped":
		return "skipped: " + p.Why
	case "bad":
		return "fails, " + p.Rate.String()
	}
	return fmt.Sprintf("did not fail in %s%s", story.Plural(p.Rate.Runs, "run"), odds(p.Wrong))
}

// odds says how likely it is to be wrong.
func odds(wrong float64) string {
	switch {
	case wrong <= 0:
		return ""
	case wrong > 0.5:
		return "; too few to tell"
	}
	return fmt.Sprintf("; wrong once in %s times", story.Count(uint64(math.Round(1/wrong))))
}

// bisected tells the outcome.
func (a *app) bisected(c *corpus.Case, r *mapstress.Bisected) {
	s := story.Style(colored(a.stdout))
	what, before := s.Bad("fails"), "did not fail"
	if r.What == "good" {
		what, before = s.Good("does not fail"), "still fails"
	}
	fmt.Fprintf(a.stdout, "%s: %s with %s and later; %s, before it, %s\n", c.File, what, s.Bold(r.First), r.Last, before)
	if len(r.Skipped) > 0 {
		fmt.Fprintf(a.stdout, "  between them, and skipped:")
		for _, v := range r.Skipped {
			fmt.Fprintf(a.stdout, " %s", v)
		}
		fmt.Fprintln(a.stdout)
	}
	fmt.Fprintf(a.stdout, "  %s tested%s at most, if the bug fails half as often as it was seen to at least\n", story.Plural(len(r.Probes), "version"), odds(r.Wrong))
}
