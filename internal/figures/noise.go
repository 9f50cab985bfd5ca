package main

import (
	"context"
	"fmt"
)

// rare are published maps with known bugs that free runs meet seldom.
var rare = []string{
	"github.com/puzpuzpuz/xsync@v1.0.2 NewMap()",
	"github.com/puzpuzpuz/xsync/v3@v3.0.0 NewMap()",
	published,
}

// noise compares searches with workers that are disturbed between ops with those in which they
// are disturbed within, too: the share of runs that failed, failures by second of CPU time, and when
// the first one came. Nothing is shrunk.
func noise(ctx context.Context, o *options) error {
	command, remove, err := buildCommand(ctx)
	if err != nil {
		return err
	}
	defer remove()
	var names []string
	for _, b := range o.bugs {
		names = append(names, b.Target.Name)
	}
	if len(names) > 1 {
		names = append(names, rare...)
	}
	o.header("target", "between ops: runs that fail", "by CPU second", "first", "within: runs that fail", "by CPU second", "first")
	for _, name := range names {
		var all [2]engineResult
		for i, within := range []string{"--noise=false", "--noise"} {
			for seed := range o.seeds {
				if err := all[i].add(ctx, command, name, seed+1, o.limit, "--shrink-time", "-1s", "--engine", "stress", within); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
			}
		}
		between, within := &all[0], &all[1]
		o.row(name, between.share(), between.rate(), between.first.String(), within.share(), within.rate(), within.first.String())
	}
	return nil
}
