package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/story"
)

func (a *app) shrink() *cobra.Command {
	config := mapstress.ShrinkConfig{}
	var output string
	cmd := &cobra.Command{
		Use:   "shrink CASE",
		Short: "Make a case smaller",
		Long: `Shrink looks for a smaller schedule that still fails in the same way: fewer workers,
ops, keys, less prefill, simpler methods, calmer timing. It writes the result as a new
case, after each step, and leaves the given one alone. A case that ran out of time
goes on where it stopped.

What is smaller often fails more seldom. By default the result keeps half of the rate
of the schedule as it was found, and less only if that makes it shorter and it still
fails twenty times a second, down to a hundredth; if so, that is said. --min-rate 0.5
keeps half in any case, and --min-rate 0.001 takes what is smallest.`,
		Example: `  mapstress shrink testdata/mapstress/map/1a2b3c4d.txtar --time 1m
  mapstress shrink edited.txtar --min-rate 0.5 -o smaller.txtar`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("shrink takes one case's file; got %d arguments", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if config.Time <= 0 {
				return fmt.Errorf("--time %v; want a time such as 30s", config.Time)
			}
			if r := config.MinRate; !(r >= 0 && r <= 1) || r == 0 && cmd.Flags().Changed("min-rate") {
				return fmt.Errorf("--min-rate %v; want a share of the found rate, above 0 and at most 1", r)
			}
			c, err := corpus.ReadFile(args[0])
			if err != nil {
				return err
			}
			return a.shrinkCase(cmd.Context(), c, config, output)
		},
	}
	cmd.Flags().DurationVar(&config.Time, "time", 30*time.Second, "longest time to shrink")
	cmd.Flags().Float64Var(&config.MinRate, "min-rate", 0, "least rate of the result, as a share of the found one (default: a half, or less where that is useful)")
	cmd.Flags().StringVarP(&output, "output", "o", "", "file to write (default: beside CASE, named by its content)")
	return cmd
}

// An output is where the smaller and smaller cases of a shrink go, each in place of
// the one before.
type output struct {
	given   *corpus.Case
	named   string // by the user; empty if cases are named by their content
	path    string // of the last one; empty if there is none yet
	problem error  // the last write's
}

func (o *output) write(c *corpus.Case) {
	path := o.named
	if path == "" {
		path = filepath.Join(filepath.Dir(o.given.File), c.ID()+".txtar")
	}
	if o.problem = corpus.WriteFile(path, c); o.problem != nil {
		return
	}
	if o.path != "" && o.path != path && o.path != filepath.Clean(o.given.File) {
		o.problem = os.Remove(o.path)
	}
	o.path = path
}

func (a *app) shrinkCase(ctx context.Context, c *corpus.Case, config mapstress.ShrinkConfig, named string) error {
	last := time.Now()
	config.Tried = func(s mapstress.Step) {
		if s.Accepted || time.Since(last) > 3*time.Second {
			last = time.Now()
			fmt.Fprintf(a.stderr, "shrink: %s: %s, %s, %s: %s\n", s.Pass, story.Plural(len(s.Schedule.Workers), "worker"),
				story.Plural(s.Schedule.Ops(), "op"), verdictOf(s), s.Rate)
		}
	}
	out := &output{given: c, named: named}
	config.Save = out.write
	smaller, err := mapstress.Shrink(ctx, c, config)
	interrupted := ctx.Err() != nil
	switch {
	case errors.Is(err, mapstress.ErrNotFailing):
		fmt.Fprintf(a.stdout, "%s: %v\n", c.File, err)
		return nil
	case err != nil && !interrupted:
		return sessionError(c, err)
	}
	if out.write(smaller); out.problem != nil {
		return out.problem
	}
	if a.json {
		a.emit("shrunk", findingJSON(mapstress.Finding{
			Target: c.Target, Unsafe: c.Unsafe, Verdict: smaller.Verdict, Final: true, Case: smaller, Path: out.path,
		}))
	} else {
		fmt.Fprint(a.stdout, story.Tell(smaller, story.Replay(out.path), story.Style(colored(a.stdout))))
	}
	if interrupted {
		return errInterrupted
	}
	return errFinding
}

func verdictOf(s mapstress.Step) string {
	if s.Accepted {
		return "kept"
	}
	return "refused"
}
