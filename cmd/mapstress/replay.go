package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/story"
)

func (a *app) replay() *cobra.Command {
	limits, how, page := mapstress.Limits{}, mapstress.Build{}, ""
	cmd := &cobra.Command{
		Use:   "replay CASE...",
		Short: "Run kept cases again: do they still fail?",
		Long: `Replay runs the schedule of each case again, until it has failed often enough or
the time is up, and says how many of the runs failed, with a 95 % interval for
the chance that one does. A directory stands for the cases in it.

The same schedule may come out differently each time: replay is statistical. It
exits with 1 if any case still fails. A case edited by hand is as good as another.`,
		Example: `  mapstress replay testdata/mapstress/map/1a2b3c4d.txtar
  mapstress replay --runs 100000 testdata/mapstress
  mapstress replay --page run.html testdata/mapstress/sync.Map/5e6f7a8b.txtar`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("replay what? Want at least one case's file, or a directory of cases")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if limits.Runs < 0 || limits.Time < 0 || limits.Failures < 0 {
				return errors.New("--runs, --time and --failures must not be negative")
			}
			cases, err := readCases(args)
			if err != nil {
				return err
			}
			if page != "" && len(cases) != 1 {
				return fmt.Errorf("--page is for one case; got %d", len(cases))
			}
			return a.replayAll(cmd.Context(), cases, limits, how, page)
		},
	}
	f := cmd.Flags()
	f.IntVar(&limits.Runs, "runs", 0, "end after that many runs of a case; 0 is no limit")
	f.IntVar(&limits.Failures, "failures", 50, "end after that many failing runs of a case; 0 is no limit")
	f.DurationVar(&limits.Time, "time", 10*time.Second, "end after that much time with a case; 0 is no limit")
	f.StringVar(&page, "page", "", "HTML file for the story of a run that failed, with a table of all its points if the case has decisions")
	buildFlags(cmd, &how)
	return cmd
}

// readCases reads every file before any is run: a damaged one should not show
// after minutes.
func readCases(args []string) (cases []*corpus.Case, err error) {
	for _, arg := range args {
		paths := []string{arg}
		if info, err := os.Stat(arg); err == nil && info.IsDir() {
			if paths, err = casesIn(arg); err != nil {
				return nil, err
			}
			if len(paths) == 0 {
				return nil, fmt.Errorf("%s: no cases (*.txtar) in this directory", arg)
			}
		}
		for _, path := range paths {
			c, err := corpus.ReadFile(path)
			if err != nil {
				return nil, err
			}
			cases = append(cases, c)
		}
	}
	return cases, nil
}

func casesIn(dir string) (paths []string, err error) {
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Ext(path) == ".txtar" {
			paths = append(paths, path)
		}
		return err
	})
	return paths, err
}

func (a *app) replayAll(ctx context.Context, cases []*corpus.Case, limits mapstress.Limits, how mapstress.Build, page string) error {
	if err := a.downloads(ctx, how.Go); err != nil {
		return err
	}
	failing := 0
	for i, c := range cases {
		r, err := mapstress.ReplayWith(ctx, c, limits, how)
		if r != nil {
			if i > 0 && !a.json {
				fmt.Fprintln(a.stdout)
			}
			a.replayed(r)
			if r.Failing() {
				failing++
				if page != "" {
					if err := a.writePage(page, r); err != nil {
						return err
					}
				}
			}
		}
		if ctx.Err() != nil {
			return errInterrupted
		}
		if err != nil {
			return sessionError(c, err)
		}
	}
	if len(cases) > 1 && !a.json {
		fmt.Fprintf(a.stdout, "\n%d of %s still failing\n", failing, story.Plural(len(cases), "case"))
	}
	if failing > 0 {
		return errFinding
	}
	return nil
}

// sessionError tells what is wrong with a case from what is wrong with us.
func sessionError(c *corpus.Case, err error) error {
	var refused *mapstress.RequestError
	var notBuilt *mapstress.BuildError
	if errors.As(err, &notBuilt) {
		return err
	}
	if _, unknown := mapstress.FindTarget(c.Target); unknown != nil || errors.As(err, &refused) {
		return err
	}
	return brokenError{err}
}

