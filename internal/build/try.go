package build

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/mapstress/mapstress/internal/match"
)

// patience is how long somebody's map may take to be made and tried. A test makes it shorter.
var patience = 2 * time.Minute

// try runs a program that writes a file.
func (c *Child) try(ctx context.Context, program, file, when string) error {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(limited, program, file)
	cmd.Dir = filepath.Dir(file)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	text := strings.TrimSpace(said.String())
	if len(text) > 2000 {
		text = text[:2000] + " ..."
	}
	if initializing.MatchString(text) {
		when = "as its packages were initialized"
	}
	_, missing := os.Stat(file)
	reason, untold := os.ReadFile(file + unfit)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case limited.Err() != nil:
		return fmt.Errorf("nothing came of it in %v, %s: it blocks, or takes that long; it printed%s", patience, when, printed(text))
	case err != nil && cmd.ProcessState == nil:
		return err
	case untold == nil:
		return errors.New(string(reason))
	case err != nil && cmd.ProcessState.ExitCode() != crashed && cmd.ProcessState.Exited():
		return fmt.Errorf("the process ended (%v) %s: it must not call os.Exit; it printed%s", err, when, printed(text))
	case err != nil:
		return fmt.Errorf("the process died (%v) %s; it printed%s", err, when, printed(text))
	case missing != nil:
		return fmt.Errorf("the process ended %s: it must not call os.Exit; it printed%s", when, printed(text))
	}
	return nil
}

// initializing is the function that a package is initialized by, on a stack.
var initializing = regexp.MustCompile(`(?m)^[\w./%-]+\.init(\.\d+)?\(`)

// crashed is the exit code that the runtime has for a process that it ends.
const crashed = 2

// printed is what a process printed, as the end of a sentence.
func printed(text string) string {
	if text == "" {
		return " nothing"
	}
	return ":\n" + text
}

// unchanged adds to what is wrong with a map that it may never change.
func unchanged(err error, m *match.Map) error {
	if name := m.Persistent(); err != nil && name != "" {
		return fmt.Errorf("%w\n  its %s answers another %s: one that is never changed has nothing to search", err, name, m.Type.Text)
	}
	return err
}
