package main

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/internal/buggy"
	"github.com/mapstress/mapstress/internal/search"
)

// policies compares how soon searches find the planted bugs: a uniform one, a
// learning one that knows nothing yet, and a second one after that, which has its
// experience, but not its cases.
func policies(ctx context.Context, o *options) error {
	o.header("planted bug", "uniform", "learning", "ratio", "having learned", "ratio")
	for _, b := range o.bugs {
		var uniform, fresh, learned times
		for seed := range o.seeds {
			d, err := o.search(ctx, b, search.Config{Seed: uint64(seed + 1), Policy: search.Uniform})
			if err != nil {
				return err
			}
			uniform = append(uniform, d)
			first, second, err := o.twice(ctx, b, uint64(seed+1))
			if err != nil {
				return err
			}
			fresh, learned = append(fresh, first), append(learned, second)
		}
		o.row(b.Target.Name, uniform.String(), fresh.String(), fresh.against(uniform, o.limit),
			learned.String(), learned.against(uniform, o.limit))
	}
	return nil
}

// twice searches in an empty corpus, and again, with another seed and without the
// cases, in what is left of it.
func (o *options) twice(ctx context.Context, b buggy.Bug, seed uint64) (first, second time.Duration, err error) {
	dir, err := os.MkdirTemp("", "mapstress-figures-")
	if err != nil {
		return 0, 0, err
	}
	defer os.RemoveAll(dir)
	if first, err = o.search(ctx, b, search.Config{Seed: seed, Policy: search.Learning, Store: corpus.Open(dir)}); err != nil {
		return 0, 0, err
	}
	cases, err := filepath.Glob(filepath.Join(dir, "*", "*.txtar"))
	if err != nil {
		return 0, 0, err
	}
	for _, file := range cases {
		if err := os.Remove(file); err != nil {
			return 0, 0, err
		}
	}
	second, err = o.search(ctx, b, search.Config{Seed: seed + 1000, Policy: search.Learning, Store: corpus.Open(dir)})
	return first, second, err
}
