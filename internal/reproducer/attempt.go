package reproducer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/mapstress/mapstress/corpus"
	"github.com/mapstress/mapstress/oracle"
)

// A Trial is what came of starting a program again and again.
type Trial struct {
	corpus.Rate               // of the starts
	Output      string        // of the first start that failed
	Time        time.Duration // of all starts
	Cut         bool          // the last start had not ended when the time was over; it does not count
}

// each is how long a start took.
func (t *Trial) each() time.Duration { return t.Time / time.Duration(max(t.Runs, 1)) }

// Try builds the program in a module of its own, as its head says, and starts it until
// the time is over, unless that is 0, or it has been started so often. A start
// fails if the program does not end with exit code 0.
func Try(ctx context.Context, source []byte, m Map, c *corpus.Case, limit time.Duration, starts int) (Trial, error) {
	dir, err := os.MkdirTemp("", "mapstress-reproducer-")
	if err != nil {
		return Trial{}, err
	}
	defer os.RemoveAll(dir)
	if err := Build(ctx, dir, source, m, c.Verdict.Class == oracle.DataRace); err != nil {
		return Trial{}, err
	}
	environ := os.Environ()
	if c.Schedule.Timing.NoPreempt {
		environ = append(environ, "GODEBUG=asyncpreemptoff=1")
	}
	var t Trial
	started := time.Now()
	for t.Runs < starts {
		left := time.Duration(math.MaxInt64)
		if limit > 0 {
			left = limit - time.Since(started)
		}
		if left <= 0 {
			break
		}
		failed, output, over, err := start(ctx, filepath.Join(dir, executable), dir, environ, left)
		if err != nil {
			return t, err
		}
		if !over {
			t.Cut = true
			break
		}
		t.Runs++
		if failed {
			if t.Failed++; t.Failed == 1 {
				t.Output = output
			}
		}
	}
	t.Time = time.Since(started)
	return t, nil
}

// executable is what Build makes.
const executable = "reproducer.exe"

// Build writes the program and a go.mod into a directory, and builds it there. One of a map of
// the user's own module is built as if it were in that, where nothing is written.
func Build(ctx context.Context, dir string, source []byte, m Map, race bool) error {
	if err := os.WriteFile(filepath.Join(dir, "main.go"), source, 0o666); err != nil {
		return err
	}
	if m.Root != "" {
		return within(ctx, dir, m, race)
	}
	commands := [][]string{{"mod", "init", "reproducer"}}
	if m.Package != "" && external(m.Package) {
		at := m.Package
		if m.Version != "" {
			at += "@" + m.Version
		}
		commands = append(commands, []string{"get", at})
	}
	build := []string{"build", "-o", executable}
	if race {
		build = append(build, "-race")
	}
	commands = append(commands, append(build, "main.go"))
	for _, args := range commands {
		if err := command(ctx, dir, append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod"), args); err != nil {
			return err
		}
	}
	return nil
}

// within builds the program as if it were in the user's module.
func within(ctx context.Context, dir string, m Map, race bool) error {
	const name = "reproducer-of-mapstress"
	there := filepath.Join(m.Root, filepath.FromSlash(m.Below), name)
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(there, "main.go"): filepath.Join(dir, "main.go")}})
	if err != nil {
		return err
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, overlay, 0o666); err != nil {
		return err
	}
	build := []string{"build", "-o", filepath.Join(dir, executable), "-overlay", file}
	if race {
		build = append(build, "-race")
	}
	return command(ctx, m.Root, os.Environ(), append(build, "./"+path.Join(m.Below, name, "main.go")))
}

// command calls the go command.
func command(ctx context.Context, dir string, environ []string, args []string) error {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = dir, environ
	output, err := cmd.CombinedOutput()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, output)
	}
	return nil
}

// start runs the program once. It is not over if the time was.
func start(ctx context.Context, program, dir string, environ []string, limit time.Duration) (failed bool, output string, over bool, err error) {
	timed, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(timed, program)
	cmd.Dir, cmd.Env = dir, environ
	cmd.WaitDelay = time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return false, "", false, ctx.Err()
	case timed.Err() != nil:
		return false, "", false, nil
	case err == nil:
		return false, out.String(), true, nil
	case errors.As(err, &exit):
		return true, out.String(), true, nil
	}
	return false, "", false, err
}