// replayed tells what came of one case.
func (a *app) replayed(r *mapstress.Replayed) {
	if a.json {
		a.emit("replay", replayJSON(r))
		return
	}
	s := story.Style(colored(a.stdout))
	c := r.Case
	fmt.Fprintf(a.stdout, "%s: %s in %s\n", c.File, story.Title(c.Verdict), c.Target)
	fmt.Fprintf(a.stdout, "  found in  %s: %s\n", c.Found, story.Reproduced(c))
	if r.Controlled {
		a.replayedControlled(r, s)
		return
	}
	fmt.Fprintf(a.stdout, "  ran in    %s: %s, %s overlapped\n", r.Here, r.Rate, story.Percent(r.Tally.Overlapped, r.Tally.Runs))
	for i := range r.Other {
		fmt.Fprintf(a.stdout, "  fails in another way, too: %s\n", s.Bad(story.Title(r.Other[i].Verdict)))
	}
	switch {
	case r.Found != nil:
		fmt.Fprintf(a.stdout, "  %s\n\n%s", s.Bad("still fails"), replayStory(r, s))
	case len(r.Other) > 0:
		fmt.Fprintf(a.stdout, "  %s, though not as it did\n\n%s", s.Bad("still fails"), replayStory(r, s))
	case r.Rate.Failed > 0:
		fmt.Fprintf(a.stdout, "  not confirmed: none of these failed again under atomic stamps\n")
	default:
		fmt.Fprintf(a.stdout, "  %s in these %s; that does not prove it mended\n", s.Good("did not fail"), story.Plural(int(r.Tally.Runs), "run"))
	}
}

// replayStory tells the story of a run that failed just now.
func replayStory(r *mapstress.Replayed, s story.Style) string {
	return story.Traced(failedNow(r), r.Trace, story.Replay(r.Case.File), s)
}

// failedNow is the case as it failed just now, in its own way if it did.
func failedNow(r *mapstress.Replayed) *corpus.Case {
	now := *r.Case
	f, rate := r.Found, r.Rate
	if f == nil {
		f, rate = &r.Other[0], corpus.Rate{Failed: int(r.Tally.Failed), Runs: r.Rate.Runs}
	}
	now.Verdict, now.History, now.Evidence, now.Reproduced, now.Found = f.Verdict, f.History, f.Evidence, rate, r.Here
	now.Verdict.Sequential = r.Case.Verdict.Sequential
	now.Shrunk.Rate = nil // of elsewhere and then: not to be compared with this one
	return &now
}

// writePage writes the story of a run that failed just now as a page.
func (a *app) writePage(file string, r *mapstress.Replayed) error {
	var page bytes.Buffer
	if err := story.Page(&page, failedNow(r), r.Trace, story.Replay(r.Case.File)); err != nil {
		return brokenError{err}
	}
	if err := os.WriteFile(file, page.Bytes(), 0o666); err != nil {
		return fmt.Errorf("--page: %w", err)
	}
	if !a.json {
		fmt.Fprintf(a.stdout, "drawn: %s\n", file)
	}
	return nil
}

// replayedControlled tells what came of a case whose decisions were followed.
func (a *app) replayedControlled(r *mapstress.Replayed, s story.Style) {
	fmt.Fprintf(a.stdout, "  ran in    %s: %s\n", r.Here, story.OfAll(r.Rate))
	too := ""
	if r.Rate.Failed > 0 {
		too = ", too"
	}
	for i := range r.Other {
		fmt.Fprintf(a.stdout, "  fails in another way%s: %s\n", too, s.Bad(story.Title(r.Other[i].Verdict)))
	}
	if r.Rate.Failed < r.Rate.Runs {
		fmt.Fprintf(a.stdout, "  not the same run each time, or another program than when it was found: %s\n", r.Ends())
	}
	if r.Found == nil {
		return
	}
	fmt.Fprintf(a.stdout, "  %s\n\n%s", s.Bad("still fails"), replayStory(r, s))
}
