package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/internal/story"
	"github.com/mapstress/mapstress/scenarios"
)

func (a *app) explore() *cobra.Command {
	c := mapstress.ExploreConfig{Preemptions: mapstress.AnyPreemptions}
	var kinds []string
	cmd := &cobra.Command{
		Use:   "explore TARGET",
		Short: "Make every run of every small schedule",
		Long: `Explore takes all schedules of a few ops, and makes of each all runs there are with
one worker at a time, but for those that are equivalent to another. It ends at the
first bug, which is kept as a case that fails every time; a target that it is through
with is right for these ops, as far as interleavings go (docs/controlled.md says
under which conditions).

A preemption is a switch from a worker that could have gone on. Of long schedules,
--preemptions 1 or 2 comes to an end where all runs would not; of short ones it makes all
runs there are if these are as few.

The target may be a map of a published module, as for mapstress fuzz.`,
		Example: `  mapstress explore sync.Map
  mapstress explore sync.Map --keys 2 --prefill 1 --json
  mapstress explore sync.Map --lock-free-reads
  mapstress explore striped --op load,store,len --workers 3 --ops 1
  mapstress explore 'github.com/puzpuzpuz/xsync/v4@v4.5.0 NewMap[int,int]()' --preemptions 3`,
		ValidArgsFunction: completeTargets,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("explore what? Want one target; got %d arguments", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, word := range kinds {
				k, err := history.ParseKind(word)
				if err != nil {
					return fmt.Errorf("--op: %w", err)
				}
				c.Kinds = append(c.Kinds, k)
			}
			c.Corpus = a.corpus
			if err := checkExplore(&c); err != nil {
				return err
			}
			return a.exploreTarget(cmd.Context(), args[0], c)
		},
	}
	f := cmd.Flags()
	f.IntVar(&c.Workers, "workers", 2, "workers, 1 to 4")
	f.IntVar(&c.Ops, "ops", 2, "ops of each worker, 1 to 4")
	f.IntVar(&c.Keys, "keys", 1, "keys that the ops have, 1 to 3")
	f.IntVar(&c.Prefill, "prefill", 0, "entries before the workers start; the ops then have the last of them, and keys that are new, up to 1000")
	f.StringSliceVar(&kinds, "op", nil, "ops to call (default: "+strings.Join(basic(), ",")+")")
	f.Var((*preemptions)(&c.Preemptions), "preemptions", "preemptions of a run, at most; any is no bound")
	f.DurationVar(&c.Duration, "duration", time.Minute, "longest time to explore; 0 is until all is explored")
	f.Uint64Var(&c.Seed, "seed", 1, "seed of what the target draws: hash seeds, the cases of a select")
	f.BoolVar(&c.LockFreeReads, "lock-free-reads", false, "hold load to returning wherever another worker has stopped in the midst of an op, even if the target does not promise it")
	f.IntVar(&c.From, "from", 0, "schedules to leave out at first, as an exploration that was not through with all has told")
	f.BoolVar(&c.KeepGoing, "keep-going", false, "explore the other schedules, too, after a bug")
	_ = cmd.RegisterFlagCompletionFunc("op", cobra.FixedCompletions(kindWords(history.Kinds()), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func basic() []string { return kindWords(scenarios.Basic) }

func kindWords(kinds []history.Kind) (words []string) {
	for _, k := range kinds {
		words = append(words, k.String())
	}
	return words
}

// preemptions is a number, or "any".
type preemptions int

func (p *preemptions) String() string {
	if *p < 0 {
		return "any"
	}
	return strconv.Itoa(int(*p))
}

func (p *preemptions) Set(text string) error {
	if text == "any" {
		*p = mapstress.AnyPreemptions
		return nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 1000 {
		return fmt.Errorf("%q; want a number from 0 to 1000, or any", text)
	}
	*p = preemptions(n)
	return nil
}

func (p *preemptions) Type() string { return "number" }

func checkExplore(c *mapstress.ExploreConfig) error {
	for _, f := range []struct {
		name       string
		value      int
		least, max int
	}{{"from", c.From, 0, 1 << 20}, {"workers", c.Workers, 1, 4}, {"ops", c.Ops, 1, 4}, {"keys", c.Keys, 1, 3}, {"prefill", c.Prefill, 0, 1000}} {
		if f.value < f.least || f.value > f.max {
			return fmt.Errorf("--%s %d; want %d to %d", f.name, f.value, f.least, f.max)
		}
	}
	if c.Duration < 0 {
		return fmt.Errorf("--duration %v is negative; want a time such as 30s, or 0 for no end", c.Duration)
	}
	return nil
}

func (a *app) exploreTarget(ctx context.Context, name string, c mapstress.ExploreConfig) error {
	if err := a.match(ctx, name, mapstress.Build{}, a.stderr); err != nil {
		return err
	}
	out := a.reporter("explore", c.Seed, mapstress.Build{})
	c.OnFinding = out.finding
	c.OnProblem = func(err error) { a.log.Warn().Msg(err.Error()) }
	c.OnProgress = func(e mapstress.Explored) {
		fmt.Fprintf(a.stderr, "explore: elapsed: %v, schedules: %s of %s%s, runs: %s, findings: %d\n", time.Duration(e.Elapsed).Round(time.Second),
			story.Count(uint64(e.Explored)), story.Count(uint64(e.Schedules-e.From)), left(&e), story.Count(e.Tally.Runs), len(e.Findings))
	}
	e, err := mapstress.Explore(ctx, name, c)
	if e == nil {
		if ctx.Err() != nil {
			return errInterrupted
		}
		return err
	}
	if err != nil && e.Tally.Runs == 0 { // nothing to sum up
		return brokenError{err}
	}
	if a.json {
		a.emit("explored", exploredObject{*e, c.Workers, c.Ops, c.Keys, c.Prefill, kindsOf(c.Bounds)})
	} else {
		a.explored(e, c.Bounds)
	}
	switch {
	case err != nil:
		return brokenError{err}
	case e.Interrupted:
		return errInterrupted
	case len(e.Findings) > 0 && !e.Unsafe:
		return errFinding
	}
	return nil
}

// left is how long the rest will take, at the rate of what is done. Schedules differ, so it is rough.
func left(e *mapstress.Explored) string {
	done := e.Next - e.From
	if done == 0 {
		return ""
	}
	rest := time.Duration(float64(e.Elapsed) * float64(e.Schedules-e.Next) / float64(done))
	switch {
	case rest > 100*time.Hour:
		return fmt.Sprintf(" (some %d days to go)", rest/(24*time.Hour))
	case rest > time.Minute:
		return " (some " + strings.TrimSuffix(rest.Round(time.Minute).String(), "0s") + " to go)"
	}
	return " (some " + rest.Round(time.Second).String() + " to go)"
}

// An explored object has the bounds, too.
type exploredObject struct {
	mapstress.Explored
	Workers int            `json:"workers"`
	Ops     int            `json:"ops"`
	Keys    int            `json:"keys"`
	Prefill int            `json:"prefill"`
	Kinds   []history.Kind `json:"kinds"`
}

func kindsOf(b scenarios.Bounds) []history.Kind {
	if b.Kinds == nil {
		return scenarios.Basic
	}
	return b.Kinds
}

// explored sums it up.
func (a *app) explored(e *mapstress.Explored, b scenarios.Bounds) {
	s := story.Style(colored(a.stdout))
	fmt.Fprintf(a.stdout, "%s   %s\n", s.Bold(e.Target), b)
	verdict := s.Good("explored completely")
	switch {
	case len(e.Findings) > 0:
		verdict = s.Bad(story.Plural(len(e.Findings), "finding"))
	case !e.Whole():
		verdict = s.Bad("not explored completely")
	}
	up := "at any number of preemptions"
	if e.Preemptions >= 0 {
		up = "up to " + story.Plural(e.Preemptions, "preemption")
	}
	behind := ""
	if e.From > 0 {
		behind = " behind the first " + story.Count(uint64(e.From))
	}
	fmt.Fprintf(a.stdout, "  %s: %s of %s schedules%s, %s; in %s of them more would show nothing new\n", verdict,
		story.Count(uint64(e.Explored)), story.Count(uint64(e.Schedules-e.From)), behind, up, story.Count(uint64(e.Complete)))
	fmt.Fprintf(a.stdout, "  %s runs, %s of them equivalent to others, %s at most of one schedule; %.1f s of CPU   %s\n",
		story.Count(e.Tally.Runs), story.Count(e.Redundant), story.Count(e.Most), e.CPU.Seconds(), e.Environment)
	if e.Stops > 0 && len(e.Findings) == 0 {
		fmt.Fprintf(a.stdout, "  loads returned while another worker was stopped, at each of %s points\n", story.Count(uint64(e.Stops)))
	}
	if e.Tally.Unknown > 0 {
		fmt.Fprintf(a.stdout, "  undecided: %s, neither clean nor failing\n", story.Plural(e.Tally.Unknown, "run"))
	}
	for _, doubt := range e.Doubts {
		fmt.Fprintf(a.stdout, "  not counted: %s\n", doubt)
	}
	if e.Next > e.From && e.Next < e.Schedules && len(e.Findings) == 0 {
		fmt.Fprintf(a.stdout, "  to go on: --from %d%s\n", e.Next, left(e))
	}
	if e.Interrupted {
		fmt.Fprintln(a.stdout, "  interrupted: this is what there was by then")
	}
}
