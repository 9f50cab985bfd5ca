package main

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/mapstress/mapstress"
	"github.com/mapstress/mapstress/scenarios"
	"github.com/mapstress/mapstress/scheduler/strategy"
)

func (a *app) fuzz() *cobra.Command {
	c := mapstress.Config{Engine: mapstress.Auto}
	var seed uint64
	var keepGoing bool
	var toolchains []string
	cmd := &cobra.Command{
		Use:   "fuzz [TARGET...]",
		Short: "Search for schedules that make a target fail",
		Long: `Fuzz runs schedules against the targets, the built-in ones if none is named,
until the time is up. What it finds is confirmed, kept in the corpus, shrunk, and
reported with the command that replays it.

A target may also be any map: a package, by its directory or import path, with the
version of its module if it is not of the one at hand, a space, and an expression
that makes a map. Its methods are matched by name and signature, and what was made
of them is told first.

Several such maps, or several toolchains, are searched one after the other, each as
long as --duration says, with the same seed, and so by the same schedules. A table at
the end compares them.

Each bug is then tried in controlled runs, in which one worker at a time goes on as is
decided, so that there is a case that fails every time, and a table of who stopped
where. A search of 40 s or more, or of 12 s where such children were built before, makes
controlled runs beside the free ones, too, and free ones whose workers are disturbed in
the midst of ops, as --noise has them.
--engine stress leaves all of that out.

Findings on a target that is documented as unsafe, such as the built-in map, are
a survey, as on one of another module that says nothing and has no lock. On any other
they are bugs, and make the exit code 1.`,
		Example: `  mapstress fuzz --duration 30s
  mapstress fuzz sync.Map striped --duration 10m --seed 7
  mapstress fuzz 'github.com/puzpuzpuz/xsync/v3@v3.0.0 NewMapOf[int,int]()'
  mapstress fuzz './internal/cache New[string,*Entry](cache.WithShards(8))'
  mapstress fuzz 'sync Map' --go go1.24rc1,go1.26.8
  mapstress fuzz map --scenario growth-burst --runs 100000 --json
  mapstress fuzz 'github.com/puzpuzpuz/xsync/v4@v4.5.0 NewMap[int,int]()' --without clear
  mapstress fuzz striped --policy learning --explain-search
  mapstress fuzz buggy-check-then-act --engine controlled --stop-on-finding`,
		ValidArgsFunction: completeTargets,
		RunE: func(cmd *cobra.Command, targets []string) error {
			c.Targets, c.Corpus, c.Seed = targets, a.corpus, seed
			if !cmd.Flags().Changed("seed") {
				c.Seed = randomSeed()
			}
			if err := checkFuzz(&c, cmd.Flags().Changed("runs")); err != nil {
				return err
			}
			if c.StopOnFinding && keepGoing {
				return errors.New("--stop-on-finding and --keep-going exclude each other")
			}
			if c.Runs > 0 && !cmd.Flags().Changed("duration") {
				c.Duration = 0
			}
			return a.searches(cmd.Context(), c, toolchains)
		},
	}
	f := cmd.Flags()
	f.DurationVar(&c.Duration, "duration", time.Minute, "how long to search; 0 is until interrupted")
	f.Uint64Var(&c.Runs, "runs", 0, "end after that many runs of each target; 0 is never")
	f.Uint64Var(&seed, "seed", 0, "seed of the schedules (default: a random one, which is printed)")
	f.StringSliceVar(&c.Scenarios, "scenario", nil, "scenarios to generate (default: all; see mapstress scenarios)")
	f.StringSliceVar(&c.Without, "without", nil, "ops not to call, such as clear, whose bugs are known or do not matter: mapstress targets TARGET lists them")
	f.DurationVar(&c.ShrinkTime, "shrink-time", 0, "longest time to shrink one finding; 0 is 5s, or a tenth of --duration if that is less; with --stop-on-finding 5s, and 15s by controlled runs; negative is not at all")
	f.BoolVar(&c.StopOnFinding, "stop-on-finding", false, "end at the first bug, once it is shrunk")
	f.BoolVar(&c.Explain, "explain-search", false, "report what each scenario, shape and way of disturbing the workers bought")
	f.Var(&c.Policy, "policy", "uniform: each setting in its usual share, so that the same seed tries the same schedules; learning: half of the tries follow what pays, from what earlier searches learned on")
	f.Var(&c.Engine, "engine", "stress: workers run free, in parallel; controlled: one at a time on schedules of a few ops, so that what is found replays every time; auto: stress, and each bug is then tried in controlled runs, for 10s at most, which a longer search makes beside its own, too (controlled runs take the go command, and a build of some 20 s the first time)")
	f.Var(&c.Strategy, "strategy", "who decides in controlled runs: "+strings.Join(strategy.Names(), ", ")+" (usual: the first five of the others, in turn)")
	f.BoolVar(&c.Noise, "noise", false, "have workers that run free disturbed in the midst of ops, too, at accesses to memory (it takes the build that controlled runs take)")
	f.StringSliceVar(&toolchains, "go", nil, "Go toolchains to build the target with, such as go1.24.6; downloaded if need be (default: the one at hand)")
	f.BoolVar(&c.Build.Race, "race", false, "build the target with the race detector, which needs cgo")
	f.BoolVar(&keepGoing, "keep-going", false, "search on after a bug (the default)")
	_ = cmd.RegisterFlagCompletionFunc("scenario", completeScenarios)
	_ = cmd.RegisterFlagCompletionFunc("engine", cobra.FixedCompletions([]string{mapstress.Auto.String(), mapstress.Stress.String(), mapstress.Controlled.String()}, cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("strategy", cobra.FixedCompletions(strategy.Names(), cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("policy", cobra.FixedCompletions([]string{mapstress.Uniform.String(), mapstress.Learning.String()}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func checkFuzz(c *mapstress.Config, runsGiven bool) error {
	if c.Duration < 0 {
		return fmt.Errorf("--duration %v is negative; want a time such as 30s or 10m, or 0 for no end", c.Duration)
	}
	if c.Engine == mapstress.Controlled && len(c.Scenarios) > 0 {
		return errors.New("--scenario is for --engine stress; controlled runs have schedules of their own, of a few ops")
	}
	if c.Engine == mapstress.Controlled && c.Build.Race {
		return errors.New("--race is for --engine stress; controlled runs find data races by themselves")
	}
	if err := c.Strategy.Check(c.Engine); err != nil {
		return err
	}
	if c.Noise && c.Engine == mapstress.Controlled {
		return errors.New("--noise is for workers that run free; in controlled runs one goes on at a time")
	}
	if c.Noise && c.Build.Race {
		return errors.New("--noise and --race exclude each other: its hooks are in the place of the race detector")
	}
	if runsGiven && c.Runs == 0 {
		return errors.New("--runs 0 would run nothing; want at least 1")
	}
	return nil
}

func randomSeed() uint64 {
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic("mapstress: no random seed: " + err.Error())
	}
	return binary.LittleEndian.Uint64(b[:]) >> 11 // short enough to type, and exact in JSON
}

func completeTargets(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, t := range mapstress.Targets() {
		names = append(names, t.Name+"\t"+t.Doc)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func completeScenarios(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, s := range scenarios.All() {
		names = append(names, s.Name+"\t"+s.Doc)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
