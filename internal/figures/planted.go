package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/mapstress/mapstress/internal/buggy"
	"github.com/mapstress/mapstress/internal/child/wire"
	"github.com/mapstress/mapstress/internal/search"
)

// planted compares a search with the hand-written loop, with and without the race
// detector, each for the same time at most, one after the other.
func planted(ctx context.Context, o *options) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	racing, remove, err := buildRacing(ctx)
	if err != nil {
		return err
	}
	defer remove()
	o.header("planted bug", "mapstress fuzz", "loop", "ratio", "loop, -race", "ratio")
	for _, b := range o.bugs {
		var searched, looped, raced times
		for seed := range o.seeds {
			d, err := o.search(ctx, b, search.Config{Seed: uint64(seed + 1)})
			if err != nil {
				return err
			}
			searched = append(searched, d)
			for _, by := range []struct {
				program string
				times   *times
			}{{program, &looped}, {racing, &raced}} {
				d, err := o.loop(ctx, by.program, b, seed+1)
				if err != nil {
					return err
				}
				*by.times = append(*by.times, d)
			}
		}
		o.row(b.Target.Name, searched.String(), looped.String(), searched.against(looped, o.limit),
			raced.String(), searched.against(raced, o.limit))
	}
	return nil
}

// search searches a bug's map, and returns when it was first found, confirmed.
func (o *options) search(ctx context.Context, b buggy.Bug, c search.Config) (time.Duration, error) {
	var err error
	if c.Child, err = children(); err != nil {
		return 0, err
	}
	c.Targets = []wire.Description{search.Describe(&b.Target)}
	c.Duration, c.ShrinkTime, c.StopOnFinding = o.limit, -1, true
	report, err := search.Run(ctx, c)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return 0, err
	}
	found := time.Duration(missed)
	for _, f := range report.Targets[0].Findings {
		if !b.Expect.Met(f.Verdict) {
			return 0, fmt.Errorf("%s, seed %d: found %v; want %v", b.Target.Name, c.Seed, f.Verdict, b.Expect)
		}
		if after := time.Duration(f.After); found == missed || after < found {
			found = after
		}
	}
	return found, nil
}

// loop runs the hand-written loop in a process, which whatever is found ends.
func (o *options) loop(ctx context.Context, program string, b buggy.Bug, seed int) (time.Duration, error) {
	cmd := exec.CommandContext(ctx, program, "loop", "-only", b.Target.Name, "-seed", strconv.Itoa(seed), "-time", o.limit.String())
	cmd.Env = append(os.Environ(), "GORACE=halt_on_error=1 atexit_sleep_ms=0")
	started := time.Now()
	out, err := cmd.CombinedOutput()
	took := time.Since(started)
	var failed *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return 0, ctx.Err()
	case err == nil:
		return missed, nil
	case errors.As(err, &failed) && (failed.ExitCode() == loopFound || failed.ExitCode() == raceFound || failed.ExitCode() == 2):
		return took, nil
	}
	return 0, fmt.Errorf("%s: %w: %s", cmd, err, out)
}

// raceFound is the exit code of a process that the race detector ends.
const raceFound = 66

// buildRacing builds this program with the race detector.
func buildRacing(ctx context.Context) (program string, remove func(), err error) {
	dir, err := os.MkdirTemp("", "mapstress-figures-")
	if err != nil {
		return "", nil, err
	}
	remove = func() { os.RemoveAll(dir) }
	program = filepath.Join(dir, "figures")
	build := exec.CommandContext(ctx, "go", "build", "-race", "-o", program, "github.com/mapstress/mapstress/internal/figures")
	build.Env = append(os.Environ(), "CGO_ENABLED=1")
	if out, err := build.CombinedOutput(); err != nil {
		remove()
		return "", nil, fmt.Errorf("build with the race detector: %w\n%s", err, out)
	}
	return program, remove, nil
}
