package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/corpus"
)

func (a *app) shrink() *cobra.Command {
	var limit time.Duration
	var output string
	cmd := &cobra.Command{
		Use:   "shrink CASE",
		Short: "Make a case smaller",
		Long: `Shrink looks for a smaller schedule that still fails in the same way, and at least
about a quarter as often: fewer workers, ops, keys, less prefill, calmer timing. It
writes the result as a new case, and leaves the given one alone.`,
		Example: `  mapstress shrink testdata/mapstress/map/1a2b3c4d.txtar --time 1m
  mapstress shrink edited.txtar -o smaller.txtar`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("shrink takes one case's file; got %d arguments", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if limit <= 0 {
				return fmt.Errorf("--time %v; want a time such as 30s", limit)
			}
			c, err := corpus.ReadFile(args[0])
			if err != nil {
				return err
			}
			return a.shrinkCase(cmd.Context(), c, limit, output)
		},
	}
	cmd.Flags().DurationVar(&limit, "time", 30*time.Second, "longest time to shrink")
	cmd.Flags().StringVarP(&output, "output", "o", "", "file to write (default: beside CASE, named by its content)")
	return cmd
}

func (a *app) shrinkCase(ctx context.Context, c *corpus.Case, limit time.Duration, output string) error {
	last := time.Now()
	smaller, err := mapstress.Shrink(ctx, c, limit, func(s mapstress.Step) {
		if s.Accepted || time.Since(last) > 3*time.Second {
			last = time.Now()
			fmt.Fprintf(a.stderr, "shrink: %s: %s, %s, %s: %s\n", s.Pass, plural(len(s.Schedule.Workers), "worker"),
				plural(s.Schedule.Ops(), "op"), verdictOf(s), s.Rate)
		}
	})
	interrupted := ctx.Err() != nil
	switch {
	case errors.Is(err, mapstress.ErrNotFailing):
		fmt.Fprintf(a.stdout, "%s: %v\n", c.File, err)
		return nil
	case err != nil && !interrupted:
		return sessionError(c, err)
	}
	if output == "" {
		output = filepath.Join(filepath.Dir(c.File), smaller.ID()+".txtar")
	}
	if err := corpus.WriteFile(output, smaller); err != nil {
		return err
	}
	if a.json {
		a.emit("shrunk", findingJSON(mapstress.Finding{
			Target: c.Target, Unsafe: c.Unsafe, Verdict: smaller.Verdict, Final: true, Case: smaller, Path: output,
		}))
	} else {
		fmt.Fprint(a.stdout, story(smaller, output, style(colored(a.stdout))))
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
