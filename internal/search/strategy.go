package search

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/mapstress/mapstress/scheduler/controlled"
	"github.com/mapstress/mapstress/scheduler/strategy"
)

// A Strategy names who decides in controlled runs which worker goes on: one of
// strategy.Names. The zero Strategy is strategy.Usual: several, in turn.
type Strategy string

// String returns the strategy's name.
func (s *Strategy) String() string { return cmp.Or(string(*s), strategy.Usual) }

// Set takes the strategy of that name: it makes a Strategy the value of a flag.
func (s *Strategy) Set(name string) error {
	if strategy.Named(name, 0) == nil {
		return fmt.Errorf("unknown strategy %q; want one of %s", name, strings.Join(strategy.Names(), ", "))
	}
	*s = Strategy(name)
	return nil
}

// Type names what Set takes.
func (s *Strategy) Type() string { return "strategy" }

// Check reports whether there is such a strategy, and whether an engine has a use for it.
func (s Strategy) Check(e Engine) error {
	if s == "" {
		return nil
	}
	if e == Stress {
		return fmt.Errorf("strategy %s is for controlled runs; workers that run free have none", string(s))
	}
	return s.Set(string(s))
}

// A StrategyAccount is what the controlled runs of a search came to by one strategy. Where it
// shares runs with others, only First and what is per run or CPU second can be compared.
type StrategyAccount struct {
	Strategy string   `json:"strategy"`
	Runs     uint64   `json:"runs"`
	Failed   uint64   `json:"failed"`
	CPU      Duration `json:"cpu"`
	First    int      `json:"first"` // findings that were first found by it
}

// strategies are the accounts of those strategies that made a run.
func (t *state) strategies() (all []StrategyAccount) {
	for i, share := range t.shares {
		if share.Runs == 0 {
			continue
		}
		a := StrategyAccount{Strategy: strategy.Name(i), Runs: share.Runs, Failed: share.Failed, CPU: Duration(share.Nanos)}
		for _, f := range t.report.Findings {
			if f.Strategy == a.Strategy {
				a.First++
			}
		}
		all = append(all, a)
	}
	return all
}

// strategyOf returns who made the run that is to be made again.
func strategyOf(recipe string) string {
	r, err := controlled.ParseRecipe(recipe)
	if err != nil {
		return ""
	}
	return r.Strategy
}
