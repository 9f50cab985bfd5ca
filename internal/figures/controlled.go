package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/mapstress/mapstress/internal/search"
	"github.com/mapstress/mapstress/internal/story"
)

// published is a map of somebody else's with a known bug, beside the planted ones.
const published = "github.com/alphadose/haxmap@v1.4.1 New[int,int]()"

// controlledRuns compares searches with workers that run free and searches with decided runs, by
// the command itself, each for the same time: the share of runs that failed, failures by second
// of CPU time, and when the first one came.
func controlledRuns(ctx context.Context, o *options) error {
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
		names = append(names, published)
	}
	o.header("target", "free: runs that fail", "by CPU second", "first", "controlled: runs that fail", "by CPU second", "first", "replayed", "ops")
	for _, name := range names {
		var all [2]engineResult
		for i, engine := range []search.Engine{search.Stress, search.Controlled} {
			for seed := range o.seeds {
				if err := all[i].add(ctx, command, name, seed+1, o.limit, "--shrink-time", "2s", "--engine", engine.String()); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
			}
		}
		free, decided := &all[0], &all[1]
		ops := "-"
		if decided.ops > 0 {
			ops = fmt.Sprint(decided.ops)
		}
		o.row(name, free.share(), free.rate(), free.first.String(), decided.share(), decided.rate(), decided.first.String(), decided.replayed.String(), ops)
	}
	return nil
}

// buildCommand builds the command, where remove removes it.
func buildCommand(ctx context.Context) (command string, remove func(), err error) {
	dir, err := os.MkdirTemp("", "mapstress-figures-")
	if err != nil {
		return "", nil, err
	}
	command = filepath.Join(dir, "mapstress")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", command, "github.com/mapstress/mapstress/cmd/mapstress").CombinedOutput(); err != nil {
		os.RemoveAll(dir)
		return "", nil, fmt.Errorf("build mapstress: %w\n%s", err, out)
	}
	return command, func() { os.RemoveAll(dir) }, nil
}

// An engineResult is what searches with one engine came to.
type engineResult struct {
	first        times
	runs, failed uint64
	cpu          float64 // seconds
	replayed     replays // of the finding that replayed worst
	ops          int     // fewest of any finding, shrunk
}

type replays struct{ failed, runs int }

func (r replays) String() string {
	if r.runs == 0 {
		return "-"
	}
	return fmt.Sprintf("%d of %d", r.failed, r.runs)
}

// worse reports whether a smaller part of r failed than of s.
func (r replays) worse(s replays) bool { return s.runs == 0 || r.failed*s.runs < s.failed*r.runs }

func (r *engineResult) share() string { return story.Percent(r.failed, r.runs) }

func (r *engineResult) rate() string { return fmt.Sprintf("%.1f", float64(r.failed)/max(r.cpu, 1e-9)) }

// told is the part of what the command writes that is read here.
type told struct {
	Type       string
	Final      bool
	After      float64
	Reproduced struct{ Failed, Runs int }
	Schedule   string
	Targets    []struct {
		Runs     struct{ Runs, Failed uint64 }
		CPU      float64
		Findings []struct{ After float64 }
	}
}

// add searches once, with flags, for as long as that and until what was found is looked at.
func (r *engineResult) add(ctx context.Context, command, name string, seed int, limit time.Duration, flags ...string) error {
	kept := filepath.Join(filepath.Dir(command), strings.Join(flags, "")+fmt.Sprint(seed))
	cmd := exec.CommandContext(ctx, command, append([]string{"fuzz", name, "--json", "--seed", fmt.Sprint(seed),
		"--duration", limit.String(), "--corpus", kept}, flags...)...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 1) {
		return fmt.Errorf("%w\n%s", err, said.Bytes())
	}
	first := time.Duration(missed)
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var t told
		if err := json.Unmarshal(lines.Bytes(), &t); err != nil {
			return err
		}
		switch {
		case t.Type == "finding" && t.Final:
			if rate := (replays{t.Reproduced.Failed, t.Reproduced.Runs}); rate.worse(r.replayed) {
				r.replayed = rate
			}
			if n := opsOf(t.Schedule); r.ops == 0 || n < r.ops {
				r.ops = n
			}
		case t.Type == "summary":
			target := &t.Targets[0]
			r.runs += target.Runs.Runs
			r.failed += target.Runs.Failed
			r.cpu += target.CPU
			for _, f := range target.Findings {
				if after := time.Duration(f.After * float64(time.Second)); first == missed || after < first {
					first = after
				}
			}
		}
	}
	r.first = append(r.first, first)
	return lines.Err()
}

// opsOf counts the ops of a schedule's text: each has a line that begins with its worker.
func opsOf(schedule string) (n int) {
	for _, line := range bytes.Split([]byte(schedule), []byte("\n")) {
		if bytes.HasPrefix(line, []byte("w")) {
			n++
		}
	}
	return n
}
