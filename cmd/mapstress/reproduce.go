package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/story"
)

// A reproducer object is a program that was written, and what came of running it.
type reproducerObject struct {
	Case     string       `json:"case"`
	Target   string       `json:"target"`
	Path     string       `json:"path"`
	Rate     *corpus.Rate `json:"rate,omitempty"`     // of its starts
	Interval *[2]float64  `json:"interval,omitempty"` // 95 %
}

func (a *app) reproduce() *cobra.Command {
	var output string
	var limit time.Duration
	cmd := &cobra.Command{
		Use:   "reproduce CASE",
		Short: "Write a case as a program that needs no mapstress",
		Long: `Reproduce writes one Go file that makes the map, calls its own methods as the case's
schedule does, again and again until it fails, and says what was wrong. It needs the
map's module and the standard library: something to put in a bug report. Its head has
the versions, what was promised, what happened, and how to run it.

Then the program is built and started five times, to see how often it fails within
--try; it exits with 1 if it failed, as a replay does. --try 0 leaves that out.

fuzz writes such a file beside each case of a map that is named by an expression.`,
		Example: `  mapstress reproduce testdata/mapstress/sync_Map/1a2b3c4d.txtar
  mapstress reproduce 1a2b3c4d.txtar -o main.go --try 0`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("reproduce takes one case's file; got %d arguments", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if limit < 0 {
				return fmt.Errorf("--try %v is negative; want a time such as 30s, or 0", limit)
			}
			c, err := corpus.ReadFile(args[0])
			if err != nil {
				return err
			}
			if output == "" {
				output = mapstress.ReproducerPath(args[0])
			}
			return a.reproduceCase(cmd.Context(), c, output, limit)
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "file to write (default: beside CASE, with .go for .txtar)")
	cmd.Flags().DurationVar(&limit, "try", time.Minute, "longest time to run the program; 0 is not at all")
	return cmd
}

func (a *app) reproduceCase(ctx context.Context, c *corpus.Case, output string, limit time.Duration) error {
	r, err := mapstress.Reproduce(ctx, c)
	if err == nil {
		err = corpus.WriteBeside(output, r.Source)
	}
	switch {
	case ctx.Err() != nil:
		return errInterrupted
	case err != nil:
		return fmt.Errorf("%s: %w", c.File, err)
	}
	object := reproducerObject{Case: c.File, Target: c.Target, Path: output}
	var trial mapstress.Trial
	if limit > 0 {
		if trial, err = r.Try(ctx, limit); err == nil {
			err = corpus.WriteBeside(output, r.Source)
		}
		if ctx.Err() != nil {
			return errInterrupted
		}
		if err != nil {
			return fmt.Errorf("%s: %w", output, err)
		}
		low, high := trial.Interval()
		object.Rate, object.Interval = &trial.Rate, &[2]float64{low, high}
	}
	if a.json {
		a.emit("reproducer", object)
	} else {
		a.tried(output, limit, &trial)
	}
	if trial.Failed > 0 {
		return errFinding
	}
	return nil
}

// tried tells what came of running the program.
func (a *app) tried(path string, limit time.Duration, t *mapstress.Trial) {
	fmt.Fprintf(a.stdout, "written: %s\n", path)
	if limit == 0 {
		return
	}
	s := story.Style(colored(a.stdout))
	per := time.Duration(0)
	if t.Runs > 0 {
		per = t.Time / time.Duration(t.Runs)
	}
	switch {
	case t.Failed > 0:
		fmt.Fprintf(a.stdout, "  %s in %d of %s, %.2g s each; the first one said\n\n", s.Bad("fails"), t.Failed, story.Plural(t.Runs, "start"), per.Seconds())
		lines := strings.Split(strings.TrimSpace(t.Output), "\n")
		for _, line := range lines[:min(len(lines), 20)] {
			fmt.Fprintf(a.stdout, "  %s\n", line)
		}
	case t.Cut:
		fmt.Fprintf(a.stdout, "  did not fail within %v; the schedule fails in mapstress, so it may take longer\n", limit)
	default:
		fmt.Fprintf(a.stdout, "  did not fail in %s\n", story.Plural(t.Runs, "start"))
	}
}
